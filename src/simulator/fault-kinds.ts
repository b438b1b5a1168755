import { z } from 'zod';
import { covers, type EndpointName, type EndpointPattern } from './endpoints.js';
import { GraphError } from './graph-error.js';
import type { Disturbance } from './simulation.js';

/** A caller that never gives up is cut off after this long: no client of ours waits half as long. */
const LONGEST_PATIENCE_MS = 60_000;

/** What goes back to the caller. */
export interface GraphAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call, seen by a fault that may disturb it. */
export interface Attempt {
  /** Undefined when the object cannot do what was asked. */
  readonly endpoint: EndpointName | undefined;
  /** Lets the call take effect, bent or as it is, and gives the answer it deserves. Never throws a GraphError. */
  readonly perform: (disturbance?: Disturbance) => Promise<GraphAnswer>;
  readonly refuse: (error: GraphError) => GraphAnswer;
  /** Refuses by a rate limit, with the headers that say for how many minutes. */
  readonly throttle: (code: number | undefined, minutes: number) => GraphAnswer;
  /** Lets the object that the call made, or changed, be unknown to the next calls that ask for it. */
  readonly hide: (answer: GraphAnswer, reads: number) => void;
  readonly wait: (ms: number) => Promise<unknown>;
  /** Resolves when the caller has gone. */
  readonly gone: () => Promise<unknown>;
}

/** Undefined: the connection is reset without a word. */
export type Outcome = GraphAnswer | undefined;

const milliseconds = z.int().min(0).max(600_000);

/**
 * Every fault: where it can happen, the parameters it takes, with which it typically comes, and what it does to a call. A further fault is
 * one entry here.
 */
