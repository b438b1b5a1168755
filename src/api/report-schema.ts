import { z } from 'zod';
import { areaPlanProblems, type AreaPlan, type Coordinates, MAX_RADIUS_KM, MIN_RADIUS_KM } from '../domain/area.js';
import { type Policy, RUN_KINDS, TIERS } from '../domain/policy.js';
import { type Report, SEXES } from '../domain/report.js';
import { isInScope, type Scope } from '../domain/scope.js';
import type { Instant } from '../domain/time.js';
import { isWithin } from '../policy/bounds.js';
import type { Jurisdiction } from '../policy/policy-file.js';
import { limited } from './coded-rules.js';
import type { FieldCode } from './field-codes.js';
import { line, localLine, localProse, prose } from './text-schema.js';
import { pastTime } from './time-schema.js';

const MAX_AGE_YEARS = 17;

/** What a report is checked against. */
export interface ReportRules {
  readonly policy: Policy;
  readonly jurisdictions: Readonly<Record<string, Jurisdiction>>;
  readonly now: () => Instant;
}

const years = limited(z.int(), { min: 0, max: MAX_AGE_YEARS, codes: ['too_small', 'age_over_17'] });
const age = z
  .union(
    [
      years,
      z.strictObject({ from: years, to: years }).refine(({ from, to }) => from <= to, {
        message: 'must not end before it begins',
        params: { code: 'age_range_reversed' },
      }),
    ],
    `must be whole years, 0 to ${MAX_AGE_YEARS}, or { "from", "to" } of such`,
  )
  .transform((value) => (typeof value === 'number' ? { from: value, to: value } : value));

const degrees = (max: number): z.ZodNumber =>
  limited(z.number(), { min: -max, max, codes: ['coordinates_out_of_range', 'coordinates_out_of_range'] });
/** A place, in degrees. */
export const coordinates = z.strictObject({ latitude: degrees(90), longitude: degrees(180) });
const radiusKm = limited(z.number(), {
  min: MIN_RADIUS_KM,
  max: MAX_RADIUS_KM,
  codes: ['radius_out_of_range', 'radius_out_of_range'],
});
const area = z.strictObject({
  radiusKm: radiusKm.optional(),
  widening: z
    .array(z.strictObject({ afterMs: z.int(), radiusKm }))
    .max(10)
    .optional(),
});

/** What the rules of an area need to know; checked as soon as these fields can be read, whatever else is wrong with the report. */
const placed = z.object({ tier: z.enum(TIERS), lastSeen: z.object({ location: coordinates }), area: area.optional() });

/** What the bounds of a jurisdiction need to know. */
const located = z.object({
  jurisdiction: z.string(),
  lastSeen: z.object({ location: z.object({ latitude: z.number(), longitude: z.number() }) }),
});

/** The schema of a report, its photo apart. Reads into the domain's `Report`: an exact age becomes a range of one year. */
export function reportSchema({ policy, jurisdictions, now }: ReportRules): z.ZodType<Report> {
  const seenAt = pastTime(now);
  return z
    .strictObject({
      tier: z.enum(TIERS),
      runKind: z.enum(RUN_KINDS),
      jurisdiction: z.enum(Object.keys(jurisdictions)),
      child: z.strictObject({
        name: localLine(100),
        age,
        sex: z.enum(SEXES),
        heightCm: z.int().min(20).max(250).optional(),
        weightKg: z.number().min(1).max(300).optional(),
        hair: localLine(100).optional(),
        eyes: localLine(100).optional(),
        clothing: localLine(300).optional(),
      }),
      lastSeen: z.strictObject({ at: seenAt, place: localLine(200), location: coordinates }),
      circumstances: localProse(2_000),
      suspect: localProse(1_000).optional(),
      vehicle: z.strictObject({ description: localLine(300), plate: line(30).optional() }).optional(),
      area: area.optional(),
      policeOnly: z.strictObject({
        guardianContact: prose(500),
        legalBasis: prose(1_000),
        notes: prose(10_000).optional(),
      }),
    })
    .superRefine(
      ({ jurisdiction, lastSeen: { location } }, context) => {
        const code = misplaced(location, jurisdictions[jurisdiction]);
        if (!code) return;
        const message =
          code === 'coordinates_swapped'
            ? 'latitude and longitude may be swapped: swapped, they would lie within the bounds of the jurisdiction'
            : 'must lie within the bounds of the jurisdiction';
        context.addIssue({ code: 'custom', path: ['lastSeen', 'location'], message, params: { code } });
      },
      { when: ({ value }) => located.safeParse(value).success },
    )
    .superRefine(
      (report, context) => {
        for (const problem of areaPlanProblems(areaPlanOf(report, policy))) {
          context.addIssue({ code: 'custom', path: ['area'], message: problem, params: { code: 'area_plan' } });
        }
      },
      { when: ({ value }) => placed.safeParse(value).success },
    );
}

const inJurisdiction = z.object({ jurisdiction: z.string() });

/** The schema of a report by somebody who may report in the jurisdictions of a scope only. */
export function withinScope(schema: z.ZodType<Report>, scope: Scope): z.ZodType<Report> {
  return schema.superRefine(
    ({ jurisdiction }, context) => {
      if (isInScope(scope, jurisdiction)) return;
      const params = { code: 'jurisdiction_not_yours' satisfies FieldCode };
      context.addIssue({ code: 'custom', path: ['jurisdiction'], message: 'is not one of yours', params });
    },
    { when: ({ value }) => inJurisdiction.safeParse(value).success },
  );
}

/** What is wrong with a place of a jurisdiction; nothing when the jurisdiction has no bounds. */
function misplaced(
  { latitude, longitude }: Coordinates,
  jurisdiction: Jurisdiction | undefined,
): FieldCode | undefined {
  const bounds = jurisdiction?.bounds;
  if (!bounds || isWithin(bounds, { latitude, longitude })) return undefined;
  const swapped = isWithin(bounds, { latitude: longitude, longitude: latitude });
  return swapped ? 'coordinates_swapped' : 'coordinates_outside_bounds';
}

/** Where the alert of a report is to be seen: what the report says, and what it leaves out from the policy of its tier. */
export function areaPlanOf(
  { tier, lastSeen, area: own }: Pick<Report, 'tier' | 'lastSeen' | 'area'>,
  policy: Policy,
): AreaPlan {
  const byPolicy = policy.tiers[tier].area;
  const from = own?.radiusKm ?? byPolicy.radiusKm;
  return {
    centre: lastSeen.location,
    radiusKm: from,
    // A radius of the report's own may already be past the policy's first steps: those that would not widen it fall away.
    widening: own?.widening ?? byPolicy.widening.filter((step) => step.radiusKm > from),
  };
}
