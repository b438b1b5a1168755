import { resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { DEFAULT_RADIUS_KM } from '../domain/area.js';
import { LADDERS, type Policy, type TierPolicy, tierProblems, TIERS } from '../domain/policy.js';
import type { LocalText } from '../domain/report.js';
import { CHANNELS } from '../domain/channel.js';
import { isCriterion, isStaffId } from '../domain/command.js';
import { parseDuration } from '../domain/time.js';
import type { Bounds } from './bounds.js';
import { placed, PLAINLY, readText, UnusableFile } from '../settings-file.js';
import { isTelephone } from './telephone.js';

/** How a person is reached. */
export interface Ways {
  readonly mail?: string | undefined;
  readonly webhook?: string | undefined;
}

/** An authority's area: the countries its organic posts are targeted at (ISO 3166-1 alpha-2) and its time zone (IANA). */
export interface Jurisdiction {
  readonly countries: readonly string[];
  readonly timeZone: string;
  /** Where a child of the jurisdiction can have been last seen; without bounds, anywhere. */
  readonly bounds?: Bounds | undefined;
}

/** Everything the policy file says. */
export interface PolicyFile {
  readonly policy: Policy;
  readonly authority: { readonly name: LocalText; readonly telephone: string };
  readonly jurisdictions: Readonly<Record<string, Jurisdiction>>;
  readonly people: Readonly<Record<string, Ways>>;
  /** What the criteria of the tiers say to the supervisor who answers them, by id. */
  readonly criteria: Readonly<Record<string, LocalText>>;
}

const duration = z.string().transform((text, context) => {
  const milliseconds = parseDuration(text);
  if (milliseconds !== undefined) return milliseconds;
  context.addIssue({ code: 'custom', message: 'must be a duration such as 90s, 3m, 24h or 30d' });
  return z.NEVER;
});

const staffId = z.string().refine(isStaffId, 'must be a staff id: letters, digits and . _ @ -, no spaces');
const criterion = z.string().refine(isCriterion, 'must be small letters, digits and _, beginning with a letter');
const localText = z.strictObject({ ar: z.string().min(1), en: z.string().min(1) });
const timeZone = z.string().refine(isTimeZone, 'must be a time zone of the IANA list, such as Asia/Qatar');

const ladder = z
  .strictObject({
    rungs: z.array(z.strictObject({ after: duration, people: z.array(staffId) })),
    repeatEvery: duration,
  })
  .transform(({ rungs, repeatEvery }) => ({
    rungs: rungs.map(({ after, people }) => ({ afterMs: after, people })),
    repeatEveryMs: repeatEvery,
  }));

const tier = z
  .strictObject({
    ladders: z.strictObject({ supervisors: ladder, administrators: ladder }),
    notLiveAfter: duration,
    notStoodDownAfter: duration,
    expiresAfter: duration,
    expiryWarning: duration,
    longestLife: duration,
    reviewEvery: duration,
    criteria: z.array(z.string()),
    preStaging: z.boolean().default(false),
    channels: z
      .array(z.enum(CHANNELS))
      .min(1, 'names no channel')
      .refine((channels) => new Set(channels).size === channels.length, 'names a channel twice')
      .default(['facebook', 'instagram']),
    area: z.strictObject({
      radiusKm: z.number().default(DEFAULT_RADIUS_KM),
      widening: z.array(z.strictObject({ after: duration, radiusKm: z.number() })),
    }),
  })
  .transform(
    ({ ladders, notLiveAfter, notStoodDownAfter, expiresAfter, area, criteria, preStaging, channels, ...rest }) => ({
      ladders,
      notLiveAfterMs: notLiveAfter,
      notStoodDownAfterMs: notStoodDownAfter,
      expiresAfterMs: expiresAfter,
      expiryWarningMs: rest.expiryWarning,
      longestLifeMs: rest.longestLife,
      reviewEveryMs: rest.reviewEvery,
      criteria,
      preStaging,
      channels,
      area: {
        radiusKm: area.radiusKm,
        widening: area.widening.map(({ after, radiusKm }) => ({ afterMs: after, radiusKm })),
      },
    }),
  );

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const bounds = z
  .strictObject({ south: latitude, west: longitude, north: latitude, east: longitude })
  .refine(({ south, north }) => south < north, 'the south must be south of the north');

const people = z.record(staffId, z.strictObject({ mail: z.email().optional(), webhook: z.url().optional() }));
const criteria = z.record(criterion, localText);

const policyFile = z.strictObject({
  version: z.union([
    z.string().trim().min(1, 'must not be empty'),
    z.date().transform((date) => date.toISOString().slice(0, 10)),
  ]),
  authority: z.strictObject({
    name: localText,
    telephone: z
      .string()
      .refine(
        isTelephone,
        'must be a telephone number that exists, with + and its country code, or a short one such as 999',
      ),
  }),
  jurisdictions: z.record(
    z.string().min(1),
    z.strictObject({
      countries: z.array(z.string().regex(/^[A-Z]{2}$/)).min(1),
      timeZone,
      bounds: bounds.optional(),
    }),
  ),
  people,
  criteria,
  tiers: z.strictObject({ amber: tier, missing: tier }),
});

/** What the rules are about. A part that cannot be read is left out: what is wrong with it does not hide what is wrong with another. */
const readable = z
  .object({
    people: people.optional().catch(undefined),
    criteria: criteria.optional().catch(undefined),
    tiers: z.object({ amber: tier.optional().catch(undefined), missing: tier.optional().catch(undefined) }).catch({}),
  })
  .catch({ tiers: {} });

/** Whether alerts of some tier go to the partner desk. */
export function namesPartnerDesk({ tiers }: Policy): boolean {
  return TIERS.some((tier) => tiers[tier].channels.includes('meta-partner'));
}

/** The whole path of a policy file that can be used. @throws UnusableFile */
export function usablePolicyFile(file: string): string {
  const path = resolve(file);
  loadPolicyFile(path);
  return path;
}

/**
 * Reads and checks a policy file.
 * @throws UnusableFile with every problem at once, when it is not there, is no YAML, or breaks a rule
 */
export function loadPolicyFile(file: string): PolicyFile {
  const text = readText('policy', file);
  let yaml: unknown;
  try {
    yaml = parse(text, { merge: true });
  } catch (error) {
    // What follows its first line is a picture of where it stands.
    const [what = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
    throw new UnusableFile('policy', file, [`is no YAML: ${what.replace(/:$/, '')}`]);
  }
  const read = policyFile.safeParse(yaml, PLAINLY);
  const problems = [...(read.success ? [] : placed(read.error)), ...brokenRules(readable.parse(yaml))];
  if (!read.success || problems.length > 0) throw new UnusableFile('policy', file, problems);
  const { version, tiers, ...rest } = read.data;
  return { policy: { version, tiers }, ...rest };
}

function brokenRules({ people, criteria, tiers }: z.output<typeof readable>): string[] {
  const ofTiers = TIERS.flatMap((name) => {
    const rules = tiers[name];
    if (!rules) return [];
    return [...tierProblems(rules), ...unworded(rules, criteria)].map((problem) => `tiers.${name}.${problem}`);
  });
  return [
    ...ofTiers,
    ...unreachable(
      Object.values(tiers).filter((rules) => rules !== undefined),
      people,
    ),
  ];
}

/** A criterion that has no words cannot be answered. */
function unworded({ criteria: ids }: TierPolicy, criteria: PolicyFile['criteria'] | undefined): string[] {
  if (!criteria) return [];
  return ids
    .filter((id) => criteria[id] === undefined)
    .map((id) => `criteria: ${id} stands in no entry of criteria: give it its words there`);
}

/** A rung that names somebody who cannot be reached is a rung that fails when it is needed. */
function unreachable(tiers: readonly TierPolicy[], people: PolicyFile['people'] | undefined): string[] {
  if (!people) return [];
  const onLadders = tiers.flatMap(({ ladders }) =>
    LADDERS.flatMap((name) => ladders[name].rungs.flatMap((rung) => rung.people)),
  );
  return [...new Set(onLadders)]
    .filter((person) => !people[person]?.mail && !people[person]?.webhook)
    .map((person) => `people.${person}: is on a ladder and has no way to be reached: give a mail address or a webhook`);
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}
