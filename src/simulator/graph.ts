import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { CallList } from './call-list.js';
import { callTimeMs } from './call-times.js';
import type { EndpointName } from './endpoints.js';
import { pageOperations, photoOperations, postOperations } from './facebook.js';
import type { Attempt, GraphAnswer } from './fault-kinds.js';
import type { Faults } from './faults.js';
import { doesNotExist, GraphError, invalidParameter } from './graph-error.js';
import { newCallId } from './ids.js';
import { containerOperations, igUserOperations, mediaOperations } from './instagram.js';
import { bodyParsers, Parameters } from './parameters.js';
import { rateLimited, type RatedAccount } from './rate-limit.js';
import { missingFor } from './scopes.js';
import type { GraphCall, Operation, Operations, Simulation } from './simulation.js';
import { authenticate, tokenOperations } from './token.js';

const OLDEST_VERSION = 23;
const NEWEST_VERSION = 26;

/** The Graph API: `/v26.0/{id}` and `/v26.0/{id}/{edge}`, authenticated, each call open to the faults. */
export function graphApi(simulation: Simulation, faults: Faults, calls: CallList): Router {
  const router = express.Router();
  router.use((_request, response, next) => {
    response.locals.call = newCallId();
    response.set('x-fb-trace-id', callIdOf(response));
    response.set('Cache-Control', 'private, no-store');
    next();
  });
  router.use(bodyParsers);
  router.all('/:version/:id{/:edge}', async (request, response) => {
    const { version, id, edge } = request.params;
    checkVersion(version);
    response.set('facebook-api-version', version);
    const parameters = Parameters.of(request);
    authenticate(simulation, request, parameters);

    const call: GraphCall = {
      id: callIdOf(response),
      method: methodOf(request, parameters),
      objectId: id === 'me' ? simulation.log.accounts.pageId : id,
      parameters,
      origin: `${request.protocol}://${request.host}`,
      path: request.path,
      disturbance: {},
    };
    const operation = operationOf(simulation, call, edge);
    const endpoint = typeof operation?.endpoint === 'function' ? operation.endpoint(parameters) : operation?.endpoint;
    const account = accountOf(simulation, endpoint);
    const attempt: Attempt = {
      endpoint,
      perform: (disturbance = {}) => perform(operation, endpoint, simulation, { ...call, disturbance }),
      refuse: (error) => refusal(call, error),
      throttle: (code, minutes) => ({
        ...refusal(call, GraphError.byCode(code ?? (account.channel === 'instagram' ? 4 : 32))),
        headers: simulation.rateLimit.headers(account, Date.now(), minutes),
      }),
      hide: (answer, reads) => {
        for (const id of idsIn(answer, call)) simulation.readAfterWrite.hide(id, reads);
      },
      wait: (ms) => delay(ms, undefined, { signal: simulation.stopping }),
      gone: () => once(response, 'close', { signal: simulation.stopping }),
    };

    const allowed = simulation.rateLimit.allows(account, Date.now());
    const fault = allowed && endpoint !== undefined ? faults.next(endpoint) : undefined;
    const listed = calls.add({
      call: call.id,
      method: call.method,
      objectId: call.objectId,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(fault === undefined ? {} : { fault: fault.fault }),
    });
    const undisturbed = (): GraphAnswer | Promise<GraphAnswer> => {
      if (!allowed) return attempt.refuse(rateLimited(account));
      const missing = missingFor(endpoint, simulation.settings.missingScopes);
      return missing === undefined
        ? attempt.perform()
        : attempt.refuse(GraphError.of('permissions', `(#200) The permission ${missing} is needed`));
    };
    const outcome = await (fault === undefined ? undisturbed() : fault.disturb(attempt));
    listed.status = outcome?.status ?? 'reset';
    if (outcome === undefined) request.socket.resetAndDestroy();
    else {
      response
        .status(outcome.status)
        .set({ ...simulation.rateLimit.headers(account, Date.now()), ...outcome.headers })
        .json(outcome.body);
    }
  });
  router.use((request) => {
    throw GraphError.of('unknownPath', `Unknown path components: ${request.path}`);
  });
  router.use(answerError);
  return router;
}

/** A body may name the method, so that what is asked for need not stand in the address. */
function methodOf({ method }: Request, parameters: Parameters): string {
  return method === 'POST' ? (parameters.text('method') ?? method).toUpperCase() : method;
}

function refusal(call: GraphCall, error: GraphError): GraphAnswer {
  return { status: error.status, body: error.envelope(call.id) };
}

