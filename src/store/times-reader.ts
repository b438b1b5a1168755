import type pg from 'pg';
import { type ChannelName, CHANNELS } from '../domain/channel.js';
import type { Scope } from '../domain/scope.js';
import type { Milliseconds } from '../domain/time.js';
import { caseConditions, type CaseFilters, limitTo, placeCondition, timeConditions, Values } from './case-filters.js';
import { type Measure, MEASURES } from './case-times.js';
import { cellsAround } from './place-cells.js';

/** How one measure is spread over the cases that have it. Null when none has. */
export interface Spread {
  readonly count: number;
  readonly medianMs: Milliseconds | null;
  readonly p90Ms: Milliseconds | null;
  readonly maxMs: Milliseconds | null;
}

/** The measures over many cases, and from the approval to live on each channel. */
export interface TimesOverCases extends Readonly<Record<Measure, Spread>> {
  /** How many cases were asked for, measured or not. */
  readonly cases: number;
  readonly approvalToLiveOn: Readonly<Record<ChannelName, Spread>>;
}

/** The times that cases take. */
export interface TimesReader {
  /** Takes the measures over all cases that filters ask for (names apart: times are of many). Reads each of them. */
  timesOf(filters: Omit<CaseFilters, 'nameWords'>): Promise<TimesOverCases>;
}

const APPROVED = 'active_since';

/** Every measure in milliseconds, as SQL over `cases`. */
const MILLISECONDS: Readonly<Record<Measure, string>> = {
  reportToApproval: `date_part('epoch', ${APPROVED} - reported_at) * 1000`,
  approvalToLive: `date_part('epoch', first_live_at - ${APPROVED}) * 1000`,
  reportToLive: `date_part('epoch', first_live_at - reported_at) * 1000`,
};

/** Opens the times kept in a database, of the cases within a scope. */
export function createTimesReader(pool: pg.Pool, scope: Scope): TimesReader {
  const measured = [
    ...MEASURES.map((measure) => `${MILLISECONDS[measure]} AS "${measure}"`),
    ...CHANNELS.map(
      (channel) =>
        `(live_at ->> '${channel}')::double precision - date_part('epoch', ${APPROVED}) * 1000 AS "${channel}"`,
    ),
  ];
  const spreads = [...MEASURES, ...CHANNELS].map((name) => `${spread(name)} AS "${name}"`);

  return {
    async timesOf(filters) {
      const values = new Values();
      const within = limitTo(scope, filters);
      const conditions = [...caseConditions(within, values), ...timeConditions(within, values)];
      if (filters.near) conditions.push(lastSeenIn(filters.near, values));
      const { rows } = await pool.query<Record<Measure | ChannelName, Spread> & { cases: number }>(
        `SELECT count(*)::integer AS cases, ${spreads.join(', ')}
         FROM (SELECT ${measured.join(', ')} FROM cases WHERE ${conditions.join(' AND ') || 'true'}) AS measured`,
        values.all,
      );
      const [row] = rows;
      if (!row) throw new Error('an aggregate has a row');
      const { cases, reportToApproval, approvalToLive, reportToLive, ...approvalToLiveOn } = row;
      return { cases, reportToApproval, approvalToLive, reportToLive, approvalToLiveOn };
    },
  };
}

/** Both percentiles from one ordered run over the column. */
function spread(column: string): string {
  const percentiles = `percentile_cont(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY "${column}")`;
  return `jsonb_build_object('count', count("${column}"), 'medianMs', round((${percentiles})[1]), 'p90Ms', round((${percentiles})[2]),
    'maxMs', round(max("${column}")))`;
}

function lastSeenIn(near: NonNullable<CaseFilters['near']>, values: Values): string {
  const { degrees, cells } = cellsAround(near);
  return `case_number IN (
    SELECT case_number FROM report_places
    WHERE place_cell(latitude, longitude, ${degrees}) = ANY (${values.add(cells)}::integer[]) AND ${placeCondition(near, values)})`;
}
