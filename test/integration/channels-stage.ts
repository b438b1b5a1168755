import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { marker } from '../../src/domain/case-number.js';
import type { ChannelObject } from '../../src/domain/publication.js';
import { SECOND } from '../../src/domain/time.js';
import {
  type AlertContent,
  ChannelFailure,
  type LivePost,
  type PlacedObject,
  type StepRun,
} from '../../src/ports/alert-channel.js';
import { createGraphClient, type GraphClient, type GraphClientOptions } from '../../src/channels/graph-client.js';
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/server.js';
import { Caller } from './simulator-caller.js';

export const CASE = 'MFQ-7K3D-92XQ';
const DIGEST = 'd'.repeat(64);
/** A text that may be in the post and nowhere else. */
export const PRIVATE_TEXT = 'Layla Example, last seen at the corniche';

/** An alert of a revision of `CASE`, as it would be staged. */
export function anAlert(imageUrl: string, changes: Partial<AlertContent> = {}): AlertContent {
  const revision = changes.revision ?? 1;
  return {
    caseNumber: CASE,
    revision,
    digest: DIGEST,
    runKind: 'actual',
    text: `MISSING: ${PRIVATE_TEXT}. Ref ${marker(CASE, revision)}.`,
    altText: 'A drawing of a child',
    imageUrl,
    askedRadiusKm: 160,
    countries: ['QA'],
    ...changes,
  };
}

/** An object as the case would know it. */
export function placed(id: string, changes: Partial<ChannelObject> = {}): PlacedObject {
  return {
    caseNumber: CASE,
    runKind: 'actual',
    object: {
      id,
      revision: 1,
      digest: DIGEST,
      state: 'staged',
      flippedAt: null,
      postId: null,
      permalink: null,
      stagedAt: Date.now(),
      attachments: [],
      lapsesAt: null,
      byHand: false,
      notEditable: false,
      postsAnew: false,
      radiusKm: null,
      ...changes,
    },
  };
}

/** A step with a minute to go that nobody calls off. */
export function aRun(changes: Partial<StepRun> = {}): StepRun {
  return {
    signal: new AbortController().signal,
    sendBefore: Date.now() + 60 * SECOND,
    heartbeat: () => undefined,
    ...changes,
  };
}

/** The failure of a step that must fail. */
export async function failureOf(step: Promise<unknown>): Promise<ChannelFailure> {
  const outcome = await step.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  if (!('error' in outcome)) throw new Error(`succeeded with ${JSON.stringify(outcome.value)}`);
  if (!(outcome.error instanceof ChannelFailure)) throw outcome.error;
  return outcome.error;
}

/** What is live, of an answer that may say that nothing is. */
export function livePost(answer: LivePost | string): LivePost {
  if (typeof answer === 'string') throw new Error(`not live but ${answer}`);
  return answer;
}

export interface Meta {
  readonly simulator: Simulator;
  readonly caller: Caller;
  readonly graph: GraphClient;
  /** One that waits for no answer. */
  readonly hastyGraph: GraphClient;
  readonly close: () => Promise<void>;
}

/** A simulator, and a client that holds its token. */
export async function startMeta(
  options: Partial<SimulatorOptions> & Pick<GraphClientOptions, 'timeoutMs'> = {},
): Promise<Meta> {
  const { timeoutMs, ...simulation } = options;
  const simulator = await startSimulator({ port: 0, containerMs: 0, ...simulation });
  const access = { graphUrl: simulator.url, version: 'v26.0', accessToken: simulator.accessToken };
  return {
    simulator,
    caller: new Caller(simulator),
    graph: createGraphClient({ ...access, ...(timeoutMs === undefined ? {} : { timeoutMs }) }),
    hastyGraph: createGraphClient({ ...access, timeoutMs: 100 }),
    close: () => simulator.close(),
  };
}

interface Recorded {
  /** `GET /v26.0/…` */
  readonly line: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface ScriptedServer {
  readonly url: string;
  /** The requests so far, oldest first. */
  readonly requests: readonly Recorded[];
  readonly close: () => Promise<void>;
}

/** A server that answers as a test says: for what the simulator, being well-behaved, never does. */
export async function startScripted(
  answer: (request: IncomingMessage, response: ServerResponse) => unknown,
): Promise<ScriptedServer> {
  const requests: Recorded[] = [];
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { method, url, headers } = request;
      requests.push({ line: `${method ?? ''} ${url ?? ''}`, authorization: headers.authorization, body });
      answer(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