const KINDS = {
  /** Refused with any code, and nothing happens. */
  fail: kind(
    ['*'],
    { status: z.int().min(400).max(599).optional(), code: z.int().default(2), subcode: z.int().optional() },
    [{}, { code: 1 }, { status: 503 }, { code: 100, subcode: 33 }, { code: 200 }, { code: 368 }],
    ({ status, code, subcode }, attempt) =>
      attempt.refuse(GraphError.byCode(code, subcode, status ?? (code === 2 ? 500 : undefined))),
  ),
  /** Takes effect, then answers HTTP 500, code 2, as if it had not. */
  effectThen500: kind(['*'], {}, [{}], async (_, attempt) => {
    await attempt.perform();
    return attempt.refuse(GraphError.of('temporary'));
  }),
  /** Takes effect, then resets the connection without an answer. */
  loseAnswer: kind(['*'], {}, [{}], async (_, attempt) => {
    await attempt.perform();
    return undefined;
  }),
  /** Takes effect so long after the caller has given up. */
  lateEffect: kind(['*'], { ms: milliseconds }, [{ ms: 0 }, { ms: 700 }, { ms: 4_000 }], async ({ ms }, attempt) => {
    await Promise.race([attempt.gone(), attempt.wait(LONGEST_PATIENCE_MS)]);
    await attempt.wait(ms);
    await attempt.perform();
    return undefined;
  }),
  /** Waits, then takes effect and answers, whether the caller is still there or not. */
  slow: kind(['*'], { ms: milliseconds }, [{ ms: 300 }, { ms: 2_500 }, { ms: 9_000 }], async ({ ms }, attempt) => {
    await attempt.wait(ms);
    return attempt.perform();
  }),
  /** Refused by a rate limit, and nothing happens. */
  throttled: kind(
    ['facebook.*', 'instagram.*'],
    {
      minutes: z.int().min(0).max(1440).default(1),
      code: z.union([z.literal([4, 17, 32, 613, 80001, 80002])]).optional(),
    },
    [{}, { code: 4 }, { code: 80001 }],
    ({ minutes, code }, attempt) => attempt.throttle(code, minutes),
  ),
  /** Takes effect, but for the next calls that name it, or list it, the object does not exist: 100/33. */
  readAfterWrite: kind(
    [
      'facebook.createPhoto',
      'facebook.createPost',
      'facebook.publishPost',
      'instagram.createContainer',
      'instagram.publish',
    ],
    { reads: z.int().min(1).max(1000).default(1) },
    [{}, { reads: 3 }],
    async ({ reads }, attempt) => {
      const answer = await attempt.perform();
      attempt.hide(answer, reads);
      return answer;
    },
  ),
  /** The container never gets ready: stays in progress, turns out an error, or has expired. */
  containerStuck: kind(
    ['instagram.createContainer'],
    { status: z.enum(['IN_PROGRESS', 'ERROR', 'EXPIRED']).default('IN_PROGRESS') },
    [{}, { status: 'ERROR' }, { status: 'EXPIRED' }],
    ({ status }, attempt) => attempt.perform({ container: status }),
  ),
  /** Meta cannot fetch the image: Facebook refuses the photo, Instagram's container turns out an error. */
  imageFetchFails: kind(
    ['facebook.createPhoto', 'instagram.createContainer'],
    { problem: z.enum(['unreachable', 'timed out']).default('timed out') },
    [{}, { problem: 'unreachable' }],
    ({ problem }, attempt) => attempt.perform({ imageFetch: problem }),
  ),
  /** Instagram does not delete the media: 2207085. */
  deleteRefused: kind(['instagram.deleteMedia'], {}, [{}], (_, attempt) =>
    attempt.refuse(GraphError.of('deleteRefused')),
  ),
  /** The access token has expired: 190/463. Asked about the token, Meta says so. */
  tokenExpired: kind(['facebook.*', 'instagram.*', 'token.inspect'], {}, [{}], (_, attempt) =>
    attempt.endpoint === 'token.inspect'
      ? attempt.perform({ tokenExpired: true })
      : attempt.refuse(GraphError.of('tokenExpired')),
  ),
  /** Suspected as spam, 4/2207051, although the media is live. */
  spamFlag: kind(
    ['instagram.publish'],
    { effect: z.boolean().default(true) },
    [{}, { effect: false }],
    async ({ effect }, attempt) => {
      if (effect) await attempt.perform();
      return attempt.refuse(GraphError.of('suspectedSpam'));
    },
  ),
  /** Taken for the same text twice running, 506, and nothing happens. */
  duplicateText: kind(['facebook.createPhoto', 'facebook.createPost', 'facebook.publishPost'], {}, [{}], (_, attempt) =>
    attempt.refuse(GraphError.of('duplicateText')),
  ),
  /** The daily quota is used up: 9/2207042. Asked about the limit, Instagram says so. */
  quotaReached: kind(['instagram.publish', 'instagram.limit'], {}, [{}], (_, attempt) =>
    attempt.endpoint === 'instagram.limit'
      ? attempt.perform({ quotaReached: true })
      : attempt.refuse(GraphError.of('instagramQuotaReached')),
  ),
};

export type FaultName = keyof typeof KINDS;

export const FAULT_NAMES = Object.keys(KINDS) as FaultName[];

/** A fault with its parameters. */
export interface FaultKind {
  readonly parameters: object;
  readonly disturb: (attempt: Attempt) => Outcome | Promise<Outcome>;
}

/** @throws z.ZodError if the fault does not take one of these parameters, or needs another */
export function faultKind(name: FaultName, parameters: object): FaultKind {
  return KINDS[name].with(parameters);
}

/** The parameters with which a fault typically comes, one set or several: what storms draw from. */
export function typicalParameters(name: FaultName): readonly object[] {
  return KINDS[name].typical;
}

/** Whether a fault can happen to calls of this endpoint. */
export function canHappenTo(name: FaultName, endpoint: EndpointName): boolean {
  return KINDS[name].happensTo.some((pattern) => covers(pattern, endpoint));
}

function kind<Shape extends z.ZodRawShape>(
  happensTo: readonly EndpointPattern[],
  shape: Shape,
  typical: readonly z.input<z.ZodObject<Shape, z.core.$strict>>[],
  disturb: (parameters: z.output<z.ZodObject<Shape, z.core.$strict>>, attempt: Attempt) => Outcome | Promise<Outcome>,
): { happensTo: readonly EndpointPattern[]; typical: readonly object[]; with: (given: object) => FaultKind } {
  const schema = z.strictObject(shape);
  return {
    happensTo,
    typical,
    with: (given) => {
      const parameters = schema.parse(given);
      return { parameters, disturb: (attempt) => disturb(parameters, attempt) };
    },
  };
}
