import { z } from 'zod';
import { HOUR, MINUTE, type Milliseconds, SECOND } from '../domain/time.js';
import { ChannelFailure } from '../ports/alert-channel.js';

interface Verdict {
  readonly kind: ChannelFailure['kind'];
  /** For `throttled`, when the headers give no time. */
  readonly waitMs?: Milliseconds;
}

const RATE_LIMITED: Verdict = { kind: 'throttled', waitMs: MINUTE };
const TOO_EARLY: Verdict = { kind: 'throttled', waitMs: SECOND };
const REFUSED: Verdict = { kind: 'refused' };
const UNKNOWN: Verdict = { kind: 'unknown' };

/** A subcode says more than its code: 4 is a rate limit, but 4/2207051 a suspicion that has been raised although the post was live. */
const BY_SUBCODE: Readonly<Record<number, Verdict>> = {
  33: UNKNOWN, // no such object, which can be untrue right after it was made
  2069019: UNKNOWN, // the photo was not to be had or read: Facebook does not say which
  2207003: UNKNOWN, // fetching the image took too long
  2207004: REFUSED, // image too large
  2207005: REFUSED, // image format
  2207009: REFUSED, // aspect ratio
  2207010: REFUSED, // caption too long
  2207020: UNKNOWN, // container expired
  2207027: TOO_EARLY,
  // Waiting does mend a used up daily quota, but not within the life of an alert; nor may a removal wait for it, as it does for a throttle.
  2207042: REFUSED,
  2207051: UNKNOWN, // suspected spam
  2207052: UNKNOWN, // the image could not be fetched
  2207085: REFUSED, // may not be deleted
};

const BY_CODE: Readonly<Record<number, Verdict>> = {
  1: UNKNOWN,
  2: UNKNOWN,
  4: RATE_LIMITED,
  17: RATE_LIMITED,
  32: RATE_LIMITED,
  341: RATE_LIMITED,
  368: RATE_LIMITED,
  613: RATE_LIMITED,
  80001: RATE_LIMITED,
  80002: RATE_LIMITED,
  3: REFUSED, // capability
  10: REFUSED, // permission
  100: REFUSED, // parameter
  102: REFUSED, // session
  190: REFUSED, // token
  506: REFUSED, // duplicate text
  2635: REFUSED, // version no longer served
};

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
  const { kind, waitMs } = verdictOn(status, error?.code, subcode);
  const code = error ? ['meta', error.code, subcode ?? []].flat().join('/') : `http/${status}`;
  return new ChannelFailure(kind, code, waitMs && Math.min(LONGEST_WAIT, askedWaitMs(headers) || waitMs));
}

/** What it means that a container has turned out an error: its `status` ends with the subcode. */
export function classifyContainerError(status: string): ChannelFailure {
  const subcode = /\d{7}/.exec(status)?.[0];
  const verdict = subcode === undefined ? UNKNOWN : (BY_SUBCODE[Number(subcode)] ?? UNKNOWN);
  return new ChannelFailure(verdict.kind, `container/${subcode ?? 'error'}`);
}

/** Whether the channel says that it knows no such object. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ChannelFailure && error.code === ABSENT;
}

function verdictOn(status: number, code: number | undefined, subcode: number | undefined): Verdict {
  // A server that broke proves nothing about what it did before, whatever it says.
  if (status >= 500) return UNKNOWN;
  if (code !== undefined) {
    const verdict = (subcode === undefined ? undefined : BY_SUBCODE[subcode]) ?? BY_CODE[code];
    if (verdict) return verdict;
    if (code >= 200 && code <= 299) return REFUSED;
  }
  // Nor does a code we do not know: a flip it answers may have taken effect.
  return status === 429 ? RATE_LIMITED : UNKNOWN;
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
