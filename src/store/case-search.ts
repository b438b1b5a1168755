import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { Instant } from '../domain/time.js';
import {
  caseConditions,
  type CaseKey,
  isoTime,
  placeCondition,
  type ScopedFilters,
  timeConditions,
  Values,
  wordCondition,
} from './case-filters.js';
import { chooseWalk, type Walk } from './case-walk.js';

/** The cases of one page, newest first, and where the next one begins. */
export interface FoundCases {
  readonly caseNumbers: readonly CaseNumber[];
  /** The next page is what comes after this; null at the end. */
  readonly next: CaseKey | null;
}

/**
 * About how many cases are looked at for one page. Once that many did not fill it, it is answered as it is, with the place where the
 * search is to go on: a page may hold less than its limit, even nothing, while more pages follow.
 */
const LOOKED_AT_A_PAGE = 10_000;

/** A probe looks at least at this many before the others are asked. */
const SMALLEST_STEP = 25;

/** Each round looks this many times further than the one before. */
const STRIDE = 8;

/** Finds the cases that filters ask for, in bounded work whatever is asked and however many cases there are. */
export async function findCases(
  pool: pg.Pool,
  filters: ScopedFilters,
  page: { readonly limit: number; readonly after?: CaseKey | undefined },
): Promise<FoundCases> {
  const walk = await chooseWalk(pool, filters);
  const found: CaseKey[] = [];
  let { after } = page;
  let step = page.limit + 1;
  for (let looked = 0; ; step *= STRIDE) {
    // One more than the page takes, to know whether another page follows.
    const wanted = page.limit + 1 - found.length;
    const each = Math.max(SMALLEST_STEP, Math.min(step, Math.ceil(LOOKED_AT_A_PAGE / walk.probes)));
    const round = await lookOn(pool, walk, filters, { each, wanted, after });
    found.push(...round.found);
    if (found.length > page.limit) {
      const cases = found.slice(0, page.limit);
      return { caseNumbers: numbersOf(cases), next: cases.at(-1) ?? null };
    }
    looked += round.looked;
    if (round.horizon === null || (looked >= LOOKED_AT_A_PAGE && walk.mayPause)) {
      return { caseNumbers: numbersOf(found), next: round.horizon };
    }
    after = round.horizon;
  }
}

interface Round {
  readonly found: readonly CaseKey[];
  /** How many cases were looked at. */
  readonly looked: number;
  /** Down to here nothing was missed; null when everything was looked at. */
  readonly horizon: CaseKey | null;
}

/**
 * Lets every probe take its next step. A probe that used its whole step may have more to show below the last case it came to: of all
 * these last cases the newest is the horizon, and what lies below it is left to the next round.
 */
async function lookOn(
  pool: pg.Pool,
  walk: Walk,
  filters: ScopedFilters,
  { each, wanted, after }: { readonly each: number; readonly wanted: number; readonly after: CaseKey | undefined },
): Promise<Round> {
  const values = new Values();
  const probes = walk.with(values);
  const step = values.add(each);
  const inOrder = 'ORDER BY reported_at DESC, case_number DESC';
  const reach = [...walk.where, ...timeConditions(filters, values)];
  if (after) {
    const key = `${values.add(isoTime(after.reportedAt))}::timestamptz, ${values.add(after.caseNumber)}`;
    reach.push(`(reported_at, case_number) < (${key})`);
  }
  const { rows } = await pool.query<Row>(
    `WITH RECURSIVE ${probes}, looked AS MATERIALIZED (
       SELECT seen.* FROM probes CROSS JOIN LATERAL (
         SELECT *, row_number() OVER (${inOrder}) AS nth
         FROM (SELECT ${walk.columns} FROM ${walk.from} ${whereAll(reach)} ${inOrder} LIMIT ${step}) AS step
       ) AS seen
     ), horizon AS MATERIALIZED (
       SELECT reported_at, case_number FROM looked WHERE nth = ${step} ${inOrder} LIMIT 1
     ), page AS MATERIALIZED (
       SELECT above.reported_at, above.case_number
       FROM (
         SELECT * FROM looked
         WHERE (NOT EXISTS (SELECT FROM horizon)
           OR (reported_at, case_number) >= (SELECT reported_at, case_number FROM horizon))
           ${walk.givesPlace && filters.near ? `AND ${placeCondition(filters.near, values)}` : ''}
         ${inOrder}
       ) AS above ${eachMust(walk, filters, values)}
       ${inOrder} LIMIT ${values.add(wanted)}
     )
     SELECT NULL::bigint AS looked, reported_at AS "reportedAt", case_number AS "caseNumber" FROM page
     UNION ALL
     SELECT (SELECT count(*) FROM looked), horizon.reported_at, horizon.case_number
     FROM (SELECT) AS always LEFT JOIN horizon ON true`,
    values.all,
  );
  const found: CaseKey[] = [];
  let horizon: CaseKey | null = null;
  let looked = 0;
  for (const { looked: count, reportedAt, caseNumber } of rows) {
    const key = reportedAt === null || caseNumber === null ? null : { reportedAt, caseNumber };
    if (count === null && key) found.push(key);
    if (count !== null) [looked, horizon] = [Number(count), key];
  }
  found.sort((a, b) => b.reportedAt - a.reportedAt || (a.caseNumber < b.caseNumber ? 1 : -1));
  return { found, looked, horizon };
}

interface Row {
  /** Only in the last row, which gives the horizon, null when there is none. */
  readonly looked: string | null;
  readonly reportedAt: Instant | null;
  readonly caseNumber: CaseNumber | null;
}

/**
 * What each case must fulfil beyond what its walk has seen to. Everything is looked up case by case, by its number: `OFFSET 0` and `LIMIT 1`
 * keep PostgreSQL from turning it into a join for which it would read a whole table.
 */
function eachMust(walk: Walk, filters: ScopedFilters, values: Values): string {
  const lookUps: string[] = [];
  const { status, tier, runKind, jurisdictions, needsAttention, near, nameWords = [] } = filters;
  const facets = walk.sees.has('facets') ? { jurisdictions: undefined } : { status, tier, runKind, jurisdictions };
  const attention = walk.sees.has('attention') ? {} : { needsAttention };
  const ofCase = caseConditions({ ...facets, ...attention }, values);
  if (ofCase.length > 0) {
    lookUps.push(`SELECT FROM cases WHERE cases.case_number = above.case_number AND ${ofCase.join(' AND ')} OFFSET 0`);
  }
  if (near && !walk.givesPlace) {
    lookUps.push(
      `SELECT FROM report_places WHERE report_places.case_number = above.case_number AND ${placeCondition(near, values)} OFFSET 0`,
    );
  }
  // All words, also the one that led here: they are few.
  for (const word of nameWords) {
    lookUps.push(
      `SELECT FROM report_names WHERE report_names.case_number = above.case_number AND ${wordCondition(word, values)} LIMIT 1`,
    );
  }
  return lookUps.map((lookUp, index) => `CROSS JOIN LATERAL (${lookUp}) AS must_${index}`).join('\n');
}

function whereAll(conditions: readonly string[]): string {
  return conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '';
}

function numbersOf(keys: readonly CaseKey[]): CaseNumber[] {
  return keys.map(({ caseNumber }) => caseNumber);
}
