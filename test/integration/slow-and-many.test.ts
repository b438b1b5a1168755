import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import express, { type Express } from 'express';
import { staffServer } from '../../src/api/staff-server.js';
import { httpServer, listen, type Patience } from '../../src/http-server.js';
import { limitRequests } from '../../src/rate-limit.js';

const PATIENCE: Patience = { headers: 1_000, request: 3_000, silence: 1_500, keepAlive: 5_000 };
const HOST = { host: '127.0.0.1', port: 0 };

const undo: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of undo.splice(0)) await stop();
});

async function serve(server: Server): Promise<number> {
  const { port, stop } = await listen(server, HOST);
  undo.push(() => stop(0));
  return port;
}

/** Three requests a minute for each client. */
function limited(): Express {
  const app = express();
  app.use(limitRequests(app, 3, (_request, response) => void response.status(429).send('too many')));
  app.get('/', (_request, response) => void response.send('here'));
  return app;
}

async function statuses(port: number, times: number, forwardedFor?: string): Promise<number[]> {
  const headers = forwardedFor === undefined ? {} : { 'X-Forwarded-For': forwardedFor };
  const answers: number[] = [];
  while (answers.length < times) answers.push((await fetch(`http://127.0.0.1:${port}/`, { headers })).status);
  return answers;
}

test('one client address that asks too much is told to wait, and for how long', async () => {
  const port = await serve(httpServer(PATIENCE, limited()));
  expect(await statuses(port, 4)).toEqual([200, 200, 200, 429]);
  expect((await fetch(`http://127.0.0.1:${port}/`)).headers.get('retry-after')).toBe('60');
});

test('clients behind a proxy on a private address are told apart, and one that floods shuts out nobody else', async () => {
  const port = await serve(httpServer(PATIENCE, limited()));
  expect(await statuses(port, 4, '203.0.113.7')).toEqual([200, 200, 200, 429]);
  expect(await statuses(port, 1, '203.0.113.8')).toEqual([200]);
});

test('who asks through a public address cannot pass for others by what it writes before its own', async () => {
  const port = await serve(httpServer(PATIENCE, limited()));
  // The proxy adds the address that it sees, behind whatever the client made up.
  for (const [index, made] of ['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'].entries()) {
    expect(await statuses(port, 1, `${made}, 203.0.113.9`)).toEqual([index < 3 ? 200 : 429]);
  }
});

test('addresses of one IPv6 network are one client', async () => {
  const port = await serve(httpServer(PATIENCE, limited()));
  const seen = [];
  for (const host of ['1', '2', '3', '4']) seen.push(...(await statuses(port, 1, `2001:db8:1:2::${host}`)));
  expect(seen).toEqual([200, 200, 200, 429]);
});

const answering: RequestListener = (request, response) => {
  request.resume().once('end', () => response.end('whole'));
};

/** Sends a beginning and then nothing, or a byte now and then. @returns what came back until the server hung up */
async function slow(port: number, beginning: string, byteEveryMs?: number): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.on('error', () => undefined);
  socket.write(beginning);
  const drip = byteEveryMs === undefined ? undefined : setInterval(() => socket.write('x'), byteEveryMs);
  try {
    return await text(socket);
  } catch {
    return '';
  } finally {
    clearInterval(drip);
    socket.destroy();
  }
}

const HEADERS_WITHOUT_END = 'GET / HTTP/1.1\r\nHost: here\r\nX-Slow: ';
const BODY_WITHOUT_END = 'POST / HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n';

test.each([
  ['headers that never end', HEADERS_WITHOUT_END],
  ['a body that never ends', BODY_WITHOUT_END],
])(
  '%s, sent byte by byte, hold a connection of the staff API for no longer than they may',
  async (_, beginning) => {
    const port = await serve(staffServer(answering, PATIENCE));
    const answer = await slow(port, beginning, 200);
    expect(answer).toContain('HTTP/1.1 408');
    expect(answer).toContain('"code":"request_timeout"');
  },
  20_000,
);

test('who says nothing more is hung up on', async () => {
  const port = await serve(httpServer(PATIENCE, answering));
  const began = performance.now();
  await slow(port, BODY_WITHOUT_END);
  expect(performance.now() - began).toBeLessThan(5_000);
}, 20_000);

test('who does not take the answer is hung up on', async () => {
  const cut = new Promise<boolean>((resolve) => {
    const endless: RequestListener = (_request, response) => {
      response.once('close', () => resolve(!response.writableFinished));
      const more = (): void => {
        while (response.write(Buffer.alloc(1 << 20)));
        response.once('drain', more);
      };
      more();
    };
    void serve(httpServer(PATIENCE, endless)).then((port) => {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('GET / HTTP/1.1\r\nHost: here\r\n\r\n');
      // Reads nothing.
      socket.pause();
      undo.push(() => Promise.resolve(void socket.destroy()));
    });
  });
  expect(await cut).toBe(true);
}, 20_000);

test('requests under way are answered when the server is told to stop', async () => {
  const server = httpServer(PATIENCE, (_request, response) => void sleep(500).then(() => response.end('late')));
  const { port, stop } = await listen(server, HOST);
  const answer = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await once(server, 'request');
  await stop(5_000);
  expect(await (await answer).text()).toBe('late');
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
});
