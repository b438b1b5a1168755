import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { CallList } from '../call-list.js';
import type { Attempt, GraphAnswer } from '../fault-kinds.js';
import type { Faults } from '../faults.js';
import type { GraphError } from '../graph-error.js';
import { newCallId } from '../ids.js';
import type { Simulation } from '../simulation.js';
import { fileOf, requestOf } from './desk.js';
import { type Handed, isSigned, readMessage } from './message.js';
import { deskPage } from './page.js';
import type { DeskStaff } from './staff.js';

const ENDPOINT = 'desk.receive';
/** Photo, cards and poster, in base 64. */
const LARGEST_BODY = '64mb';

const language = z.object({ lang: z.enum(['ar', 'en']).catch('en') });
const press = language.extend({ id: z.string() });

/** The partner desk: takes messages, each open to the faults, and shows them to whoever plays its people. */
export function deskRoutes(simulation: Simulation, staff: DeskStaff, faults: Faults, calls: CallList): Router {
  const { log, images, settings } = simulation;
  const router = express.Router();

  router.post('/', express.raw({ type: () => true, limit: LARGEST_BODY }), async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body.toString() : '';
    const headers = { timestamp: request.get('Mafqood-Timestamp'), signature: request.get('Mafqood-Signature') };
    if (settings.deskSecret === undefined) {
      response.status(404).json({ message: 'there is no desk: the simulator was started without a secret for it' });
    } else if (isSigned(settings.deskSecret, body, headers, Date.now())) {
      await receive(body, request, response);
    } else {
      response.status(401).json({ message: 'not signed with the secret of this desk, or too old' });
    }
  });

  async function receive(body: string, request: Request, response: Response): Promise<void> {
    const message = readable(body);
    if ('problem' in message) {
      response.status(400).json({ message: message.problem });
      return;
    }
    const call = newCallId();
    const fault = faults.next(ENDPOINT);
    const listed = calls.add({
      call,
      method: 'POST',
      objectId: message.received.messageId,
      endpoint: ENDPOINT,
      ...(fault === undefined ? {} : { fault: fault.fault }),
    });
    const attempt: Attempt = {
      endpoint: ENDPOINT,
      perform: () => Promise.resolve(take(message, call)),
      refuse,
      throttle: (_code, minutes) => ({ status: 429, body: {}, headers: { 'Retry-After': String(minutes * 60) } }),
      hide: () => undefined,
      wait: (ms) => delay(ms, undefined, { signal: simulation.stopping }),
      gone: () => once(response, 'close', { signal: simulation.stopping }),
    };
    const outcome = await (fault === undefined ? attempt.perform() : fault.disturb(attempt));
    listed.status = outcome?.status ?? 'reset';
    if (outcome === undefined) request.socket.resetAndDestroy();
    else response.status(outcome.status).json(outcome.body);
  }

  /** A message that came before is only counted: it was sent again because its answer was lost. */
  function take({ received, files }: Handed, call: string): GraphAnswer {
    const { messageId } = received;
    const isKnown = requestOf(log.world.desk, messageId) !== undefined;
    if (!isKnown) for (const { sha256, bytes } of files) images.put(sha256, bytes);
    log.append(call, isKnown ? { type: 'desk.repeated', messageId } : received);
    if (!isKnown) staff.arrived(messageId);
    return { status: 200, body: { id: messageId } };
  }

  router.get('/', (request, response) => {
    const { lang } = language.parse(request.query);
    response.set('Cache-Control', 'no-cache').type('html').send(deskPage(log.world.desk, lang));
  });

  router.post('/done', express.urlencoded({ extended: false }), async (request, response) => {
    const pressed = press.safeParse(request.body);
    // A page of somebody else must not press it.
    if (!pressed.success || !['same-origin', undefined].includes(request.get('Sec-Fetch-Site'))) {
      response.status(400).json({ message: 'press the button on the page of the desk' });
      return;
    }
    await staff.act(pressed.data.id);
    response.redirect(303, `/desk?lang=${pressed.data.lang}`);
  });

  router.get('/files/:sha256', (request, response, next) => {
    const file = fileOf(log.world.desk, request.params.sha256);
    if (!file) next();
    else response.type(file.mediaType).set('Cache-Control', 'no-store').send(images.get(file.sha256));
  });
  return router;
}

function readable(body: string): Handed | { readonly problem: string } {
  try {
    return readMessage(body);
  } catch (error) {
    if (error instanceof z.ZodError) return { problem: z.prettifyError(error) };
    if (error instanceof SyntaxError) return { problem: 'the body is no JSON' };
    throw error;
  }
}

function refuse({ status, message }: GraphError): GraphAnswer {
  return { status, body: { message } };
}
