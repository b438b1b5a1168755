import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import { aPhoto, aReport, firstMessage, POLICY_FILE, STAFF, tokenOf } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';
import { AUDIENCE, startProvider } from './oidc-provider.js';

const MAIN = fileURLToPath(new URL('../../src/api/main.ts', import.meta.url));
const TIMEOUT_MS = 60_000;

let server: DatabaseServer;
let rows: pg.Pool;
let folder: string;
let environment: NodeJS.ProcessEnv;
const children: ChildProcess[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
  folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
  const staffFile = join(folder, 'staff.json');
  writeFileSync(staffFile, JSON.stringify(STAFF));
  const { databaseUrl, pool } = await server.newDatabase();
  rows = pool;
  environment = {
    PATH: process.env.PATH,
    MAFQOOD_DATABASE_URL: databaseUrl,
    MAFQOOD_POLICY_FILE: POLICY_FILE,
    MAFQOOD_STAFF_FILE: staffFile,
    MAFQOOD_STAFF_PORT: '0',
    MAFQOOD_PUBLIC_URL: 'https://alerts.example',
    TEMPORAL_ADDRESS: `127.0.0.1:${await deafPort()}`,
    TEMPORAL_UI_URL: 'http://temporal.example:8233',
  };
}, TIMEOUT_MS);

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL');
    await exitOf(child);
  }
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.stop();
}, TIMEOUT_MS);

/** A port on which nobody listens. */
async function deafPort(): Promise<number> {
  const socket = createServer().listen(0, '127.0.0.1');
  await once(socket, 'listening');
  const address = socket.address();
  socket.close();
  await once(socket, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function start(changes: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = fork(MAIN, [], { execArgv: ['--import', 'tsx'], silent: true, env: { ...environment, ...changes } });
  children.push(child);
  return child;
}

async function exitOf(child: ChildProcess): Promise<number | NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.exitCode ?? child.signalCode;
}

async function report(port: number, key = 'one'): Promise<Response> {
  const form = new FormData();
  form.set('report', JSON.stringify(aReport()));
  form.set('photo', new Blob([Uint8Array.from(await aPhoto())]), 'photo.jpg');
  return fetch(`http://127.0.0.1:${port}/api/cases`, {
    method: 'POST',
    headers: { authorization: `Bearer ${tokenOf('operator-1')}`, 'idempotency-key': key },
    body: form,
  });
}

test(
  'the process starts and stores while Temporal is away, and stops in order when it is told to',
  async () => {
    const child = start();
    let log = '';
    child.stdout?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const { ready, port } = await firstMessage<{ ready: boolean; port: number }>(child);
    expect(ready).toBe(true);
    const answer = await report(port);
    expect(answer.status).toBe(202);
    expect(await answer.json()).toMatchObject({ status: 'accepted', delivery: 'stored' });
    child.kill('SIGTERM');
    expect(await exitOf(child)).toBe(0);
    expect(log).toContain('"route":"/api/cases"');
    expect(log.match(/Sara|سارة|Umm|token-of/g)).toBeNull();
  },
  TIMEOUT_MS,
);

test(
  'told to stop while a report is being delivered, the process answers it and ends in order',
  async () => {
    const child = start();
    const { port } = await firstMessage<{ port: number }>(child);
    const stored = async (): Promise<number> => (await rows.query('SELECT FROM commands')).rowCount ?? 0;
    const before = await stored();
    const answer = report(port, 'while-stopping');
    while ((await stored()) === before) await sleep(5);
    child.kill('SIGTERM');
    expect((await answer).status).toBe(202);
    expect(await exitOf(child)).toBe(0);
  },
  TIMEOUT_MS,
);

test(
  'the process starts while the identity provider of its environment is away, and takes its tokens when it is back',
  async () => {
    const provider = await startProvider();
    const { access_token: token } = await provider.logIn('auditor-1');
    await provider.goAway();
    try {
      const child = start({
        MAFQOOD_STAFF_FILE: '',
        MAFQOOD_OIDC_ISSUER: provider.issuer,
        MAFQOOD_OIDC_AUDIENCE: AUDIENCE,
      });
      const { port } = await firstMessage<{ port: number }>(child);
      const ask = (bearer: string): Promise<Response> =>
        fetch(`http://127.0.0.1:${port}/api/cases`, { headers: { authorization: `Bearer ${bearer}` } });
      const away = await ask(token);
      expect([away.status, await away.json()]).toMatchObject([503, { code: 'identity_unavailable' }]);
      await provider.comeBack();
      await sleep(Number(away.headers.get('retry-after')) * 1_000);
      expect((await ask(token)).status).toBe(200);
      expect((await ask(tokenOf('auditor-1'))).status).toBe(401);
    } finally {
      await provider.stop();
    }
  },
  TIMEOUT_MS,
);

test(
  'the process ends when whoever forked it lets go of it',
  async () => {
    const child = start();
    await firstMessage(child);
    child.disconnect();
    expect(await exitOf(child)).toBe(0);
  },
  TIMEOUT_MS,
);

test.each([
  ['a setting is missing', { MAFQOOD_POLICY_FILE: '' }, 'MAFQOOD_POLICY_FILE'],
  ['the staff file is not there', { MAFQOOD_STAFF_FILE: 'nowhere.json' }, 'nowhere.json'],
  ['its port cannot be had', { MAFQOOD_STAFF_HOST: '192.0.2.1' }, 'EADDRNOTAVAIL'],
])(
  'the process does not start, and says why, when %s',
  async (_why, changes, said) => {
    const child = start(changes);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    }
    expect(await exitOf(child)).toBe(1);
    expect(output).toContain(said);
  },
  TIMEOUT_MS,
);
