import { CASE_STATUSES } from '../domain/case.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind, Tier } from '../domain/policy.js';
import { isInScope, type Scope } from '../domain/scope.js';
import type { Instant } from '../domain/time.js';
import type { Disc } from './place-cells.js';

/** The statuses a listed case can have: `accepted` until its first journal entries arrive. */
export const LISTED_STATUSES = ['accepted', ...CASE_STATUSES] as const;
export type ListedStatus = (typeof LISTED_STATUSES)[number];

/** Which cases are asked for; what is left out does not matter. */
export interface CaseFilters {
  readonly status?: readonly ListedStatus[] | undefined;
  readonly tier?: Tier | undefined;
  readonly runKind?: RunKind | undefined;
  readonly jurisdiction?: string | undefined;
  readonly needsAttention?: boolean | undefined;
  /** Reported at this moment or later. */
  readonly reportedFrom?: Instant | undefined;
  /** Reported before this moment. */
  readonly reportedTo?: Instant | undefined;
  /** Last seen there. */
  readonly near?: Disc | undefined;
  /** Words as `nameWords` gives them: a name must have each, or one that begins with it. One of a single letter must be there as it is. */
  readonly nameWords?: readonly string[] | undefined;
}

/** Filters that ask for nothing outside a scope. Only {@link limitTo} makes them, and nothing looks for cases without. */
export interface ScopedFilters extends Omit<CaseFilters, 'jurisdiction'> {
  /** Those whose cases are asked for; undefined when it does not matter. */
  readonly jurisdictions: readonly string[] | undefined;
}

/** What filters ask for, as far as it is within a scope. */
export function limitTo(scope: Scope, { jurisdiction, ...filters }: CaseFilters): ScopedFilters {
  if (jurisdiction !== undefined) {
    return { ...filters, jurisdictions: isInScope(scope, jurisdiction) ? [jurisdiction] : [] };
  }
  return { ...filters, jurisdictions: scope === 'all' ? undefined : [...new Set(scope)] };
}

/** The place of a case in the lists, which run from the newest report to the oldest. */
export interface CaseKey {
  readonly reportedAt: Instant;
  readonly caseNumber: CaseNumber;
}

/** Collects the values of a statement while its text is written. */
export class Values {
  readonly all: unknown[] = [];

  /** The placeholder that stands for a value. */
  add(value: unknown): string {
    this.all.push(value);
    return `$${this.all.length}`;
  }
}

/** The last moment that is written with four digits for the year, as PostgreSQL wants it; nothing here is later. */
const END_OF_TIME: Instant = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/** A moment as PostgreSQL reads it. */
export function isoTime(instant: Instant): string {
  return new Date(Math.min(instant, END_OF_TIME)).toISOString();
}

/** What the row of a case must fulfil, as SQL over `cases`: every filter but those on the time, the place and the name. */
export function caseConditions(filters: ScopedFilters, values: Values): string[] {
  const { status, tier, runKind, jurisdictions, needsAttention } = filters;
  const conditions: string[] = [];
  if (status) conditions.push(`cases.status = ANY (${values.add(status)}::text[])`);
  if (tier) conditions.push(`cases.tier = ${values.add(tier)}`);
  if (runKind) conditions.push(`cases.run_kind = ${values.add(runKind)}`);
  if (jurisdictions) conditions.push(`cases.jurisdiction = ANY (${values.add(jurisdictions)}::text[])`);
  if (needsAttention !== undefined)
    conditions.push(needsAttention ? 'cases.needs_attention' : 'NOT cases.needs_attention');
  return conditions;
}

/** The moments between which a case was reported, as SQL over any table that has `reported_at`. */
export function timeConditions({ reportedFrom, reportedTo }: ScopedFilters, values: Values): string[] {
  const conditions: string[] = [];
  if (reportedFrom !== undefined) conditions.push(`reported_at >= ${values.add(isoTime(reportedFrom))}::timestamptz`);
  if (reportedTo !== undefined) conditions.push(`reported_at < ${values.add(isoTime(reportedTo))}::timestamptz`);
  return conditions;
}

/** That a row with `latitude` and `longitude` lies in a disc. */
export function placeCondition({ centre, withinKm }: Disc, values: Values): string {
  const { latitude, longitude } = centre;
  const from = `${values.add(latitude)}::double precision, ${values.add(longitude)}::double precision`;
  return `distance_km(latitude, longitude, ${from}) <= ${values.add(withinKm)}`;
}

/** That a row of `report_names` has a word, or one that begins with it. */
export function wordCondition(word: string, values: Values): string {
  if (Array.from(word).length < 2) return `word = ${values.add(word)}`;
  // The last of all characters: compared byte by byte, nothing that begins with the word comes after it.
  return `word >= ${values.add(word)} AND word <= ${values.add(`${word}\u{10FFFF}`)}`;
}
