import { z } from 'zod';
import { areaPlanProblems, type AreaPlan, MAX_RADIUS_KM, MIN_RADIUS_KM } from '../domain/area.js';
import { type Policy, RUN_KINDS, TIERS } from '../domain/policy.js';
import { type Report, SEXES } from '../domain/report.js';
import { type Instant, MINUTE, parseZonedTime } from '../domain/time.js';
import { line, prose } from './text-schema.js';

const MAX_AGE_YEARS = 17;
/** How far the clocks of a duty room may be ahead of ours before a time counts as one in the future. */
const CLOCKS_DIFFER_BY = 5 * MINUTE;

/** What a report is checked against. */
export interface ReportRules {
  readonly policy: Policy;
  readonly jurisdictions: readonly string[];
  readonly now: () => Instant;
}

const inBothLanguages = (text: z.ZodString): z.ZodObject<{ ar: z.ZodString; en: z.ZodString }, z.core.$strict> =>
  z.strictObject({ ar: text, en: text });

const years = z.int().min(0).max(MAX_AGE_YEARS);
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

const coordinates = z.strictObject({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) });
const radiusKm = z.number().min(MIN_RADIUS_KM).max(MAX_RADIUS_KM);
const area = z.strictObject({
  radiusKm: radiusKm.optional(),
  widening: z
    .array(z.strictObject({ afterMs: z.int(), radiusKm }))
    .max(10)
    .optional(),
});

/** What the rules of an area need to know; checked as soon as these fields can be read, whatever else is wrong with the report. */
const placed = z.object({ tier: z.enum(TIERS), lastSeen: z.object({ location: coordinates }), area: area.optional() });

/** The schema of a report, its photo apart. Reads into the domain's `Report`: an exact age becomes a range of one year. */
export function reportSchema({ policy, jurisdictions, now }: ReportRules): z.ZodType<Report> {
  const seenAt = z.string().superRefine((text, context) => {
    const time = parseZonedTime(text);
    if (!time) {
      context.addIssue({
        code: 'custom',
        message: 'must be an ISO 8601 time with its zone, such as 2026-11-24T05:20+03:00',
        params: { code: 'not_a_zoned_time' },
      });
    } else if (time.instant > now() + CLOCKS_DIFFER_BY) {
      context.addIssue({ code: 'custom', message: 'must not be in the future', params: { code: 'in_the_future' } });
    }
  });
  return z
    .strictObject({
      tier: z.enum(TIERS),
      runKind: z.enum(RUN_KINDS),
      jurisdiction: z.enum(jurisdictions),
      child: z.strictObject({
        name: inBothLanguages(line(100)),
        age,
        sex: z.enum(SEXES),
        heightCm: z.int().min(20).max(250).optional(),
        weightKg: z.number().min(1).max(300).optional(),
        hair: inBothLanguages(line(100)).optional(),
        eyes: inBothLanguages(line(100)).optional(),
        clothing: inBothLanguages(line(300)).optional(),
      }),
      lastSeen: z.strictObject({ at: seenAt, place: inBothLanguages(line(200)), location: coordinates }),
      circumstances: inBothLanguages(prose(2_000)),
      suspect: inBothLanguages(prose(1_000)).optional(),
      vehicle: z.strictObject({ description: inBothLanguages(line(300)), plate: line(30).optional() }).optional(),
      area: area.optional(),
      policeOnly: z.strictObject({
        guardianContact: prose(500),
        legalBasis: prose(1_000),
        notes: prose(10_000).optional(),
      }),
    })
    .superRefine(
      (report, context) => {
        for (const problem of areaPlanProblems(areaPlanOf(report, policy))) {
          context.addIssue({ code: 'custom', path: ['area'], message: problem, params: { code: 'area_plan' } });
        }
      },
      { when: ({ value }) => placed.safeParse(value).success },
    );
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