function accountOf({ log }: Simulation, endpoint: EndpointName | undefined): RatedAccount {
  return endpoint?.startsWith('instagram.') === true
    ? { channel: 'instagram', id: log.accounts.igUserId }
    : { channel: 'facebook', id: log.accounts.pageId };
}

/** The objects that a call made; the one it was sent to, when it made none. None at all when it was refused. */
function idsIn({ status, body }: GraphAnswer, call: GraphCall): string[] {
  if (status !== 200) return [];
  const { id = call.objectId, post_id: postId = id } = body as { id?: string; post_id?: string };
  return [id, postId];
}

async function perform(
  operation: Operation | undefined,
  endpoint: EndpointName | undefined,
  simulation: Simulation,
  call: GraphCall,
): Promise<GraphAnswer> {
  try {
    if (operation === undefined || endpoint === undefined) throw doesNotExist(call.method, call.objectId);
    const ms = callTimeMs(endpoint, simulation.settings.callTimes);
    if (ms > 0) await delay(ms, undefined, { signal: simulation.stopping });
    refuseIfOffline(simulation, endpoint);
    const body = await operation.run(simulation, call);
    return { status: 200, body: { ...body, ...(await fieldsAfter(simulation, call, body)) } };
  } catch (error) {
    if (error instanceof GraphError) return refusal(call, error);
    throw error;
  }
}

function refuseIfOffline({ log }: Simulation, endpoint: EndpointName): void {
  const { offlineCode } = log.world.page;
  if (offlineCode !== undefined && endpoint.startsWith('facebook.') && endpoint !== 'facebook.readPage') {
    throw GraphError.byCode(offlineCode);
  }
}

/** A change that names `fields` is answered with them as well. What cannot be shown is left out, for the change is made. */
async function fieldsAfter(simulation: Simulation, call: GraphCall, answer: object): Promise<object> {
  if (call.method !== 'POST' || !call.parameters.text('fields')) return {};
  const objectId = 'id' in answer && typeof answer.id === 'string' ? answer.id : call.objectId;
  try {
    return (await operationsOf(simulation, objectId)?.GET?.run(simulation, { ...call, method: 'GET', objectId })) ?? {};
  } catch (error) {
    if (error instanceof GraphError) return {};
    throw error;
  }
}

/** Undefined if there is no such object, or if it cannot do this: Graph answers both alike. */
function operationOf(simulation: Simulation, call: GraphCall, edge: string | undefined): Operation | undefined {
  if (simulation.readAfterWrite.hides(call.objectId)) return undefined;
  const operations = operationsOf(simulation, call.objectId);
  return operations?.[edge === undefined ? call.method : `${call.method} ${edge}`];
}

function operationsOf({ log }: Simulation, id: string): Operations | undefined {
  if (id === 'debug_token') return tokenOperations;
  if (id === log.accounts.pageId) return pageOperations;
  if (id === log.accounts.igUserId) return igUserOperations;
  if (log.world.posts.has(id)) return postOperations;
  if (log.world.photos.has(id)) return photoOperations;
  if (log.world.containers.has(id)) return containerOperations;
  if (log.world.media.has(id)) return mediaOperations;
  return undefined;
}

function checkVersion(version: string): void {
  const major = /^v(\d+)\.0$/.exec(version)?.[1];
  if (major === undefined || Number(major) > NEWEST_VERSION) {
    throw GraphError.of('unknownPath', `Unknown path components: /${version}`);
  }
  if (Number(major) < OLDEST_VERSION) {
    throw GraphError.of(
      'deprecatedVersion',
      `(#2635) You are calling a deprecated version of the API. Please update to the latest version: v${NEWEST_VERSION}.0.`,
    );
  }
}

function answerError(error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (request.socket.destroyed) return;
  if (response.headersSent) {
    next(error);
    return;
  }
  const graphError = asGraphError(error);
  if (graphError.code === 1) console.error(error);
  response.status(graphError.status).json(graphError.envelope(callIdOf(response)));
}

function asGraphError(error: unknown): GraphError {
  if (error instanceof GraphError) return error;
  // What express's own parsers throw for a body that is broken or too long.
  if (error instanceof Error && 'status' in error && typeof error.status === 'number' && error.status < 500) {
    return invalidParameter(`The body cannot be read: ${error.message}`);
  }
  return GraphError.of('unknown');
}

function callIdOf(response: Response): string {
  return String(response.locals.call);
}
