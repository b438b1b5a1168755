import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createGraphClient, type GraphCall, type GraphClientOptions } from '../../src/channels/graph-client.js';
import { aRun, failureOf, PRIVATE_TEXT, type ScriptedServer, startScripted } from './channels-stage.js';

const TOKEN = 'EAAsecret-token';
const SECRET = 'app-secret';
// HMAC-SHA256 of TOKEN with SECRET, by openssl.
const PROOF = 'e12bb3d8b6ee3a3f11d6670180c73df8ab88072bab932eee211bd96949c0b269';

const FLIP: GraphCall<{ success: true }> = {
  method: 'POST',
  path: ['100_1'],
  parameters: { message: PRIVATE_TEXT, is_published: true },
  answer: z.object({ success: z.literal(true) }),
};

let servers: ScriptedServer[] = [];

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  servers = [];
});

async function scripted(answer: Parameters<typeof startScripted>[0]): Promise<ScriptedServer> {
  const server = await startScripted(answer);
  servers.push(server);
  return server;
}

function clientOf(graphUrl: string, options: Partial<GraphClientOptions> = {}) {
  return createGraphClient({ graphUrl, version: 'v26.0', accessToken: TOKEN, ...options });
}

const succeed = (_: IncomingMessage, response: ServerResponse): unknown => response.end('{"success":true}');

describe('a call that cannot be undone', () => {
  test('is not sent after sendBefore', async () => {
    const server = await scripted(succeed);
    const failure = await failureOf(clientOf(server.url).irreversible(FLIP, aRun({ sendBefore: Date.now() })));
    expect(failure).toMatchObject({ kind: 'notSent', code: 'deadline_passed' });
    expect(server.requests).toEqual([]);
  });

  test('is not sent once the step was called off', async () => {
    const server = await scripted(succeed);
    const failure = await failureOf(clientOf(server.url).irreversible(FLIP, aRun({ signal: AbortSignal.abort() })));
    expect(failure).toMatchObject({ kind: 'notSent', code: 'called_off' });
    expect(server.requests).toEqual([]);
  });

  test('is not broken off once sent: its outcome is learned', async () => {
    const calledOff = new AbortController();
    const server = await scripted((_, response) => {
      calledOff.abort();
      // Whoever gave up at that abort is gone by the next turn.
      setImmediate(() => response.end('{"success":true}'));
    });
    const answer = clientOf(server.url).irreversible(FLIP, aRun({ signal: calledOff.signal }));
    expect(await answer).toEqual({ success: true });
  });

  test('is ended by its own time-out alone, and is then unknown', async () => {
    const server = await scripted(() => undefined);
    const failure = await failureOf(clientOf(server.url, { timeoutMs: 50 }).irreversible(FLIP, aRun()));
    expect(failure).toMatchObject({ kind: 'unknown', code: 'network/timeout' });
    expect(server.requests).toHaveLength(1);
  });

  test('is ended by its time-out also when the answer stops half-way', async () => {
    const server = await scripted((_, response) => response.write('{"succ'));
    const failure = await failureOf(clientOf(server.url, { timeoutMs: 50 }).irreversible(FLIP, aRun()));
    expect(failure).toMatchObject({ kind: 'unknown', code: 'network/timeout' });
  });

  test('is never sent twice by the client itself', async () => {
    const server = await scripted((request) => request.socket.destroy());
    const failure = await failureOf(clientOf(server.url).irreversible(FLIP, aRun()));
    expect(failure).toMatchObject({ kind: 'unknown', code: 'network/reset' });
    expect(server.requests).toHaveLength(1);
  });

  test.each<[string, (request: IncomingMessage, response: ServerResponse) => unknown, string]>([
    ['a gateway’s page', (_, response) => response.writeHead(502).end('<html>'), 'http/502'],
    ['a redirect', (_, response) => response.writeHead(302, { location: '/elsewhere' }).end(), 'http/302'],
    ['a success that is not JSON', (_, response) => response.end('<html>'), 'http/unreadable'],
    ['a success of another form', (_, response) => response.end('{"success":false}'), 'http/unreadable'],
    ['an error with a success’s status', (_, response) => response.end('{"error":{"code":2}}'), 'meta/2'],
  ])('is unknown when it is answered with %s', async (_, answer, code) => {
    const server = await scripted((request, response) => answer(request, response));
    const failure = await failureOf(clientOf(server.url).irreversible(FLIP, aRun()));
    expect(failure).toMatchObject({ kind: 'unknown', code });
  });

  test('is not sent when nobody listens', async () => {
    const server = await startScripted(succeed);
    await server.close();
    const failure = await failureOf(clientOf(server.url).irreversible(FLIP, aRun()));
    expect(failure).toMatchObject({ kind: 'notSent', code: 'network/refused' });
  });
});

describe('a harmless call', () => {
  test('is broken off when the step is called off', async () => {
    const calledOff = new AbortController();
    let left: Promise<unknown> | undefined;
    const server = await scripted((request) => {
      left = once(request.socket, 'close');
      calledOff.abort();
    });
    const failure = await failureOf(clientOf(server.url).harmless(FLIP, calledOff.signal));
    expect(failure).toMatchObject({ kind: 'notSent', code: 'called_off' });
    await left;
  });
});

describe('secrets', () => {
  test('the token travels in the Authorization header and nowhere else; the proof goes with every call', async () => {
    const server = await scripted(succeed);
    const graph = clientOf(server.url, { appSecret: SECRET });
    await graph.irreversible(FLIP, aRun());
    await graph.harmless({ ...FLIP, method: 'GET', path: ['100', 'feed'], parameters: { limit: 5 } }, aRun().signal);
    await graph.irreversible({ method: 'DELETE', path: ['100_1'], answer: FLIP.answer }, aRun());
    const authorization = `Bearer ${TOKEN}`;
    expect(server.requests).toEqual([
      {
        line: 'POST /v26.0/100_1',
        authorization,
        body: JSON.stringify({ message: PRIVATE_TEXT, is_published: true, appsecret_proof: PROOF }),
      },
      { line: `GET /v26.0/100/feed?limit=5&appsecret_proof=${PROOF}`, authorization, body: '' },
      { line: `DELETE /v26.0/100_1?appsecret_proof=${PROOF}`, authorization, body: '' },
    ]);
  });

  test('without an app secret no proof is sent', async () => {
    const server = await scripted(succeed);
    await clientOf(server.url).irreversible(FLIP, aRun());
    expect(server.requests[0]?.body).not.toContain('appsecret_proof');
  });

  test('neither token, proof, text, address nor Meta’s words ever appear in a failure', async () => {
    const words = `Could not post: ${PRIVATE_TEXT} (${TOKEN})`;
    const answers: ((request: IncomingMessage, response: ServerResponse) => unknown)[] = [
      (_, response) => response.writeHead(400).end(JSON.stringify({ error: { message: words, code: 190 } })),
      (_, response) => response.writeHead(400).end(JSON.stringify({ error: { message: words, code: 4711 } })),
      (_, response) => response.writeHead(502).end(words),
      (_, response) => response.end(words),
      (request) => request.socket.destroy(),
      () => undefined,
    ];
    for (const answer of answers) {
      const server = await scripted(answer);
      const graph = clientOf(server.url, { appSecret: SECRET, timeoutMs: 50 });
      const failure = await failureOf(graph.irreversible(FLIP, aRun()));
      const said = inspect(failure, { depth: null, showHidden: true });
      for (const secret of [TOKEN, SECRET, PROOF, PRIVATE_TEXT, words, server.url, '100_1']) {
        expect(said).not.toContain(secret);
      }
    }
  });
});
