import { BlockList, isIPv6 } from 'node:net';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { EffectsLog } from './effects-log.js';
import type { Faults } from './faults.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/**
 * What a test or an operator on this machine tells the simulator, and asks it. It needs no token and therefore answers
 * callers on the loopback address only.
 *
 * - `GET /effects?after=SEQ`: `{effects: […]}`, what really happened, in order
 * - `POST /faults` `{endpoint, fault, count, …}`, `GET /faults`, `DELETE /faults`
 */
export function controlApi(log: EffectsLog, faults: Faults): Router {
  const router = express.Router();
  router.use(loopbackOnly);
  router.use(express.json());

  router.get('/effects', (request, response) => {
    const { after } = z.object({ after: z.coerce.number().int().min(0).default(0) }).parse(request.query);
    response.json({ effects: log.after(after) });
  });
  router.post('/faults', (request, response) => {
    response.status(201).json(faults.arm(request.body));
  });
  router.get('/faults', (_request, response) => {
    response.json({ faults: faults.pending() });
  });
  router.delete('/faults', (_request, response) => {
    faults.clear();
    response.status(204).end();
  });
  router.use((_request, response) => {
    response.status(404).json({ message: 'the simulator knows /simulator/effects and /simulator/faults' });
  });
  router.use(answerError);
  return router;
}

function loopbackOnly(request: Request, response: Response, next: NextFunction): void {
  const address = (request.socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (LOOPBACK.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')) next();
  else response.status(403).json({ message: 'the simulator takes orders from this machine only' });
}

function answerError(error: unknown, _request: Request, response: Response, next: NextFunction): void {
  if (error instanceof z.ZodError) response.status(400).json({ message: z.prettifyError(error) });
  else if (error instanceof Error && 'status' in error && error.status === 400) {
    response.status(400).json({ message: error.message });
  } else next(error);
}
