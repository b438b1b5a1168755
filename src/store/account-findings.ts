import type pg from 'pg';
import type { MarkedPost } from '../domain/account-watch.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { ChannelName } from '../domain/channel.js';
import type { Instant } from '../domain/time.js';
import type { AccountFindings, CaseReading, DueReport, OpenFinding } from '../ports/account-findings.js';
import { sha256 } from '../media/sha256.js';

/** Opens the findings of the account watch kept in a database. */
export function createAccountFindings(pool: pg.Pool): AccountFindings {
  return {
    async readCases(channel, caseNumbers) {
      // One statement sees one moment: a batch of the journal is in all of it or in none.
      const { rows } = await pool.query<CaseReading & { caseNumber: CaseNumber }>(
        `SELECT cases.case_number AS "caseNumber", status, journal_seq AS "journalSeq", wanted,
           coalesce(there, '[]') AS objects, in_flight IS NOT NULL AS "stepInFlight"
         FROM cases
           LEFT JOIN publications ON publications.case_number = cases.case_number AND publications.channel = $1
         WHERE cases.case_number = ANY ($2)`,
        [channel, caseNumbers],
      );
      return new Map(rows.map(({ caseNumber, ...reading }) => [caseNumber, reading]));
    },

    async openFindings(channel) {
      const { rows } = await pool.query<FindingRow>(
        `SELECT object_id AS id, case_number AS "caseNumber", revision, live, created_at AS "createdAt",
           first_seen AS since, runs, attempts, last_run AS run
         FROM account_findings WHERE channel = $1 AND removed_at IS NULL`,
        [channel],
      );
      return rows.map((row) => openFinding(channel, row));
    },

    async record({ channel, run, since, judged }, now) {
      const found = judged.filter(({ verdict }) => verdict !== 'ours');
      await pool.query(RECORD, [
        channel,
        run,
        isoTime(since),
        isoTime(now),
        JSON.stringify(found.map(({ post, verdict }) => findingRow(post, verdict))),
        judged.filter(({ verdict }) => verdict === 'ours').map(({ post }) => post.id),
      ]);
    },

    async recordRemoval(channel, objectId, { code, gone, refused }, now) {
      await pool.query(
        // What failed once may pass by itself; a second time somebody should look.
        `UPDATE account_findings SET attempts = attempts + 1, outcome = $3, needs_person = $4 OR attempts > 0,
           removed_at = CASE WHEN $5 THEN $6::timestamptz END
         WHERE channel = $1 AND object_id = $2 AND removed_at IS NULL`,
        [channel, objectId, code, refused, gone, isoTime(now)],
      );
    },

    async dueReports(run, toldBefore) {
      const { rows } = await pool.query<Omit<DueReport, 'id'> & { basis: string }>(DUE, [run, isoTime(toldBefore)]);
      return rows.map(({ basis, ...due }) => ({
        ...due,
        id: `account-watch:${sha256(JSON.stringify([due.channel, due.caseNumber, due.problem, basis])).slice(0, 32)}`,
      }));
    },

    async markReported({ channel, objectIds }, now) {
      await pool.query('UPDATE account_findings SET notified_at = $3 WHERE channel = $1 AND object_id = ANY ($2)', [
        channel,
        objectIds,
        isoTime(now),
      ]);
    },
  };
}

interface FindingRow {
  readonly id: string;
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly live: boolean;
  readonly createdAt: Instant;
  readonly since: Instant;
  readonly runs: number;
  readonly attempts: number;
  readonly run: string;
}

/**
 * A post that was settled and is there again is a new finding, but for its attempts: what cannot be removed has to come to a person's
 * notice in the end, however often it was said to be gone.
 */
const RECORD = `
  WITH seen AS (
    SELECT * FROM jsonb_to_recordset($5)
      AS post (id text, case_number text, revision integer, live boolean, created_at timestamptz, verdict text)
  ), recorded AS (
    INSERT INTO account_findings AS finding
      (channel, object_id, case_number, revision, live, created_at, verdict, first_seen, last_seen, last_run, runs)
    SELECT $1, id, case_number, revision, live, created_at, verdict, $4, $4, $2, 1 FROM seen
    ON CONFLICT (channel, object_id) DO UPDATE SET
      case_number = excluded.case_number, revision = excluded.revision, live = excluded.live,
      created_at = excluded.created_at, verdict = excluded.verdict,
      last_seen = excluded.last_seen, last_run = excluded.last_run,
      first_seen = CASE WHEN finding.removed_at IS NULL THEN finding.first_seen ELSE excluded.first_seen END,
      runs = CASE WHEN finding.removed_at IS NOT NULL THEN 1
        WHEN finding.last_run = excluded.last_run THEN finding.runs
        ELSE finding.runs + 1 END,
      removed_at = NULL
  )
  UPDATE account_findings SET removed_at = $4, outcome = CASE WHEN object_id = ANY ($6) THEN 'known' ELSE 'gone' END
  WHERE channel = $1 AND removed_at IS NULL AND last_run <> $2 AND object_id NOT IN (SELECT id FROM seen)
    -- What is older than what was listed may still be there.
    AND (created_at >= $3 OR object_id = ANY ($6))`;

/** What nobody sees waits for nobody; only that it belongs to a case we do not know is worth telling. */
const DUE = `
  SELECT channel, case_number AS "caseNumber", tier, run_kind AS "runKind",
    CASE WHEN verdict = 'remove' THEN 'notRemoved' WHEN tier IS NULL THEN 'unknownCase' ELSE 'unsettled' END AS problem,
    array_agg(object_id ORDER BY object_id) AS "objectIds",
    string_agg(concat_ws('/', object_id, first_seen, notified_at), ' ' ORDER BY object_id) AS basis
  FROM account_findings LEFT JOIN cases USING (case_number)
  WHERE last_run = $1 AND removed_at IS NULL AND (notified_at IS NULL OR notified_at <= $2)
    AND (verdict = 'report' OR (verdict = 'remove' AND live AND needs_person))
  GROUP BY channel, case_number, tier, run_kind, problem
  ORDER BY channel, case_number, problem`;

function findingRow({ id, marker, live, createdAt }: MarkedPost, verdict: string): object {
  const { caseNumber, revision } = marker;
  return { id, case_number: caseNumber, revision, live, created_at: isoTime(createdAt), verdict };
}

function openFinding(channel: ChannelName, row: FindingRow): OpenFinding {
  const { id, caseNumber, revision, live, createdAt, since, runs, attempts, run } = row;
  const post = { channel, id, marker: { caseNumber, revision }, live, createdAt };
  return { post, sighting: { since, runs }, attempts, run };
}

function isoTime(instant: Instant): string {
  return new Date(instant).toISOString();
}
