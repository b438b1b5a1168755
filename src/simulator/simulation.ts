import type { EffectsLog } from './effects-log.js';
import type { EndpointName } from './endpoints.js';
import type { FetchProblem } from './image-fetch.js';
import type { ImageStore } from './image-store.js';
import type { Ingestion } from './ingestion.js';
import type { Parameters } from './parameters.js';
import type { RateLimit } from './rate-limit.js';
import type { ReadAfterWrite } from './read-after-write.js';
import type { Settings } from './settings.js';

/** What every endpoint works with. */
export interface Simulation {
  readonly log: EffectsLog;
  readonly images: ImageStore;
  readonly ingestion: Ingestion;
  readonly readAfterWrite: ReadAfterWrite;
  readonly rateLimit: RateLimit;
  readonly settings: Settings;
  /** Aborted when the simulator stops. */
  readonly stopping: AbortSignal;
}

/** How a fault bends what a call does, where bending its answer is not enough. */
export interface Disturbance {
  readonly imageFetch?: FetchProblem;
  readonly container?: 'IN_PROGRESS' | 'ERROR' | 'EXPIRED';
  readonly quotaReached?: boolean;
  readonly tokenExpired?: boolean;
}

/** One HTTP call to the Graph API, authenticated. */
export interface GraphCall {
  /** The `fbtrace_id` of its answer, and `call` of its effects. */
  readonly id: string;
  readonly method: string;
  /** The id in the path. */
  readonly objectId: string;
  readonly parameters: Parameters;
  /** `http://host:port`, as the caller reached us. */
  readonly origin: string;
  /** The path with its version, without the query. */
  readonly path: string;
  readonly disturbance: Disturbance;
}

/** One thing that can be done with an object. */
export interface Operation {
  /** The name that faults know it by. */
  readonly endpoint: EndpointName | ((parameters: Parameters) => EndpointName);
  /** Takes effect, and returns the body of the answer. Refusals are thrown as GraphError. */
  readonly run: (simulation: Simulation, call: GraphCall) => object | Promise<object>;
}

/** What a kind of object can do, by method and edge: `POST photos`, or `DELETE` for the object itself. */
export type Operations = Readonly<Record<string, Operation>>;
