import { z } from 'zod';
import { HOUR, MINUTE, type Milliseconds, SECOND } from '../domain/time.js';
import { ChannelFailure } from '../ports/alert-channel.js';

/** What an error of the Graph API means. */
interface Meaning {
  /** By code, or by `/subcode`, which says more: 4 is a rate limit, but 4/2207051 a suspicion, raised also when the post is live. */
  readonly on: readonly (number | `/${number}`)[];
  readonly kind: ChannelFailure['kind'];
  /** For `throttled`, when the headers give no time. */
  readonly waitMs?: Milliseconds;
}

const PERMISSIONS = Array.from({ length: 100 }, (_, index) => 200 + index);

/**
 * The one table of Meta's errors. What is not in it is `unknown`: a flip that it answers may have taken effect.
 * - `throttled` passes by itself, after the time that the headers give.
 * - `refused` does not: it is raised to a person.
 * - `unknown` is settled by looking, and harmless steps are simply taken again.
 * What each means to staff is in `hold-words.ts`.
 */
const MEANINGS: readonly Meaning[] = [
  // Meta failed, perhaps after it did what was asked
  { on: [1, 2], kind: 'unknown' },
  // too many calls, or blocked for a time
  { on: [4, 17, 32, 341, 368, 613, 80001, 80002], kind: 'throttled', waitMs: MINUTE },
  // the container is not ready yet
  { on: ['/2207027'], kind: 'throttled', waitMs: SECOND },
  // there is no such object, or the token may not see it
  { on: ['/33'], kind: 'unknown' },
  // the container has expired
  { on: ['/2207020'], kind: 'unknown' },
  // suspected as spam, the post may be live all the same
  { on: ['/2207051'], kind: 'unknown' },
  // Meta could not fetch or read the image
  { on: ['/2207003', '/2207052', '/2069019'], kind: 'unknown' },
  // the image is too large
  { on: ['/2207004'], kind: 'refused' },
  // the image has a format that Instagram does not take
  { on: ['/2207005'], kind: 'refused' },
  // the image is too narrow or too wide for Instagram
  { on: ['/2207009'], kind: 'refused' },
  // the caption is too long
  { on: ['/2207010'], kind: 'refused' },
  // the daily quota of posts is used up
  // Waiting does mend it, but not within the life of an alert; nor may a removal wait for it, as it does for a throttle.
  { on: ['/2207042'], kind: 'refused' },
  // Instagram does not let it be deleted
  { on: ['/2207085'], kind: 'refused' },
  // the app does not have the capability
  { on: [3], kind: 'refused' },
  // a permission is missing
  { on: [10, ...PERMISSIONS], kind: 'refused' },
  // a parameter is not taken
  { on: [100], kind: 'refused' },
  // the token is not valid, has expired or was withdrawn
  { on: [102, 190], kind: 'refused' },
  // the text is that of the newest post
  { on: [506], kind: 'refused' },
  // the version of the API is no longer served
  { on: [2635], kind: 'refused' },
];

const TABLE: ReadonlyMap<number | `/${number}`, Meaning> = new Map(
  MEANINGS.flatMap((meaning) => meaning.on.map((key) => [key, meaning] as const)),
);

/** Asking this seldom prolongs no throttle, and a header that exaggerates cannot silence us for longer. */
const LONGEST_WAIT: Milliseconds = HOUR;

/** "No such object": the code that `isAbsent` looks for. */
const ABSENT = 'meta/100/33';

const envelope = z.object({ error: z.object({ code: z.int(), error_subcode: z.int().nullish() }) });
const businessUsage = z.record(
  z.string(),
  z.array(z.object({ estimated_time_to_regain_access: z.number().optional() })),
);

/** Whether an answer with this body is Graph's form of an error, whatever its HTTP status. */
export function isErrorBody(body: unknown): boolean {
  return envelope.safeParse(body).success;
}

/**
 * What an answer that is not a success means. The code is `meta/<code>[/<subcode>]`, or `http/<status>` when the answer is not Graph's;
 * Meta's words are left out, since they can repeat what was sent.
 * @param body the parsed JSON; anything else when it could not be parsed
 */
export function classify(status: number, headers: Headers, body: unknown): ChannelFailure {
  const error = envelope.safeParse(body).data?.error;
  const subcode = error?.error_subcode ?? undefined;
  const code = error ? ['meta', error.code, subcode ?? []].flat().join('/') : `http/${status}`;
  // A server that broke proves nothing about what it did before, whatever it says.
  if (status >= 500) return new ChannelFailure('unknown', code);
  const meaning = (error && meaningOf(error.code, subcode)) ?? (status === 429 ? TABLE.get(4) : undefined);
  const { kind = 'unknown', waitMs } = meaning ?? {};
  return new ChannelFailure(kind, code, waitMs && Math.min(LONGEST_WAIT, askedWaitMs(headers) || waitMs));
}

/** What it means that a container has turned out an error: its `status` ends with the subcode. */
export function classifyContainerError(status: string): ChannelFailure {
  const subcode = /\d{7}/.exec(status)?.[0];
  const meaning = subcode === undefined ? undefined : TABLE.get(`/${Number(subcode)}`);
  return new ChannelFailure(meaning?.kind ?? 'unknown', `container/${subcode ?? 'error'}`);
}

/** Whether the channel says that it knows no such object. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ChannelFailure && error.code === ABSENT;
}

function meaningOf(code: number, subcode: number | undefined): Meaning | undefined {
  return (subcode === undefined ? undefined : TABLE.get(`/${subcode}`)) ?? TABLE.get(code);
}

/** The wait that the headers ask for, 0 when they give none. (`x-app-usage` holds percentages and no time.) */
function askedWaitMs(headers: Headers): Milliseconds {
  const usage = businessUsage.safeParse(parsedJson(headers.get('x-business-use-case-usage')));
  const minutes = Object.values(usage.data ?? {})
    .flat()
    .map((entry) => entry.estimated_time_to_regain_access ?? 0);
  const retryAfter = /^\d+$/.exec(headers.get('retry-after') ?? '')?.[0] ?? 0;
  return Math.max(...minutes.map((each) => each * MINUTE), Number(retryAfter) * SECOND);
}

function parsedJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}
