import type pg from 'pg';
import type { AreaPlan } from '../domain/area.js';
import type { CaseStatus, Ending, RevisionRef } from '../domain/case.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { JournalEntry } from '../domain/event.js';
import type { RunKind, Tier } from '../domain/policy.js';
import { type Language, LANGUAGES, type Report } from '../domain/report.js';
import { type ChannelName, CHANNELS, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';
import type { Timer } from '../domain/timer.js';
import type { PublicationView } from '../domain/view.js';
import { readParts, readRevision, type RevisionPart } from './revision-content.js';
import type { CommandOutcome, CommandRecord } from './stored-command.js';

/** A case as the lists show it. Nothing in it tells who the child is. */
export interface CaseSummary {
  readonly caseNumber: CaseNumber;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  /** `accepted` until the case's first journal entries arrive: stored, and perhaps not delivered yet. */
  readonly status: CaseStatus | 'accepted';
  readonly reportedBy: string;
  readonly reportedAt: Instant;
  readonly revision: RevisionRef;
  readonly approvedAt: Instant | null;
  readonly approvedBy: string | null;
  readonly expiresAt: Instant | null;
  readonly ending: Ending | null;
  readonly escalationLevel: number;
  readonly needsAttention: boolean;
  readonly liveChannels: readonly ChannelName[];
  readonly nextTimer: Timer | null;
  readonly updatedAt: Instant;
}

/** A case with its publications, none before its first journal entries. */
export interface CaseRecord extends CaseSummary {
  readonly publications: readonly PublicationView[];
}

/** A journal entry with the free text its command came with. */
export interface TimelineEntry extends JournalEntry {
  readonly note: string | null;
}

/** What the public would see on one channel. */
interface ChannelPreview {
  readonly channel: ChannelName;
  /** The whole post as it goes out. */
  readonly text: string;
  readonly texts: Readonly<Record<Language, string>>;
  readonly altText: string;
  /** The name of the image's part, for `partBytes`. */
  readonly image: string;
}

/** What a supervisor approves: the newest revision, and the digest that names it. */
export interface Preview {
  readonly revision: number;
  readonly digest: Sha256;
  readonly area: AreaPlan;
  readonly channels: readonly ChannelPreview[];
}

/** Cases as they can be read. */
export interface CaseReader {
  /** The case's answer to a command; undefined while there is none. */
  commandOutcome(caseNumber: CaseNumber, commandId: string): Promise<CommandOutcome | undefined>;
  /** How far a command has come; undefined when the case has no such command. */
  readCommand(caseNumber: CaseNumber, commandId: string): Promise<CommandRecord | undefined>;
  readCase(caseNumber: CaseNumber): Promise<CaseRecord | undefined>;
  /** What was reported, police-only fields included: personal data. */
  readReport(caseNumber: CaseNumber): Promise<Report | undefined>;
  /** Newest first. `before` is the number of the last case of the page before. */
  listCases(page: { readonly limit: number; readonly before?: CaseNumber | undefined }): Promise<CaseSummary[]>;
  /** The journal of a case, oldest first; empty before its first entries. */
  timeline(caseNumber: CaseNumber): Promise<TimelineEntry[]>;
  /** @throws ContentMismatch when what is stored is not what the digest covers */
  preview(caseNumber: CaseNumber): Promise<Preview | undefined>;
  /**
   * The bytes of a text or an image; undefined when there is no such revision or no such part in it.
   * @throws ContentMismatch when what is stored is not what the digest covers
   */
  partBytes(caseNumber: CaseNumber, revision: number, partName: string): Promise<RevisionPart | undefined>;
}

const SUMMARY = `case_number AS "caseNumber", tier, run_kind AS "runKind", jurisdiction, status,
  reported_by AS "reportedBy", reported_at AS "reportedAt",
  jsonb_build_object('number', revision, 'digest', digest, 'author', revision_author) AS revision,
  approved_at AS "approvedAt", approved_by AS "approvedBy", expires_at AS "expiresAt", ending,
  escalation_level AS "escalationLevel", needs_attention AS "needsAttention", live_channels AS "liveChannels",
  next_timer AS "nextTimer", updated_at AS "updatedAt"`;

/** Opens the cases kept in a database for reading. */
export function createCaseReader(pool: pg.Pool): CaseReader {
  async function readCommand(caseNumber: CaseNumber, commandId: string): Promise<CommandRecord | undefined> {
    const { rows } = await pool.query<CommandRecord>(
      `SELECT command_id AS "commandId", kind, stored_at AS "storedAt", delivered_at AS "deliveredAt", outcome
       FROM commands WHERE case_number = $1 AND command_id = $2`,
      [caseNumber, commandId],
    );
    return rows[0];
  }

  return {
    readCommand,

    async commandOutcome(caseNumber, commandId) {
      return (await readCommand(caseNumber, commandId))?.outcome ?? undefined;
    },

    async readCase(caseNumber) {
      const { rows } = await pool.query<CaseSummary>(`SELECT ${SUMMARY} FROM cases WHERE case_number = $1`, [
        caseNumber,
      ]);
      const [summary] = rows;
      if (!summary) return undefined;
      // Read after the case, so that a status is never newer than what the channels show.
      const { rows: publications } = await pool.query<PublicationView>(
        `SELECT channel, wanted, there, in_flight AS "inFlight", hold,
           CASE WHEN asked_radius_km IS NOT NULL THEN
             jsonb_build_object('askedRadiusKm', asked_radius_km, 'deliveredCountries', delivered_countries)
           END AS reach,
           live_since AS "liveSince", removed_at AS "removedAt"
         FROM publications WHERE case_number = $1 ORDER BY channel`,
        [caseNumber],
      );
      return { ...summary, publications };
    },

    async readReport(caseNumber) {
      const { rows } = await pool.query<{ report: Report }>(
        `SELECT public || jsonb_build_object('policeOnly', police_only) AS report FROM reports WHERE case_number = $1`,
        [caseNumber],
      );
      return rows[0]?.report;
    },

    async listCases({ limit, before }) {
      const { rows } = await pool.query<CaseSummary>(
        `SELECT ${SUMMARY} FROM cases
         WHERE $2::text IS NULL
           OR (reported_at, case_number) < (SELECT reported_at, case_number FROM cases WHERE case_number = $2)
         ORDER BY reported_at DESC, case_number DESC LIMIT $1`,
        [limit, before],
      );
      return rows;
    },

    async timeline(caseNumber) {
      const { rows } = await pool.query<TimelineEntry>(
        `SELECT seq, at, event, note
         FROM audit_entries
           LEFT JOIN commands
             ON commands.case_number = audit_entries.case_number AND commands.command_id = event ->> 'commandId'
         WHERE audit_entries.case_number = $1 ORDER BY seq`,
        [caseNumber],
      );
      return rows;
    },

    async preview(caseNumber) {
      const stored = await readRevision(pool, caseNumber);
      if (!stored) return undefined;
      const { manifest, digest } = stored;
      const channels: ChannelPreview[] = [];
      for (const channel of CHANNELS) channels.push(await channelPreview(pool, manifest, channel));
      return { revision: manifest.revision, digest, area: manifest.area, channels };
    },

    async partBytes(caseNumber, revision, partName) {
      const stored = await readRevision(pool, caseNumber, revision);
      if (!stored?.manifest.parts.some(({ name }) => name === partName)) return undefined;
      const [part] = await readParts(pool, stored.manifest, [partName]);
      return part;
    },
  };
}

async function channelPreview(
  pool: pg.Pool,
  manifest: RevisionManifest,
  channel: ChannelName,
): Promise<ChannelPreview> {
  const names = ['text', 'altText', ...LANGUAGES.map((language) => `text/${language}`)];
  const parts = await readParts(
    pool,
    manifest,
    names.map((name) => `${channel}/${name}`),
  );
  const [text = '', altText = '', ...texts] = parts.map(({ bytes }) => bytes.toString());
  const byLanguage = LANGUAGES.map((language, index) => [language, texts[index] ?? ''] as const);
  return {
    channel,
    text,
    texts: Object.fromEntries(byLanguage) as Record<Language, string>,
    altText,
    image: `${channel}/image`,
  };
}
