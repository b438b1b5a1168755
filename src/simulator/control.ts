import { BlockList, isIPv6 } from 'node:net';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { CallList } from './call-list.js';
import { CALL_TIMES, CALL_TIMES_NAMES } from './call-times.js';
import type { DeskStaff } from './desk/staff.js';
import type { EffectsLog } from './effects-log.js';
import type { Faults } from './faults.js';
import { newCallId } from './ids.js';
import { SCOPES } from './scopes.js';
import { CONFIRMS } from './settings.js';
import type { Simulation } from './simulation.js';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

const sequence = z.object({ after: z.coerce.number().int().min(0).default(0) });

const milliseconds = z.int().min(0).max(86_400_000);
const callTimes = z.union([
  z.strictObject({ profile: z.enum(CALL_TIMES_NAMES) }).transform(({ profile }) => CALL_TIMES[profile]),
  z.strictObject({ uploadMs: milliseconds, publishMs: milliseconds, containerMs: milliseconds }),
]);

const desk = z.strictObject({ confirmsAfterMs: milliseconds.nullable(), confirms: z.enum(CONFIRMS).default('once') });

const page = z.discriminatedUnion('online', [
  z.strictObject({ online: z.literal(true) }),
  z.strictObject({ online: z.literal(false), code: z.literal([10, 190, 200]).default(200) }),
]);

const secondFlip = z.strictObject({ does: z.enum(['nothing', 'copy']) });

const permissions = z.strictObject({ missing: z.array(z.enum(SCOPES)) });

/**
 * What a test or an operator on this machine tells the simulator, and asks it. It needs no token and therefore answers
 * callers on the loopback address only. docs/simulator.md describes it.
 */
export function controlApi({ log, settings }: Simulation, staff: DeskStaff, faults: Faults, calls: CallList): Router {
  const router = express.Router();
  router.use(loopbackOnly);
  router.use(express.json());

  router.get('/effects', (request, response) => {
    response.json({ effects: log.after(sequence.parse(request.query).after) });
  });
  router.get('/calls', (request, response) => {
    response.json({ calls: calls.after(sequence.parse(request.query).after) });
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
  router.delete('/faults/:id', (request, response) => {
    if (faults.disarm(Number(request.params.id))) response.status(204).end();
    else response.status(404).json({ message: 'no such fault waits: it was used up, or taken back' });
  });

  router.get('/call-times', (_request, response) => {
    response.json(settings.callTimes);
  });
  router.put('/call-times', (request, response) => {
    settings.callTimes = callTimes.parse(request.body);
    response.json(settings.callTimes);
  });

  router.get('/page', (_request, response) => {
    response.json(pageState(log));
  });
  router.put('/page', (request, response) => {
    const wanted = page.parse(request.body);
    log.append(newCallId(), wanted.online ? { type: 'page.online' } : { type: 'page.offline', code: wanted.code });
    response.json(pageState(log));
  });

  router.put('/second-flip', (request, response) => {
    settings.secondFlip = secondFlip.parse(request.body).does;
    response.json({ does: settings.secondFlip });
  });
  router.put('/permissions', (request, response) => {
    settings.missingScopes = permissions.parse(request.body).missing;
    response.json({ missing: settings.missingScopes });
  });

  router.get('/desk', (_request, response) => {
    response.json({ confirmsAfterMs: settings.deskConfirmsAfterMs ?? null, confirms: settings.deskConfirms });
  });
  router.put('/desk', (request, response) => {
    const { confirmsAfterMs, confirms } = desk.parse(request.body);
    settings.deskConfirmsAfterMs = confirmsAfterMs ?? undefined;
    settings.deskConfirms = confirms;
    staff.lookOverAll();
    response.json({ confirmsAfterMs, confirms });
  });

  router.use((_request, response) => {
    response.status(404).json({
      message:
        'the simulator knows /simulator/effects, /calls, /faults, /call-times, /page, /second-flip, /permissions and /desk',
    });
  });
  router.use(answerError);
  return router;
}

function pageState({ world }: EffectsLog): object {
  const { offlineCode } = world.page;
  return offlineCode === undefined ? { online: true } : { online: false, code: offlineCode };
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
