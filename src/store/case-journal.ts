import type pg from 'pg';
import { entryHash } from '../audit/chain.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { JournalEntry } from '../domain/event.js';
import type { Instant } from '../domain/time.js';
import type { PublicationView } from '../domain/view.js';
import { type CaseJournal, type JournalBatch, JournalConflict } from '../ports/case-journal.js';
import { liveTimes } from './case-times.js';
import { announcements, JOURNAL_CHANNEL } from './journal-entry.js';
import type { CommandOutcome } from './stored-command.js';
import { inTransaction, withoutValues } from './transaction.js';

/** Opens the journal kept in a database. */
export function createCaseJournal(pool: pg.Pool): CaseJournal {
  return {
    async append(batch) {
      const [first] = batch.entries;
      if (first === undefined) return;
      checkOrder(batch.entries, first.seq - 1);
      // Nearly always it goes on where the journal ends: one statement, and one round trip. Why it does not is found out under a lock.
      if (await write(pool, batch, batch.entries)) return;
      await inTransaction(pool, async (client) => {
        const written = await lockJournal(client, batch.caseNumber);
        checkOrder(batch.entries, written);
        await checkRepeats(client, batch, written);
        const fresh = batch.entries.filter(({ seq }) => seq > written);
        if (fresh.length > 0) await write(client, batch, fresh);
      });
    },

    async newestStoredCommand(caseNumber) {
      const { rows } = await pool.query<{ number: number }>(
        'SELECT newest_command AS number FROM cases WHERE case_number = $1',
        [caseNumber],
      );
      return rows[0]?.number ?? 0;
    },
  };
}

/** Lets nobody else write to the journal of the case, and says how far it has come: 0 also for a case that is not there. */
async function lockJournal(client: pg.ClientBase, caseNumber: CaseNumber): Promise<number> {
  const { rows } = await client.query<{ seq: number }>({
    name: 'lock journal',
    text: 'SELECT journal_seq AS seq FROM cases WHERE case_number = $1 FOR NO KEY UPDATE',
    values: [caseNumber],
  });
  const [journal] = rows;
  // A case without its report has lost its beginning.
  if (journal === undefined) throw new JournalConflict('gap', 0);
  return journal.seq;
}

function checkOrder(entries: readonly JournalEntry[], written: number): void {
  let before = Math.min(written, (entries[0]?.seq ?? 0) - 1);
  for (const { seq } of entries) {
    if (seq !== before + 1) throw new JournalConflict('gap', before + 1);
    before = seq;
  }
}

async function checkRepeats(client: pg.ClientBase, batch: JournalBatch, written: number): Promise<void> {
  const repeats = batch.entries.filter(({ seq }) => seq <= written);
  if (repeats.length === 0) return;
  const { rows } = await client.query<{ seq: number; hash: string }>(
    'SELECT seq, hash FROM audit_entries WHERE case_number = $1 AND seq = ANY ($2)',
    [batch.caseNumber, repeats.map(({ seq }) => seq)],
  );
  const hashes = new Map(rows.map(({ seq, hash }) => [seq, hash]));
  const different = repeats.find((entry) => hashes.get(entry.seq) !== entryHash(entry));
  if (different) throw new JournalConflict('different', different.seq);
}

/** @returns whether the entries go on where the journal ends; else nothing was written */
async function write(
  connection: Pick<pg.ClientBase, 'query'>,
  { caseNumber, view }: JournalBatch,
  entries: readonly JournalEntry[],
): Promise<boolean> {
  const seq = entries.at(-1)?.seq ?? 0;
  const answers = entries.flatMap(answerIn);
  const { firstLiveAt, liveAt } = liveTimes(view.publications);
  // Prepared once a connection: to plan it takes PostgreSQL longer than to run it.
  const values = [
    caseNumber,
    JSON.stringify(entries.map((entry) => ({ ...entry, at: isoTime(entry.at), hash: entryHash(entry) }))),
    JSON.stringify(answers),
    JSON.stringify(view.publications.map(publicationRow)),
    seq,
    view.status,
    view.revision.number,
    view.revision.digest,
    view.revision.author,
    isoTime(view.approvedAt),
    view.approvedBy,
    isoTime(view.expiresAt),
    isoTime(view.ending?.at ?? null),
    view.ending,
    view.escalationLevel,
    view.needsAttention,
    view.liveChannels,
    view.nextTimer,
    JOURNAL_CHANNEL,
    announcements({ caseNumber, seq, commandIds: answers.map(({ command_id }) => command_id) }),
    view.amendment,
    isoTime(view.activeSince),
    view.radiusKm,
    isoTime(firstLiveAt),
    liveAt,
    (entries[0]?.seq ?? 0) - 1,
  ];
  try {
    const { rowCount } = await connection.query({ name: 'write journal', text: WRITE, values });
    return rowCount === 1;
  } catch (error) {
    throw withoutValues(error);
  }
}

