import { setTimeout as delay } from 'node:timers/promises';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { pageOperations, photoOperations, postOperations } from './facebook.js';
import type { Faults, GraphAnswer } from './faults.js';
import { doesNotExist, GraphError, invalidParameter } from './graph-error.js';
import { newCallId } from './ids.js';
import { containerOperations, igUserOperations, mediaOperations } from './instagram.js';
import { bodyParsers, Parameters } from './parameters.js';
import type { GraphCall, Operation, Operations, Simulation } from './simulation.js';

const OLDEST_VERSION = 23;
const NEWEST_VERSION = 26;

/** The Graph API: `/v26.0/{id}` and `/v26.0/{id}/{edge}`, authenticated, each call open to the faults. */
export function graphApi(simulation: Simulation, faults: Faults): Router {
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
    authenticate(request, parameters, simulation.log.accounts.accessToken);

    const call: GraphCall = {
      id: callIdOf(response),
      method: request.method,
      objectId: id,
      parameters,
      origin: `${request.protocol}://${request.host}`,
      path: request.path,
    };
    const operation = operationOf(simulation, call, edge);
    const outcome = await faults.disturb({
      endpoint: typeof operation?.endpoint === 'function' ? operation.endpoint(parameters) : operation?.endpoint,
      accountId: id,
      perform: () => perform(operation, simulation, call),
      refuse: (error, headers) => ({
        status: error.status,
        body: error.envelope(call.id),
        ...(headers === undefined ? {} : { headers }),
      }),
      wait: (ms) => delay(ms, undefined, { signal: simulation.stopping }),
    });
    if (outcome === undefined) request.socket.destroy();
    else
      response
        .status(outcome.status)
        .set(outcome.headers ?? {})
        .json(outcome.body);
  });
  router.use((request) => {
    throw GraphError.of('unknownPath', `Unknown path components: ${request.path}`);
  });
  router.use(answerError);
  return router;
}

async function perform(
  operation: Operation | undefined,
  simulation: Simulation,
  call: GraphCall,
): Promise<GraphAnswer> {
  try {
    if (operation === undefined) throw doesNotExist(call.method, call.objectId);
    return { status: 200, body: await operation.run(simulation, call) };
  } catch (error) {
    if (error instanceof GraphError) return { status: error.status, body: error.envelope(call.id) };
    throw error;
  }
}

/** Undefined if there is no such object, or if it cannot do this: Graph answers both alike. */
function operationOf(simulation: Simulation, call: GraphCall, edge: string | undefined): Operation | undefined {
  const operations = operationsOf(simulation, call.objectId);
  return operations?.[edge === undefined ? call.method : `${call.method} ${edge}`];
}

function operationsOf({ log }: Simulation, id: string): Operations | undefined {
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

function authenticate(request: Request, parameters: Parameters, accessToken: string): void {
  const bearer = /^(?:Bearer|OAuth) (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const token = bearer ?? parameters.text('access_token');
  if (token === undefined) {
    throw GraphError.of('invalidToken', 'An access token is required to request this resource.');
  }
  if (token !== accessToken) throw GraphError.of('invalidToken');
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
