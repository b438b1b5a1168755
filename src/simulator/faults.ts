import { createHash, randomInt } from 'node:crypto';
import { z } from 'zod';
import { covers, ENDPOINT_PATTERNS, ENDPOINTS, type EndpointName, type EndpointPattern } from './endpoints.js';
import { canHappenTo, FAULT_NAMES, faultKind, type FaultKind, type FaultName } from './fault-kinds.js';

const requestSchema = z
  .looseObject({
    endpoint: z.enum(ENDPOINT_PATTERNS),
    fault: z.enum(FAULT_NAMES),
    /** How many calls it disturbs: one, unless a probability is given; then as many as it meets. */
    count: z.int().min(1).max(1_000_000).optional(),
    /** Of each call that it is meant for. */
    probability: z.number().min(0).max(1).optional(),
    seed: z.int().min(0).optional(),
  })
  .refine(({ seed, probability }) => seed === undefined || probability !== undefined, {
    path: ['seed'],
    message: 'a seed is for a probability',
  })
  .refine(({ endpoint, fault }) => ENDPOINTS.some((one) => covers(endpoint, one) && canHappenTo(fault, one)), {
    path: ['endpoint'],
    message: 'this fault does not happen there',
  });

/** A fault that waits for its calls, as the control API shows it. */
export interface PendingFault {
  readonly id: number;
  readonly endpoint: EndpointPattern;
  readonly fault: FaultName;
  /** What is left of it; absent when it goes on until it is taken back. */
  readonly count?: number;
  readonly probability?: number;
  readonly seed?: number;
  readonly [parameter: string]: unknown;
}

interface ArmedFault extends FaultKind {
  readonly id: number;
  readonly endpoint: EndpointPattern;
  readonly fault: FaultName;
  /** Infinity when it goes on until it is taken back. */
  left: number;
  readonly chance?: { readonly probability: number; readonly seed: number };
  /** How many calls of an endpoint it has seen. */
  readonly seen: Map<EndpointName, number>;
}

/**
 * The faults told to happen. They are not kept in the data file: a simulator that starts has none.
 *
 * A call is disturbed by one fault at most: the oldest of those that are meant for it and, where they have a probability, whose draw is
 * below it. Every fault draws for every call that it is meant for, whether or not an older one takes it, and the draw for the n-th call of
 * an endpoint depends on seed, fault, endpoint and n alone: the same seed and the same calls to an endpoint meet the same faults, however
 * calls to other endpoints fall between them.
 */
export class Faults {
  #armed: ArmedFault[] = [];
  #lastId = 0;

  /**
   * Takes a fault on, behind those that wait already.
   * @throws z.ZodError if the request names no such endpoint or fault, or a parameter that it does not take
   */
  arm(request: unknown): PendingFault {
    const { endpoint, fault, count, probability, seed, ...parameters } = requestSchema.parse(request);
    const kind = faultKind(fault, parameters);
    this.#lastId += 1;
    const armed: ArmedFault = {
      id: this.#lastId,
      endpoint,
      fault,
      left: count ?? (probability === undefined ? 1 : Infinity),
      ...(probability === undefined ? {} : { chance: { probability, seed: seed ?? randomInt(2 ** 32) } }),
      seen: new Map(),
      ...kind,
    };
    this.#armed.push(armed);
    return shown(armed);
  }

  pending(): PendingFault[] {
    return this.#armed.map(shown);
  }

  /** Takes one fault back. @returns whether it was still there */
  disarm(id: number): boolean {
    const before = this.#armed.length;
    this.#armed = this.#armed.filter((fault) => fault.id !== id);
    return this.#armed.length < before;
  }

  clear(): void {
    this.#armed = [];
  }

  /** The fault that strikes the next call of this endpoint, if there is one. It is used up by that. */
  next(endpoint: EndpointName): (FaultKind & { readonly fault: FaultName }) | undefined {
    const striking = this.#armed
      .filter((fault) => covers(fault.endpoint, endpoint) && canHappenTo(fault.fault, endpoint))
      .filter((fault) => strikes(fault, endpoint));
    const first = striking[0];
    if (first === undefined) return undefined;
    first.left -= 1;
    if (first.left === 0) this.disarm(first.id);
    return first;
  }
}

/** Draws, which is to be done once for each call. */
function strikes(armed: ArmedFault, endpoint: EndpointName): boolean {
  const { fault, chance, seen } = armed;
  if (chance === undefined) return true;
  const n = (seen.get(endpoint) ?? 0) + 1;
  seen.set(endpoint, n);
  return draw(`${chance.seed}/${fault}/${endpoint}/${n}`) < chance.probability;
}

/** A number from 0 to 1, without 1, that looks random and is always the same for the same text. */
function draw(text: string): number {
  return createHash('sha256').update(text).digest().readUIntBE(0, 6) / 2 ** 48;
}

function shown({ id, endpoint, fault, left, chance, parameters }: ArmedFault): PendingFault {
  return { id, endpoint, fault, ...(left === Infinity ? {} : { count: left }), ...chance, ...parameters };
}
