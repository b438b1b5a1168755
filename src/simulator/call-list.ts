import type { EndpointName } from './endpoints.js';
import type { FaultName } from './fault-kinds.js';

const KEPT = 10_000;

/** One call to the Graph API that had the right token, without what was sent. */
export interface ListedCall {
  /** 1, 2, 3, … since the simulator started. */
  readonly seq: number;
  /** The `fbtrace_id` of its answer, and `call` of its effects. */
  readonly call: string;
  /** When it came: UTC, with milliseconds. */
  readonly at: string;
  readonly method: string;
  readonly objectId: string;
  /** Undefined when the object cannot do what was asked. */
  readonly endpoint?: EndpointName;
  readonly fault?: FaultName;
  /** HTTP status of the answer; `reset` when there was none; undefined while it is under way. */
  status?: number | 'reset';
}

/** The last calls, and which faults they met. It ends with the process. */
export class CallList {
  readonly #calls: ListedCall[] = [];
  #last = 0;

  add(call: Omit<ListedCall, 'seq' | 'at' | 'status'>): ListedCall {
    this.#last += 1;
    const listed: ListedCall = { seq: this.#last, at: new Date().toISOString(), ...call };
    this.#calls.push(listed);
    if (this.#calls.length > 2 * KEPT) this.#calls.splice(0, this.#calls.length - KEPT);
    return listed;
  }

  /** The calls with a number greater than `seq`, in the order in which they came; at least the last 10,000 are there. */
  after(seq: number): readonly ListedCall[] {
    return this.#calls.filter((call) => call.seq > seq);
  }
}