/**
 * One statement: the audit, the answers, the read model, and the announcement, which PostgreSQL makes when the transaction is committed.
 * It does all of it, or nothing when the journal ends elsewhere.
 */
const WRITE = `
  WITH journal AS (
    SELECT coalesce(journal_chain, case_chain_start(case_number)) AS chain
    FROM cases WHERE case_number = $1 AND journal_seq = $26 FOR NO KEY UPDATE
  ), audit AS (
    INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
    SELECT $1, seq, at, event ->> 'type', event, hash, chain_link(journal.chain, hash) OVER (ORDER BY seq)
    FROM journal CROSS JOIN jsonb_to_recordset($2) AS entry (seq integer, at timestamptz, event jsonb, hash text)
    ORDER BY seq
    RETURNING seq, chain
  ), answers AS (
    -- A command that is not stored came straight to the workflow. One statement may write a row only once, hence DISTINCT.
    INSERT INTO commands AS command
      (case_number, command_id, source, kind, actor, role, note_digest, stored_at, outcome, decided_at)
    SELECT DISTINCT ON (command_id) $1, command_id, 'direct', kind, actor, role, note_digest, at, outcome, at
    FROM journal CROSS JOIN jsonb_to_recordset($3) AS answer
      (command_id text, kind text, actor text, role text, note_digest text, at timestamptz, outcome jsonb, seq integer)
    ORDER BY command_id, seq
    ON CONFLICT (case_number, command_id) DO UPDATE
      SET outcome = excluded.outcome, decided_at = excluded.decided_at
      WHERE command.outcome IS NULL
  ), channels AS (
    INSERT INTO publications (case_number, channel, wanted, there, in_flight, hold,
      asked_radius_km, delivered_countries, delivered_radius_km, live_since, removed_at)
    SELECT $1, channel, wanted, there, in_flight, hold,
      asked_radius_km, delivered_countries, delivered_radius_km, live_since, removed_at
    FROM journal CROSS JOIN jsonb_to_recordset($4) AS publication
      (channel text, wanted integer, there jsonb, in_flight text, hold jsonb,
       asked_radius_km double precision, delivered_countries text[],
       delivered_radius_km double precision, live_since timestamptz, removed_at timestamptz)
    ON CONFLICT (case_number, channel) DO UPDATE SET
      wanted = excluded.wanted, there = excluded.there, in_flight = excluded.in_flight, hold = excluded.hold,
      asked_radius_km = excluded.asked_radius_km, delivered_countries = excluded.delivered_countries,
      delivered_radius_km = excluded.delivered_radius_km,
      live_since = excluded.live_since, removed_at = excluded.removed_at
  ), closed_addresses AS (
    DELETE FROM image_addresses WHERE case_number = $1 AND $13::timestamptz IS NOT NULL AND EXISTS (SELECT FROM journal)
  )
  UPDATE cases SET
    journal_seq = $5, journal_chain = (SELECT chain FROM audit WHERE seq = $5), status = $6, revision = $7, digest = $8, revision_author = $9, approved_at = $10, approved_by = $11,
    expires_at = $12, ended_at = $13, ending = $14, escalation_level = $15, needs_attention = $16, live_channels = $17,
    next_timer = $18, amendment = $21, active_since = $22, radius_km = $23, first_live_at = $24, live_at = $25, updated_at = now()
  WHERE case_number = $1 AND EXISTS (SELECT FROM journal)
  RETURNING (SELECT count(pg_notify($19, announcement)) FROM unnest($20::text[]) AS announcement)`;

function answerIn({ event, at, seq }: JournalEntry): { command_id: string }[] {
  if (event.type !== 'commandAccepted' && event.type !== 'commandRefused') return [];
  const outcome: CommandOutcome =
    event.type === 'commandAccepted'
      ? { accepted: true }
      : { accepted: false, code: event.code, problem: event.problem };
  const { commandId, command, actor, role, noteDigest } = event;
  const answer = { kind: command, actor, role, note_digest: noteDigest, at: isoTime(at), outcome, seq };
  return [{ command_id: commandId, ...answer }];
}

function publicationRow(publication: PublicationView): object {
  const { channel, wanted, there, inFlight, hold, reach, liveSince, removedAt } = publication;
  return {
    channel,
    wanted,
    there,
    in_flight: inFlight,
    hold,
    asked_radius_km: reach?.askedRadiusKm ?? null,
    delivered_countries: reach?.deliveredCountries ?? null,
    delivered_radius_km: reach?.deliveredRadiusKm ?? null,
    live_since: isoTime(liveSince),
    removed_at: isoTime(removedAt),
  };
}

function isoTime(instant: Instant | null): string | null {
  return instant === null ? null : new Date(instant).toISOString();
}
