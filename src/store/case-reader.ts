import type pg from 'pg';
import type { AreaPlan } from '../domain/area.js';
import type { Ending } from '../domain/case.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { JournalEntry } from '../domain/event.js';
import type { RunKind, Tier } from '../domain/policy.js';
import { type Language, LANGUAGES, languagesMissing, type Report } from '../domain/report.js';
import { type ChannelName, CHANNELS } from '../domain/channel.js';
import { type CardName, CARDS, IMAGE_PARTS, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import type { Scope } from '../domain/scope.js';
import type { Instant } from '../domain/time.js';
import type { Timer } from '../domain/timer.js';
import type { PublicationView, RevisionView } from '../domain/view.js';
import { CARD_TYPES } from '../media/card/formats.js';
import { type CaseFilters, type CaseKey, limitTo, type ListedStatus } from './case-filters.js';
import { findCases } from './case-search.js';
import { type CaseTimes, caseTimes, type StoredTimes } from './case-times.js';
import { readParts, readRevision, type RevisionPart, type StoredRevision } from './revision-content.js';
import { caseInScope, inScope, scopeValue } from './scope-condition.js';
import { readSightings, type StoredSighting } from './sightings.js';
import type { CommandOutcome, CommandRecord } from './stored-command.js';

/** A case as the lists show it. Nothing in it tells who the child is. */
export interface CaseSummary {
  readonly caseNumber: CaseNumber;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  /** The ended case whose content this one continues. */
  readonly reissueOf: CaseNumber | null;
  /** `accepted` until the case's first journal entries arrive: stored, and perhaps not delivered yet. */
  readonly status: ListedStatus;
  readonly reportedBy: string;
  readonly reportedAt: Instant;
  readonly revision: RevisionView;
  /** The revision that waits for its approval while another is live. */
  readonly amendment: RevisionView | null;
  /** When the alert was first approved. */
  readonly activeSince: Instant | null;
  readonly radiusKm: number;
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
  /** What a supervisor answers before the alert is approved, by the policy that the case was started with. */
  readonly criteria: readonly string[];
  /** The cases that continue this one, oldest first. */
  readonly reissuedAs: readonly CaseNumber[];
  readonly publications: readonly PublicationView[];
  readonly times: CaseTimes;
}

/** Some cases, newest first, and where the next of them begin; null at the end. */
export interface CasePage {
  readonly cases: readonly CaseSummary[];
  readonly next: CaseKey | null;
}

/** A journal entry with the free text its command came with. */
export interface TimelineEntry extends JournalEntry {
  readonly note: string | null;
  /** The command that reported the sighting which the entry is about. */
  readonly sighting: string | null;
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

/** A card, and the name of its part. */
interface CardPreview {
  readonly card: CardName;
  readonly mediaType: string;
  readonly part: string;
}

/** What a supervisor approves: a revision, and the digest that names it. */
export interface Preview {
  readonly revision: number;
  readonly digest: Sha256;
  readonly author: string;
  readonly storedAt: Instant;
  readonly area: AreaPlan;
  /** In which languages something is not written yet: it cannot be approved before none is left. */
  readonly languagesMissing: readonly Language[];
  readonly channels: readonly ChannelPreview[];
  readonly cards: readonly CardPreview[];
}

/** Cases as they can be read by somebody: one that is out of their scope is as one that there is not. */
export interface CaseReader {
  /** The case's answer to a command; undefined while there is none. */
  commandOutcome(caseNumber: CaseNumber, commandId: string): Promise<CommandOutcome | undefined>;
  /** How far a command has come; undefined when the case has no such command. */
  readCommand(caseNumber: CaseNumber, commandId: string): Promise<CommandRecord | undefined>;
  /** As the read model has it; undefined when there is no such case. */
  caseStatus(caseNumber: CaseNumber): Promise<CaseSummary['status'] | undefined>;
  readCase(caseNumber: CaseNumber): Promise<CaseRecord | undefined>;
  /** What a revision was made from, police-only fields included: personal data. */
  readReport(caseNumber: CaseNumber, revision: number): Promise<Report | undefined>;
  /** In the order in which they were reported, those of some commands or all: personal data. */
  sightings(caseNumber: CaseNumber, commandIds?: readonly string[]): Promise<StoredSighting[]>;
  /**
   * The cases that filters ask for, newest first. A page may hold less than its limit while another follows: only `next` tells the end.
   * @param page `after` is the `next` of the page before
   */
  listCases(
    filters: CaseFilters,
    page: { readonly limit: number; readonly after?: CaseKey | undefined },
  ): Promise<CasePage>;
  /** The journal of a case, oldest first; empty before its first entries. `after` is the number of the last entry already known. */
  timeline(caseNumber: CaseNumber, page?: { readonly after: number; readonly limit: number }): Promise<TimelineEntry[]>;
  /** @throws ContentMismatch when what is stored is not what the digest covers */
  preview(caseNumber: CaseNumber, revision: number): Promise<Preview | undefined>;
  /**
   * The bytes of a text or an image; undefined when there is no such revision or no such part in it.
   * @throws ContentMismatch when what is stored is not what the digest covers
   */
  partBytes(caseNumber: CaseNumber, revision: number, partName: string): Promise<RevisionPart | undefined>;
}

const SUMMARY = `case_number AS "caseNumber", tier, run_kind AS "runKind", jurisdiction, reissue_of AS "reissueOf", status,
  reported_by AS "reportedBy", reported_at AS "reportedAt",
  jsonb_build_object('number', revision, 'digest', digest, 'author', revision_author) AS revision,
  amendment, active_since AS "activeSince", radius_km AS "radiusKm",
  approved_at AS "approvedAt", approved_by AS "approvedBy", expires_at AS "expiresAt", ending,
  escalation_level AS "escalationLevel", needs_attention AS "needsAttention", live_channels AS "liveChannels",
  next_timer AS "nextTimer", updated_at AS "updatedAt"`;

// Only for a case that is read by itself.
const DETAILS = `first_live_at AS "firstLiveAt", live_at AS "liveAt",
  (SELECT payload #> '{policy,criteria}' FROM commands
   WHERE commands.case_number = cases.case_number AND number = 1) AS criteria,
  (SELECT payload #> '{policy,channels}' FROM commands
   WHERE commands.case_number = cases.case_number AND number = 1) AS channels,
  ARRAY(SELECT later.case_number FROM cases AS later
        WHERE later.reissue_of = cases.case_number ORDER BY later.reported_at, later.case_number) AS "reissuedAs"`;

/** Opens the cases kept in a database for reading, as far as they are within a scope. */
export function createCaseReader(pool: pg.Pool, scope: Scope): CaseReader {
  const within = scopeValue(scope);

  async function readCommand(caseNumber: CaseNumber, commandId: string): Promise<CommandRecord | undefined> {
    const { rows } = await pool.query<CommandRecord>({
      name: 'read command',
      text: `SELECT command_id AS "commandId", kind, stored_at AS "storedAt", delivered_at AS "deliveredAt", outcome
       FROM commands WHERE case_number = $1 AND command_id = $2 AND ${caseInScope('$1', '$3')}`,
      values: [caseNumber, commandId, within],
    });
    return rows[0];
  }

  async function readReport(caseNumber: CaseNumber, revision: number): Promise<Report | undefined> {
    const { rows } = await pool.query<{ report: Report }>(
      `SELECT public || jsonb_build_object('policeOnly', police_only) AS report
       FROM reports WHERE case_number = $1 AND revision = $2 AND ${caseInScope('$1', '$3')}`,
      [caseNumber, revision, within],
    );
    return rows[0]?.report;
  }

  /** @throws ContentMismatch */
  async function revisionInScope(caseNumber: CaseNumber, number: number): Promise<StoredRevision | undefined> {
    // Beforehand, for a case keeps its jurisdiction: content is not read for somebody who may not have it.
    const { rowCount } = await pool.query(`SELECT FROM cases WHERE case_number = $1 AND ${inScope('$2')}`, [
      caseNumber,
      within,
    ]);
    return rowCount === 0 ? undefined : readRevision(pool, caseNumber, number);
  }

  return {
    readCommand,
    readReport,
    sightings: (caseNumber, commandIds) => readSightings(pool, scope, caseNumber, commandIds),

    async commandOutcome(caseNumber, commandId) {
      return (await readCommand(caseNumber, commandId))?.outcome ?? undefined;
    },

    async caseStatus(caseNumber) {
      const { rows } = await pool.query<Pick<CaseSummary, 'status'>>(
        `SELECT status FROM cases WHERE case_number = $1 AND ${inScope('$2')}`,
        [caseNumber, within],
      );
      return rows[0]?.status;
    },

    async readCase(caseNumber) {
      const { rows } = await pool.query<
        Omit<CaseRecord, 'publications' | 'times'> & StoredTimes & { readonly channels: readonly ChannelName[] }
      >({
        name: 'read case',
        text: `SELECT ${SUMMARY}, ${DETAILS} FROM cases WHERE case_number = $1 AND ${inScope('$2')}`,
        values: [caseNumber, within],
      });
      const [row] = rows;
      if (!row) return undefined;
      const { firstLiveAt, liveAt, channels, ...found } = row;
      // Read after the case, so that a status is never newer than what the channels show.
      const { rows: publications } = await pool.query<PublicationView>(
        `SELECT channel, wanted, there, in_flight AS "inFlight", hold,
           CASE WHEN asked_radius_km IS NOT NULL THEN
             jsonb_strip_nulls(jsonb_build_object('askedRadiusKm', asked_radius_km,
               'deliveredCountries', delivered_countries, 'deliveredRadiusKm', delivered_radius_km))
           END AS reach,
           live_since AS "liveSince", removed_at AS "removedAt"
         FROM publications WHERE case_number = $1 ORDER BY channel`,
        [caseNumber],
      );
      return {
        ...found,
        publications,
        times: caseTimes({ ...found, firstLiveAt, liveAt }, channels),
      };
    },

    async listCases(filters, page) {
      const { caseNumbers, next } = await findCases(pool, limitTo(scope, filters), page);
      const { rows } = await pool.query<CaseSummary>(
        `SELECT ${SUMMARY} FROM cases WHERE case_number = ANY ($1) AND ${inScope('$2')}`,
        [caseNumbers, within],
      );
      const found = new Map(rows.map((summary) => [summary.caseNumber, summary]));
      return { cases: caseNumbers.flatMap((caseNumber) => found.get(caseNumber) ?? []), next };
    },

    async timeline(caseNumber, page) {
      const { rows } = await pool.query<TimelineEntry>(
        // The notes and sightings one by one: an entry has at most one, and a join might read all commands of the case for each page.
        // A sighting stands right behind the answer to the command that reported it.
        `SELECT seq, at, event, (
           SELECT note FROM commands
           WHERE commands.case_number = entry.case_number AND commands.command_id = event ->> 'commandId'
         ) AS note, CASE WHEN type = 'sighted' THEN (
           SELECT sightings.command_id
           FROM audit_entries AS answer JOIN sightings
             ON sightings.case_number = answer.case_number AND sightings.command_id = answer.event ->> 'commandId'
           WHERE answer.case_number = entry.case_number AND answer.seq = entry.seq - 1
         ) END AS sighting
         FROM audit_entries AS entry
         WHERE entry.case_number = $1 AND seq > $2 AND ${caseInScope('$1', '$4')} ORDER BY seq LIMIT $3`,
        [caseNumber, page?.after ?? 0, page?.limit, within],
      );
      return rows;
    },

    async preview(caseNumber, revision) {
      const stored = await revisionInScope(caseNumber, revision);
      const report = stored && (await readReport(caseNumber, revision));
      if (!report) return undefined;
      const { manifest, digest, author, storedAt } = stored;
      const channels: ChannelPreview[] = [];
      const shownOn = CHANNELS.filter((channel) => manifest.parts.some(({ name }) => name === `${channel}/text`));
      for (const channel of shownOn) channels.push(await channelPreview(pool, manifest, channel));
      const cards = CARDS.map((card) => ({ card, mediaType: CARD_TYPES[card], part: `card/${card}` }));
      const missing = languagesMissing(report);
      return { revision, digest, author, storedAt, area: manifest.area, languagesMissing: missing, channels, cards };
    },

    async partBytes(caseNumber, revision, partName) {
      const stored = await revisionInScope(caseNumber, revision);
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
    image: IMAGE_PARTS[channel],
  };
}
