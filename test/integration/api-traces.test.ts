import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { verifyAudit } from '../../src/audit/verify.js';
import { createAuditReader } from '../../src/store/audit-reader.js';
import { operationsOf, type Placed } from './api-documented.js';
import { aPhoto, aReport, type ApiUnderTest, bodyOf, PEOPLE, sendReport, startApi } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let api: ApiUnderTest;
let caseNumber: string;

beforeAll(async () => {
  server = await startDatabaseServer();
  database = await server.newDatabase();
  api = await startApi(database.databaseUrl);
  caseNumber = bodyOf(await sendReport(api, { photo: await aPhoto() }).expect(201)).caseNumber as string;
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

/** What was recorded while something was done. */
async function traced(work: () => Promise<unknown>): Promise<object[]> {
  const { rows: before } = await database.pool.query<{ seq: string }>(
    'SELECT coalesce(max(seq), 0) AS seq FROM access_entries',
  );
  await work();
  const { rows } = await database.pool.query<{ event: object }>(
    'SELECT event FROM access_entries WHERE seq > $1 ORDER BY seq',
    [before[0]?.seq],
  );
  return rows.map(({ event }) => event);
}

/** A read that answers with police-only fields or a picture, by what the API says of itself. */
function isOfAChild({ responses }: Placed): boolean {
  const content = responses['200']?.content ?? {};
  const types = Object.keys(content);
  if (types.some((type) => /^image\/|pdf/.test(type))) return true;
  return JSON.stringify(reached(content['application/json']?.schema)).includes('policeOnly');
}

/** A schema with those that it refers to. */
function reached(schema: unknown, seen = new Set<string>()): unknown[] {
  const text = JSON.stringify(schema ?? null);
  const names = [...text.matchAll(/#\/components\/schemas\/([^"]+)/g)].map(([, name]) => name ?? '');
  const fresh = names.filter((name) => !seen.has(name));
  for (const name of fresh) seen.add(name);
  return [schema, ...fresh.flatMap((name) => reached(api.document.components.schemas[name], seen))];
}

const addressOf = (path: string): string =>
  path
    .replace('{caseNumber}', caseNumber)
    .replace('{revision}', '1')
    .replace('{channel}', 'facebook')
    .replace('{card}', 'poster')
    .replace(/\{\w+\}/, 'none');

test('every read of police-only fields or a picture leaves one entry of who read what, and no other read leaves any', async () => {
  const reads = operationsOf(api.document).filter(
    ({ method, responses }) => method === 'get' && !('text/event-stream' in (responses['200']?.content ?? {})),
  );
  const ofAChild = reads.filter(isOfAChild);
  const by = 'auditor-1';
  const traces = [];
  for (const { path } of ofAChild) {
    traces.push(...(await traced(() => api.as(by).get(addressOf(path)).expect(200))));
  }
  const base = { type: 'contentRead', caseNumber, revision: 1, by, role: 'auditor' };
  expect(traces).toEqual(['case', 'revision', 'images/facebook', 'cards/poster'].map((what) => ({ ...base, what })));
  const others = reads.filter((read) => !ofAChild.includes(read));
  expect(others.length).toBeGreaterThan(3);
  expect(await traced(() => Promise.all(others.map(({ path }) => api.as(by).get(addressOf(path)))))).toEqual([]);
  expect(await traced(() => api.as(by).post('/api/cases/search').send({ name: 'Sara' }).expect(200))).toEqual([]);
});

test('everybody is recorded, each with their role, also who reads the same again or asks for the head only', async () => {
  const path = `/api/cases/${caseNumber}/revisions/1/images/facebook`;
  const traces = await traced(async () => {
    for (const person of PEOPLE) await api.as(person).get(path).expect(200);
    await api.as('operator-1').get(path).expect(200);
    await api.as('operator-1').head(path).expect(200);
  });
  expect(traces.map((trace) => (trace as { by: string }).by)).toEqual([...PEOPLE, 'operator-1', 'operator-1']);
  expect(new Set(traces.map((trace) => (trace as { role: string }).role)).size).toBe(4);
});

test('a request that is refused is answered with nothing, and leaves no entry that could flood the chain', async () => {
  const one = `/api/cases/${caseNumber}`;
  const refused = await traced(async () => {
    await api.as(null).get(one).expect(401);
    await api.as(null).get(one).set('Authorization', 'Bearer wrong').expect(401);
    await api.as('operator-1').get('/api/cases/MFQ-2222-2222').expect(404);
    await api.as('operator-1').get(`${one}/revisions/9`).expect(404);
    await api.as('operator-1').get(`${one}/revisions/1/images/other`).expect(404);
    await api.as('operator-1').get(`${one}/revisions/1/cards/..%2F..%2Fphotos`).expect(404);
  });
  expect(refused).toEqual([]);
});

test.each([
  ['is held up', 'BEGIN; LOCK TABLE access_entries IN EXCLUSIVE MODE', 'ROLLBACK', 503],
  ['refuses', 'REVOKE INSERT ON access_entries FROM mafqood_app', 'GRANT INSERT ON access_entries TO mafqood_app', 500],
])(
  'nothing of a child is answered while the audit %s',
  async (_what, obstruct, clear, status) => {
    // Not one of the pool's, whose transactions may not idle for as long as the lock is waited for.
    const owner = new pg.Client({ connectionString: database.ownerDatabaseUrl });
    await owner.connect();
    const paths = ['', '/revisions/1', '/revisions/1/images/instagram', '/revisions/1/cards/square'];
    try {
      const traces = await traced(async () => {
        await owner.query(obstruct);
        const answers = await Promise.all(
          paths.map((path) => api.as('operator-1').get(`/api/cases/${caseNumber}${path}`)),
        );
        for (const answer of answers) {
          expect(answer.status).toBe(status);
          expect(answer.type).toBe('application/problem+json');
          expect(answer.text).not.toMatch(/Sara|سارة|guardian/);
        }
        await owner.query(clear);
      });
      expect(traces).toEqual([]);
    } finally {
      await owner.end();
    }
    await api.as('operator-1').get(`/api/cases/${caseNumber}`).expect(200);
  },
  40_000,
);

test('no entry of either chain holds anything of the child, and both chains are sound', async () => {
  const { child, lastSeen, circumstances, policeOnly } = aReport() as Record<string, object>;
  const texts = JSON.stringify([child, lastSeen, circumstances, policeOnly]).match(/[\p{L}][\p{L} ,]{3,}/gu) ?? [];
  const personal = texts.filter(
    (text) => /[A-Z\u0600-\u06ff]/.test(text) && !/^(heightCm|guardianContact|legalBasis)$/.test(text),
  );
  expect(personal).toContain('Sara Example');
  const { rows } = await database.pool.query<{ all: string }>(
    `SELECT (SELECT string_agg(audit_entries::text, '') FROM audit_entries)
       || (SELECT string_agg(access_entries::text, '') FROM access_entries) AS all`,
  );
  for (const text of personal) expect(rows[0]?.all).not.toContain(text);
  const findings: unknown[] = [];
  await verifyAudit(createAuditReader(database.pool), (finding) => findings.push(finding));
  expect(findings).toEqual([]);
});
