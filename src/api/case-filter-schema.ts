import { z } from 'zod';
import type { Coordinates } from '../domain/area.js';
import { RUN_KINDS, TIERS } from '../domain/policy.js';
import { type CaseFilters, LISTED_STATUSES } from '../store/case-filters.js';
import type { FieldCode } from './field-codes.js';
import { coordinates } from './report-schema.js';
import { line } from './text-schema.js';
import { moment } from './time-schema.js';

const MIN_WITHIN_KM = 0.1;
const MAX_WITHIN_KM = 500;

const LAT_LON = /^(-?\d{1,2}(?:\.\d{1,15})?),(-?\d{1,3}(?:\.\d{1,15})?)$/;

/** A place as an address writes it: latitude and longitude in degrees, with a comma between. */
const latLon = z
  .string()
  .transform((text, context): Coordinates => {
    const [, latitude, longitude] = LAT_LON.exec(text)?.map(Number) ?? [];
    if (latitude !== undefined && longitude !== undefined && Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) {
      return { latitude, longitude };
    }
    context.addIssue({
      code: 'custom',
      message: 'must be latitude,longitude in degrees, such as 25.2854,51.531',
      params: { code: 'not_a_place' },
    });
    return z.NEVER;
  })
  .meta({ description: 'Latitude and longitude in degrees, such as `25.2854,51.531`. Goes with `withinKm`.' });

const status = z.enum(LISTED_STATUSES);
const jurisdiction = line(64);

/** The filters on cases as query parameters; `status` may be repeated. */
export const caseFilterQuery = {
  status: z.preprocess((sent) => (typeof sent === 'string' ? [sent] : sent), z.array(status).min(1).max(20)).optional(),
  tier: z.enum(TIERS).optional(),
  runKind: z.enum(RUN_KINDS).optional(),
  jurisdiction: jurisdiction.optional(),
  needsAttention: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
  reportedFrom: moment.optional(),
  reportedTo: moment.optional(),
  near: latLon.optional(),
  withinKm: z.coerce.number().min(MIN_WITHIN_KM).max(MAX_WITHIN_KM).optional(),
};

/** The same filters as fields of a JSON body. */
export const caseFilterBody = {
  status: z.array(status).min(1).max(20).optional(),
  tier: z.enum(TIERS).optional(),
  runKind: z.enum(RUN_KINDS).optional(),
  jurisdiction: jurisdiction.optional(),
  needsAttention: z.boolean().optional(),
  reportedFrom: moment.optional(),
  reportedTo: moment.optional(),
  near: coordinates.optional(),
  withinKm: z.number().min(MIN_WITHIN_KM).max(MAX_WITHIN_KM).optional(),
};

/** The filters as they were sent, whichever way. */
export type SentFilters = Omit<CaseFilters, 'near' | 'nameWords'> & {
  readonly near?: Coordinates | undefined;
  readonly withinKm?: number | undefined;
};

/** What no field can know by itself: a place needs a distance and a distance a place, and no time ends before it begins. */
export function checkFilters(
  { near, withinKm, reportedFrom, reportedTo }: SentFilters,
  context: z.core.$RefinementCtx,
): void {
  const wrong = (field: string, code: FieldCode, message: string): void =>
    context.addIssue({ code: 'custom', path: [field], message, params: { code } });
  if (near && withinKm === undefined) wrong('withinKm', 'missing', 'must say how far from near');
  if (!near && withinKm !== undefined) wrong('near', 'missing', 'must say what withinKm is counted from');
  if (reportedFrom !== undefined && reportedTo !== undefined && reportedTo < reportedFrom) {
    wrong('reportedTo', 'range_reversed', 'must not be before reportedFrom');
  }
}

/** The filters as the store takes them. */
export function filtersOf({ near, withinKm, ...filters }: SentFilters): CaseFilters {
  const { status: statuses, tier, runKind, jurisdiction: of, needsAttention, reportedFrom, reportedTo } = filters;
  return {
    status: statuses,
    tier,
    runKind,
    jurisdiction: of,
    needsAttention,
    reportedFrom,
    reportedTo,
    near: near && withinKm !== undefined ? { centre: near, withinKm } : undefined,
  };
}
