import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { pino } from 'pino';
import request from 'supertest';
import { createPublicSite } from '../../src/public/site.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { createContentStore } from '../../src/store/content-store.js';
import { createPool } from '../../src/store/pool.js';
import { aNewReport, type CaseLife, lifeOf } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let publicPool: pg.Pool;
let report: NewReport;
let life: CaseLife;
let logged: string[];

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  publicPool = createPool(database.publicDatabaseUrl);
  report = aNewReport();
  life = lifeOf(report, await createCaseStore(database.pool, 'all').storeReport(report));
  logged = [];
});

afterEach(async () => {
  if (!publicPool.ended) await publicPool.end();
});

function site(): ReturnType<typeof request> {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void logged.push(line) });
  return request(createPublicSite({ pool: publicPool, publicUrl: 'https://alerts.example', logger }));
}

/** Opens an address of the image on Facebook, and returns its path. */
async function openAddress(): Promise<string> {
  const content = createContentStore(database.pool, { publicUrl: 'http://site' });
  const { caseNumber, revision } = report;
  const alert = { caseNumber, revision: 1, digest: revision.digest, channel: 'facebook' } as const;
  return (await content.load(alert)).imageUrl.replace('http://site', '');
}

test('an image is served at its address, byte for byte, and kept by nobody on the way', async () => {
  const response = await site().get(await openAddress());
  const { status, headers } = response;
  const body = response.body as Buffer;
  expect(status).toBe(200);
  expect(body).toEqual(report.revision.parts.find(({ name }) => name === 'facebook/image')?.bytes);
  expect(headers).toMatchObject({
    'content-type': 'image/jpeg',
    'content-length': String(body.length),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
    'referrer-policy': 'no-referrer',
  });
  expect(headers).not.toHaveProperty('etag');
  expect(headers).not.toHaveProperty('x-powered-by');
});

test('an address that is over looks like one that never was', async () => {
  const unknown = await site().get(`/images/${'x'.repeat(43)}.jpg`);
  expect(unknown.status).toBe(404);
  const looksUnknown = async (path: string): Promise<void> => {
    const { status, headers, text } = await site().get(path);
    expect({ status, text }).toEqual({ status: 404, text: unknown.text });
    expect({ ...headers, date: '' }).toEqual({ ...unknown.headers, date: '' });
  };
  const path = await openAddress();
  const token = path.slice('/images/'.length, -'.jpg'.length);
  for (const other of [
    `/images/${token}`,
    `/images/${token}.png`,
    `/images/${token.slice(1)}.jpg`,
    '/images/',
    '/images',
  ]) {
    await looksUnknown(other);
  }
  await database.pool.query(`UPDATE image_addresses SET expires_at = now() - interval '1 millisecond'`);
  await looksUnknown(path);

  const swapped = await openAddress();
  await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name = 'facebook/image'`);
  await looksUnknown(swapped);
});

test('once the alert has ended no image can be fetched, nor an address be opened that works', async () => {
  const journal = createCaseJournal(database.pool);
  const path = await openAddress();
  await journal.append(life.batch());
  await site().get(path).expect(200);

  const found = { kind: 'childFound', number: null, actor: 'operator-1', role: 'operator', at: Date.now() } as const;
  life.answer({ ...found, commandId: 'found', outcome: 'recovered_otherwise' }, 'found');
  await journal.append(life.batch());
  await site().get(path).expect(404);
  expect((await database.pool.query('SELECT FROM image_addresses')).rowCount).toBe(0);
  await site()
    .get(await openAddress())
    .expect(404);
});

test('nothing but the alert page, images and its health can be reached', async () => {
  await site().get('/healthz').expect(200, { status: 'ok' });
  for (const path of [
    '/',
    '/api',
    '/api/cases',
    `/api/cases/${report.caseNumber}`,
    '/images/../api/cases',
    '/reports',
    '/alerts',
    '/alerts/',
  ]) {
    await site().get(path).expect(404);
  }
  const path = await openAddress();
  await site().post(path).expect(404);
  await site().delete(path).expect(404);
});

test('an address that cannot be read is one that is not there, and no failure of ours', async () => {
  for (const path of ['/alerts/%E0%A4%A', '/images/%E0%A4%A.jpg', '/%']) {
    await site().get(path).expect(404, 'Not found\n');
  }
  expect(logged).toEqual([]);
});

test("the public site's role can read and write nothing, and list no image it has no address for", async () => {
  await openAddress();
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm')`,
  );
  expect(rows.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['reports', 'photos', 'image_addresses', 'commands']),
  );
  const denied = { code: '42501' };
  for (const { name } of rows) {
    await expect(publicPool.query(`SELECT * FROM ${name}`)).rejects.toMatchObject(denied);
    await expect(publicPool.query(`DELETE FROM ${name}`)).rejects.toMatchObject(denied);
  }
  await expect(publicPool.query('CREATE TABLE public.mine (id integer)')).rejects.toMatchObject(denied);
  expect((await publicPool.query('SELECT public_image(NULL) AS image')).rows).toEqual([{ image: null }]);
  expect((await publicPool.query(`SELECT public_image('%') AS image`)).rows).toEqual([{ image: null }]);
});

test('with the database away it says so and no more, and no address gets into the log', async () => {
  const path = await openAddress();
  await site().get(path).expect(200);
  await publicPool.end();
  const { status, text } = await site().get(path);
  expect({ status, text }).toEqual({ status: 503, text: 'Not available\n' });
  await site().get('/healthz').expect(503);
  expect(logged).not.toHaveLength(0);
  expect(logged.join('')).not.toContain(path.slice('/images/'.length, -'.jpg'.length));
});

test('as a process it says where it serves, and stops in order when told to or when its parent is gone', async () => {
  const main = fileURLToPath(new URL('../../src/public/main.ts', import.meta.url));
  const path = await openAddress();
  for (const stop of ['SIGTERM', 'disconnect'] as const) {
    const { PATH } = process.env;
    const child = fork(main, {
      execArgv: ['--import', 'tsx'],
      env: {
        PATH,
        MAFQOOD_PUBLIC_DATABASE_URL: database.publicDatabaseUrl,
        MAFQOOD_PUBLIC_URL: 'http://127.0.0.1',
        MAFQOOD_PUBLIC_PORT: '0',
      },
      silent: true,
    });
    try {
      let printed = '';
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
      const [ready] = (await once(child, 'message')) as [{ ready: true; port: number }];
      const image = await fetch(`http://127.0.0.1:${ready.port}${path}`);
      expect(image.status).toBe(200);
      await image.arrayBuffer();
      const exited = once(child, 'exit');
      if (stop === 'SIGTERM') child.kill(stop);
      else child.disconnect();
      expect(await exited).toEqual([0, null]);
      expect(printed).not.toContain(path.slice('/images/'.length, -'.jpg'.length));
    } finally {
      child.kill('SIGKILL');
    }
  }
}, 60_000);
