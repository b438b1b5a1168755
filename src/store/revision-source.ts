import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind, Tier } from '../domain/policy.js';
import type { Report } from '../domain/report.js';
import type { Scope } from '../domain/scope.js';
import type { ChannelName } from '../domain/channel.js';
import type { IntakePhoto } from '../media/photo.js';
import { sha256 } from '../media/sha256.js';
import { ContentMismatch } from '../ports/content-store.js';
import type { ListedStatus } from './case-filters.js';
import { inScope, scopeValue } from './scope-condition.js';

/** What a new revision of a case builds on. */
export interface RevisionSource {
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  /** Where it is to be shown, by the policy that the case was started with. */
  readonly channels: readonly ChannelName[];
  /** The highest number that is stored. */
  readonly newest: number;
  /** The photo of the newest revision. */
  readonly photo: IntakePhoto;
}

/** What a reissue of a case builds on: the newest revision that was approved or, when none was, the newest. */
export interface ReissueSource {
  readonly status: ListedStatus;
  readonly report: Report;
  readonly photo: IntakePhoto;
}

/** What is stored, as the source of something new. */
export interface RevisionSources {
  /** Undefined when there is no such case. */
  revisionSource(caseNumber: CaseNumber): Promise<RevisionSource | undefined>;
  /** Undefined when there is no such case. */
  reissueSource(caseNumber: CaseNumber): Promise<ReissueSource | undefined>;
}

const PHOTO = `photos.sha256, photos.bytes, photos.width, photos.height`;

/** Opens what is kept in a database, of the cases within a scope, as the source of new revisions. */
export function createRevisionSources(pool: pg.Pool, scope: Scope): RevisionSources {
  return {
    async revisionSource(caseNumber) {
      const { rows } = await pool.query<Omit<RevisionSource, 'photo'> & IntakePhoto>(
        `SELECT tier, run_kind AS "runKind", jurisdiction, revisions.number AS newest, ${PHOTO},
           opening.payload #> '{policy,channels}' AS channels
         FROM cases JOIN revisions USING (case_number)
           JOIN photos ON photos.case_number = cases.case_number AND photos.sha256 = photo_sha256
           JOIN commands AS opening ON opening.case_number = cases.case_number AND opening.number = 1
         WHERE cases.case_number = $1 AND ${inScope('$2')} ORDER BY revisions.number DESC LIMIT 1`,
        [caseNumber, scopeValue(scope)],
      );
      const [row] = rows;
      if (!row) return undefined;
      const { tier, runKind, jurisdiction, channels, newest } = row;
      return { tier, runKind, jurisdiction, channels, newest, photo: checkedPhoto(row) };
    },

    async reissueSource(caseNumber) {
      const { rows } = await pool.query<Omit<ReissueSource, 'photo'> & IntakePhoto>(
        `SELECT status, public || jsonb_build_object('policeOnly', police_only) AS report, ${PHOTO}
         FROM cases JOIN revisions USING (case_number)
           JOIN reports ON reports.case_number = cases.case_number AND reports.revision = number
           JOIN photos ON photos.case_number = cases.case_number AND photos.sha256 = photo_sha256
         WHERE cases.case_number = $1 AND ${inScope('$2')}
         ORDER BY number IN (
             SELECT (event #>> '{revision,number}')::integer FROM audit_entries
             WHERE case_number = $1 AND type IN ('approved', 'amendmentApproved')
           ) DESC, number DESC
         LIMIT 1`,
        [caseNumber, scopeValue(scope)],
      );
      const [row] = rows;
      return row && { status: row.status, report: row.report, photo: checkedPhoto(row) };
    },
  };
}

/** @throws ContentMismatch when the photo was changed behind our back */
function checkedPhoto({ bytes, sha256: hash, width, height }: IntakePhoto): IntakePhoto {
  if (sha256(bytes) !== hash) throw new ContentMismatch('photo');
  return { bytes, sha256: hash, width, height };
}
