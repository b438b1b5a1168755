import pg from 'pg';

/** How many cases there are. */
export const CASES = 1_000_000;

/** How long the longest timeline is. */
export const LONG_TIMELINE = 200_000;

/** A case number for a whole number, in the letters that case numbers have; SQL, or the same in words for a test. */
const numberOf = (n: string): string => {
  const digits = `translate(lpad((${n})::text, 8, '0'), '0123456789', '23456789BC')`;
  return `'MFQ-' || left(${digits}, 4) || '-' || right(${digits}, 4)`;
};

export function millionthNumber(n: number): string {
  const digits = String(n)
    .padStart(8, '0')
    .replace(/\d/g, (digit) => '23456789BC'[Number(digit)] ?? '');
  return `MFQ-${digits.slice(0, 4)}-${digits.slice(4)}`;
}

/** A number from 0 to below `below` that looks random and is always the same for a case and a salt. */
const random = (below: number, salt: number): string => `(hashint8(n::bigint * 31 + ${salt}) & 2147483647) % ${below}`;

/** A word of letters that stands for a number. */
const wordOf = (n: string): string => `translate((${n})::text, '0123456789', 'bcdfghjklm')`;

/**
 * Fills a database as years of use would: one report every half minute, the newest with the highest number; most cases over, few open;
 * most in one jurisdiction and most of these in one city; some names very common, most rare, one unique.
 * It has to be quick, so only what lists are searched by is filled in.
 */
export async function fillWithCases(ownerDatabaseUrl: string): Promise<void> {
  // Not one of the store's: none of its statements may take so long.
  const client = new pg.Client({ connectionString: ownerDatabaseUrl });
  await client.connect();
  try {
    await client.query(`SET synchronous_commit = off; SET maintenance_work_mem = '256MB'`);
    // Without foreign keys being looked up and the audit taking turns: what is written here is known to be right.
    await client.query(`SET session_replication_role = replica`);
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition
       FROM pg_index WHERE indrelid IN ('cases'::regclass, 'report_places'::regclass, 'report_names'::regclass)
         AND NOT indisprimary`,
    );
    for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
    await client.query(FILL_CASES);
    await client.query(FILL_PLACES);
    await client.query(FILL_NAMES);
    await client.query(FILL_COMMANDS);
    await client.query(FILL_TIMELINE);
    for (const { definition } of indexes) await client.query(definition);
    for (const table of ['cases', 'report_places', 'report_names', 'audit_entries', 'commands']) {
      await client.query(`VACUUM ANALYZE ${table}`);
    }
  } finally {
    await client.end();
  }
}

const REPORTED_AT = `timestamptz '2026-01-01Z' + n * interval '30 seconds'`;

const FILL_CASES = `
  INSERT INTO cases (case_number, tier, run_kind, jurisdiction, reported_by, reported_at, newest_command, journal_seq,
    status, revision, digest, revision_author, needs_attention, radius_km,
    active_since, first_live_at, live_at, updated_at)
  SELECT ${numberOf('n')},
    -- Danger to life is never a test: together these two find nothing.
    CASE WHEN kind = 'actual' AND ${random(4, 1)} = 0 THEN 'amber' ELSE 'missing' END, kind,
    (ARRAY['QA', 'QA', 'QA', 'QA', 'QA', 'QA', 'QA', 'BH', 'KW', 'OM'])[1 + ${random(10, 2)}], 'operator-1', ${REPORTED_AT}, 1, 1,
    CASE WHEN ${random(5_000, 3)} = 0 THEN 'active' WHEN ${random(20_000, 4)} = 0 THEN 'awaiting_approval'
      ELSE (ARRAY['resolved', 'resolved', 'resolved', 'expired', 'cancelled', 'rejected'])[1 + ${random(6, 5)}] END,
    1, 'digest', 'operator-1', ${random(20_000, 6)} = 0, 160,
    ${REPORTED_AT} + interval '3 minutes', ${REPORTED_AT} + interval '3 minutes 4 seconds', '{}', ${REPORTED_AT}
  FROM (SELECT n, (ARRAY['actual', 'actual', 'actual', 'exercise', 'test'])[1 + ${random(5, 7)}] AS kind
    FROM generate_series(1, ${CASES}) AS n) AS each`;

const IN_THE_CITY = `${random(10, 8)} > 0`;

/** Nine of ten within some 10 km of one place; the others anywhere. */
const FILL_PLACES = `
  INSERT INTO report_places (case_number, reported_at, latitude, longitude)
  SELECT ${numberOf('n')}, ${REPORTED_AT},
    CASE WHEN ${IN_THE_CITY} THEN 25.28 + ${random(1_000, 9)} * 0.0001 ELSE ${random(160, 11)} - 80 END,
    CASE WHEN ${IN_THE_CITY} THEN 51.5 + ${random(1_000, 10)} * 0.0001 ELSE ${random(360, 12)} - 180 END
  FROM generate_series(1, ${CASES}) AS n`;

const FILL_NAMES = `
  INSERT INTO report_names (case_number, word, reported_at)
  SELECT ${numberOf('n')}, word, ${REPORTED_AT}
  FROM generate_series(1, ${CASES}) AS n
    CROSS JOIN LATERAL (VALUES
      (CASE ${random(10, 13)} WHEN 0 THEN 'محمد' WHEN 1 THEN 'x' || ${wordOf(random(500, 14))} END),
      (CASE WHEN n = 1234 THEN 'unique' WHEN n % 2 = 0 THEN 'y' || ${wordOf(random(200_000, 15))} END)) AS words (word)
  WHERE word IS NOT NULL`;

const FILL_COMMANDS = `
  INSERT INTO commands (case_number, command_id, number, source, kind, note, stored_at)
  SELECT ${numberOf('7')}, n::text, n, 'api', 'acknowledge', 'note ' || n, now() FROM generate_series(1, ${LONG_TIMELINE / 10}) AS n`;

const FILL_TIMELINE = `
  INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
  SELECT ${numberOf('7')}, n, now(), 'commandAccepted', jsonb_build_object('type', 'commandAccepted', 'commandId', n::text), 'hash', 'chain'
  FROM generate_series(1, ${LONG_TIMELINE}) AS n`;
