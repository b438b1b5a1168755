import { z } from 'zod';
import { GraphError } from './graph-error.js';

/** What a fault can be aimed at. */
const ENDPOINTS = [
  'facebook.createPhoto',
  'facebook.createPost',
  'facebook.readPost',
  'facebook.listPosts',
  'facebook.editPost',
  'facebook.publishPost',
  'facebook.deletePost',
  'instagram.createContainer',
  'instagram.readContainer',
  'instagram.publish',
  'instagram.listMedia',
  'instagram.readMedia',
  'instagram.deleteMedia',
  'instagram.limit',
] as const;

export type EndpointName = (typeof ENDPOINTS)[number];

/** What goes back to the caller. */
export interface GraphAnswer {
  readonly status: number;
  readonly body: object;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One call, seen by a fault that may disturb it. */
export interface Attempt {
  readonly endpoint: EndpointName | undefined;
  /** The id of the Page or the account called, as the rate limit headers name it. */
  readonly accountId: string;
  /** Lets the call take effect, and gives the answer it deserves. Never throws a GraphError. */
  readonly perform: () => Promise<GraphAnswer>;
  readonly refuse: (error: GraphError, headers?: Readonly<Record<string, string>>) => GraphAnswer;
  readonly wait: (ms: number) => Promise<unknown>;
}

/** Undefined: the connection is cut without a word. */
type Outcome = GraphAnswer | undefined;

const milliseconds = z.int().min(0).max(600_000);

/** Every fault: the parameters it takes, and what it does to a call. A further fault is one entry here. */
const KINDS = {
  /** Refused, and nothing happens. */
  fail: kind(
    { status: z.int().min(400).max(599).optional(), code: z.int().default(2), subcode: z.int().optional() },
    ({ status, code, subcode }, attempt) =>
      Promise.resolve(attempt.refuse(GraphError.byCode(code, subcode, status ?? (code === 2 ? 500 : undefined)))),
  ),
  /** Takes effect, then answers HTTP 500, code 2, as if it had not. */
  effectThen500: kind({}, async (_, attempt) => {
    await attempt.perform();
    return attempt.refuse(GraphError.of('temporary'));
  }),
  /** Takes effect, then cuts the connection without an answer. */
  loseAnswer: kind({}, async (_, attempt) => {
    await attempt.perform();
    return undefined;
  }),
  /** Waits, then takes effect and answers, whether the caller is still there or not. */
  slow: kind({ ms: milliseconds }, async ({ ms }, attempt) => {
    await attempt.wait(ms);
    return attempt.perform();
  }),
  /** Refused by the rate limit, with the headers that say for how many minutes. */
  throttled: kind({ minutes: z.int().min(0).max(1440).default(1) }, ({ minutes }, attempt) => {
    const instagram = attempt.endpoint?.startsWith('instagram.') ?? false;
    const full = { call_count: 100, total_cputime: 25, total_time: 25 };
    const usage = {
      [attempt.accountId]: [
        { type: instagram ? 'instagram' : 'pages', ...full, estimated_time_to_regain_access: minutes },
      ],
    };
    return Promise.resolve(
      attempt.refuse(GraphError.of(instagram ? 'appLimit' : 'pageLimit'), {
        'x-app-usage': JSON.stringify(full),
        'x-business-use-case-usage': JSON.stringify(usage),
      }),
    );
  }),
};

const FAULT_NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[];

const requestSchema = z.looseObject({
  endpoint: z.enum([...ENDPOINTS, '*']),
  fault: z.enum(FAULT_NAMES),
  /** How many calls it disturbs. */
  count: z.int().min(1).max(1_000_000).default(1),
});

/** A fault that waits for its calls, as the control API shows it; `count` is what is left of it. */
export interface PendingFault {
  readonly endpoint: EndpointName | '*';
  readonly fault: string;
  readonly count: number;
  readonly [parameter: string]: unknown;
}

interface ArmedFault {
  readonly endpoint: EndpointName | '*';
  readonly fault: string;
  left: number;
  readonly parameters: object;
  readonly disturb: (attempt: Attempt) => Promise<Outcome>;
}

/** The faults told to happen. They are not kept in the data file: a simulator that starts has none. */
export class Faults {
  #armed: ArmedFault[] = [];

  /**
   * Takes a fault on, behind those that wait already.
   * @throws z.ZodError if the request names no such endpoint or fault, or a parameter that it does not take
   */
  arm(request: unknown): PendingFault {
    const { endpoint, fault, count, ...parameters } = requestSchema.parse(request);
    const armed: ArmedFault = { endpoint, fault, left: count, ...KINDS[fault].arm(parameters) };
    this.#armed.push(armed);
    return shown(armed);
  }

  pending(): PendingFault[] {
    return this.#armed.map(shown);
  }

  clear(): void {
    this.#armed = [];
  }

  /** Lets one call happen, disturbed by the oldest fault that is meant for it, if there is one. */
  async disturb(attempt: Attempt): Promise<Outcome> {
    const fault = this.#armed.find(({ endpoint }) => endpoint === '*' || endpoint === attempt.endpoint);
    if (fault === undefined) return attempt.perform();
    fault.left -= 1;
    if (fault.left === 0) this.#armed = this.#armed.filter((other) => other !== fault);
    return fault.disturb(attempt);
  }
}

function shown(fault: ArmedFault): PendingFault {
  return { endpoint: fault.endpoint, fault: fault.fault, count: fault.left, ...fault.parameters };
}

function kind<Shape extends z.ZodRawShape>(
  shape: Shape,
  disturb: (parameters: z.output<z.ZodObject<Shape, z.core.$strict>>, attempt: Attempt) => Promise<Outcome>,
): { arm: (given: object) => Pick<ArmedFault, 'parameters' | 'disturb'> } {
  const schema = z.strictObject(shape);
  return {
    arm: (given) => {
      const parameters = schema.parse(given);
      return { parameters, disturb: (attempt) => disturb(parameters, attempt) };
    },
  };
}
