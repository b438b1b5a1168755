import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { Response, Test } from 'supertest';
import { caseTimesSchema, timelinePageSchema } from '../../src/api/case-answer-schemas.js';
import { readinessSchema, timesSchema } from '../../src/api/read-answer-schemas.js';
import { aPhoto, aReport, type ApiUnderTest, bodyOf, sendReport, startApi } from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let api: ApiUnderTest;
let rows: pg.Pool;
let photo: Buffer;
/** Two of one girl, in Doha; one of a boy in the south, an actual one that was approved and went live. */
let sara: string[];
let adam: string;

beforeAll(async () => {
  server = await startDatabaseServer();
  const { databaseUrl, pool } = await server.newDatabase();
  rows = pool;
  api = await startApi(databaseUrl);
  photo = await aPhoto();
  sara = [await reported(aReport()), await reported(aReport())];
  const report = aReport();
  report.child.name = { ar: 'آدَم المُخْتَرَع', en: 'Ádám Invented' };
  report.lastSeen.location = { latitude: 24.59, longitude: 51.1 };
  adam = await reported({ ...report, runKind: 'actual', tier: 'missing' });
  const { revision, criteria } = bodyOf(await get(`/api/cases/${adam}`)) as unknown as {
    revision: { digest: string };
    criteria: readonly { id: string }[];
  };
  const met = Object.fromEntries(criteria.map(({ id }) => [id, { met: true }]));
  await api
    .as('supervisor-1')
    .post(`/api/cases/${adam}/approve`)
    .send({ digest: revision.digest, criteria: met })
    .expect(200);
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

async function reported(report: unknown): Promise<string> {
  return bodyOf(await sendReport(api, { report, photo }).expect(201)).caseNumber as string;
}

const get = (path: string): Test => api.as('auditor-1').get(path);
const search = (body: object): Test => api.as('auditor-1').post('/api/cases/search').send(body);
const numbers = (answer: Response): string[] =>
  (answer.body as { cases: { caseNumber: string }[] }).cases.map(({ caseNumber }) => caseNumber);
const newestFirst = (): string[] => [adam, ...[...sara].reverse()];

/** The refusal's code, and each field with what is wrong with it. */
function told(answer: Response): string {
  const { code, errors = [] } = answer.body as { code: string; errors?: { pointer: string; code: string }[] };
  return [`${answer.status} ${code}`, ...errors.map(({ pointer, code: wrong }) => `${pointer} ${wrong}`)].join(', ');
}

test('the list can be narrowed by each of its filters, and by several', async () => {
  const girls = [...sara].reverse();
  const expected: Readonly<Record<string, string[]>> = {
    '': newestFirst(),
    'status=active': [adam],
    'status=active&status=awaiting_approval': newestFirst(),
    'status=resolved': [],
    'tier=amber': girls,
    'runKind=actual': [adam],
    'jurisdiction=QA': newestFirst(),
    'jurisdiction=XX': [],
    'needsAttention=true': [],
    'needsAttention=false&tier=missing': [adam],
    'near=25.26,51.44&withinKm=5': girls,
    'near=24.59,51.1&withinKm=0.1': [adam],
    'near=-24.59,51.1&withinKm=500': [],
    'reportedFrom=2020-01-01T00:00Z&reportedTo=2021-01-01T00:00%2B03:00': [],
    'reportedTo=9999-12-31T23:59-14:00': newestFirst(),
    'status=awaiting_approval&tier=amber&runKind=exercise&jurisdiction=QA&near=25.26,51.44&withinKm=5': girls,
  };
  const seen: Record<string, string[]> = {};
  for (const query of Object.keys(expected)) seen[query] = numbers(await get(`/api/cases?${query}`).expect(200));
  expect(seen).toEqual(expected);
});

test('next leads on through the same filters', async () => {
  const paged: string[] = [];
  const first = '/api/cases?limit=1&status=active&status=awaiting_approval&near=25.26,51.44&withinKm=5';
  for (let next: string | null = first; next !== null;) {
    const page: Response = await get(next).expect(200);
    paged.push(...numbers(page));
    next = bodyOf(page).next as string | null;
  }
  expect(paged).toEqual([...sara].reverse());
});

test.each([
  ['colour=red', '/colour unknown_field'],
  ['name=Sara', '/name unknown_field'],
  ['status=lost', '/status/0 invalid_value'],
  ['status=active&status=', '/status/1 invalid_value'],
  ['tier=', '/tier invalid_value'],
  ['tier=amber&tier=missing', '/tier invalid_value'],
  ['runKind=real', '/runKind invalid_value'],
  ['jurisdiction=a%00', '/jurisdiction invalid_format'],
  ['needsAttention=yes', '/needsAttention invalid_value'],
  ['reportedFrom=yesterday', '/reportedFrom not_a_zoned_time'],
  ['reportedTo=2026-11-24T05:20+03:00', '/reportedTo not_a_zoned_time'],
  ['reportedFrom=2026-02-02T00:00Z&reportedTo=2026-02-01T00:00Z', '/reportedTo range_reversed'],
  ['near=25.2,51.5', '/withinKm missing'],
  ['withinKm=5', '/near missing'],
  ['near=51.5&withinKm=5', '/near not_a_place'],
  ['near=91,0&withinKm=5', '/near not_a_place'],
  ['near=25,51&withinKm=501', '/withinKm too_big'],
  ['near=25,51&withinKm=', '/withinKm too_small'],
  ['near=25,51&withinKm=NaN', '/withinKm invalid_type'],
  ['cursor=abc', '/cursor cursor_invalid'],
  [`cursor=${Buffer.from('[1e400,"MFQ-7K3D-92XQ"]').toString('base64url')}`, '/cursor cursor_invalid'],
  [`cursor=${Buffer.from('[1,"x"]').toString('base64url')}`, '/cursor cursor_invalid'],
  ['limit=1.5', '/limit invalid_type'],
])('the list refuses %s and names the field', async (query, wrong) => {
  expect(told(await get(`/api/cases?${query}`))).toBe(`422 invalid, ${wrong}`);
});

test('a case is found by its name however it is written, in either language, by whole words or their beginnings', async () => {
  const girls = [...sara].reverse();
  const expected: Readonly<Record<string, string[]>> = {
    'Sara Example': girls,
    'EXAMPLE sara': girls,
    sa: girls,
    ساره: girls,
    'سَــارة التجريبيه': girls,
    'sara invented': [],
    ara: [],
    adam: [adam],
    ادم: [adam],
    'أدم المختر': [adam],
    Nobody: [],
  };
  const seen: Record<string, string[]> = {};
  for (const name of Object.keys(expected)) seen[name] = numbers(await search({ name }).expect(200));
  expect(seen).toEqual(expected);
});

test('a search by name is narrowed and paged like the list, and no name gets into an address or the log', async () => {
  const first = await search({ name: 'Sara', limit: 1, status: ['awaiting_approval'], tier: 'amber' }).expect(200);
  const second = await search({ name: 'Sara', limit: 1, cursor: bodyOf(first).next }).expect(200);
  expect([...numbers(first), ...numbers(second)]).toEqual([...sara].reverse());
  expect(bodyOf(second).next).toBeNull();
  expect(numbers(await search({ name: 'Sara', near: { latitude: 24.59, longitude: 51.1 }, withinKm: 9 }))).toEqual([]);
  expect(numbers(await search({ name: 'Sara', needsAttention: true }))).toEqual([]);
  expect(JSON.stringify(first.body) + api.log()).not.toMatch(/Sara|Adam|Ádám|سار|24\.59/);
});

test('a search that cannot be is refused, and its fields are named', async () => {
  const answers = await Promise.all([
    search({}),
    search({ name: '—' }),
    search({ name: 'a\nb' }),
    search({ name: 5 }),
    search({ name: 'a b c d e f g h i j k l m' }),
    search({ name: 'Sara', status: 'active', needsAttention: 'true' }),
    search({ name: 'Sara', near: { latitude: 91, longitude: 0 }, withinKm: 1 }),
    search({ name: 'Sara', near: { latitude: 1, longitude: 0 } }),
    search({ name: 'Sara', cursor: 'x', page: 2 }),
    search([]),
    get('/api/cases/search'),
  ]);
  expect(answers.map(told)).toEqual([
    '422 invalid, /name missing',
    '422 invalid, /name invalid_format, /name words_out_of_range',
    '422 invalid, /name invalid_format',
    '422 invalid, /name invalid_type',
    '422 invalid, /name words_out_of_range',
    '422 invalid, /status invalid_type, /needsAttention invalid_type',
    '422 invalid, /near/latitude coordinates_out_of_range',
    '422 invalid, /withinKm missing',
    '422 invalid, /cursor cursor_invalid, /page unknown_field',
    '422 invalid,  invalid_type',
    '405 method_not_allowed',
  ]);
});

test('the timeline is read page by page, as it stands in the case', async () => {
  const whole = bodyOf(await get(`/api/cases/${adam}`)).timeline;
  const entries: unknown[] = [];
  for (let next: string | null = `/api/cases/${adam}/timeline?limit=2`; next !== null;) {
    const page = timelinePageSchema.parse((await get(next).expect(200)).body);
    expect(page.entries.length).toBeLessThanOrEqual(2);
    entries.push(...page.entries);
    next = page.next;
  }
  expect(entries).toEqual(whole);
  expect(entries.length).toBeGreaterThan(3);
  const after = await get(`/api/cases/${adam}/timeline?after=${entries.length}`).expect(200);
  expect(after.body).toEqual({ entries: [], next: null });
  expect(told(await get(`/api/cases/${adam}/timeline?after=-1`))).toBe('422 invalid, /after too_small');
  expect(told(await get(`/api/cases/${adam}/timeline?since=1`))).toBe('422 invalid, /since unknown_field');
  expect(told(await get('/api/cases/MFQ-2222-2222/timeline'))).toBe('404 case_unknown');
});

test('the times of a case, and over all, are those of what happened first', async () => {
  const before = caseTimesSchema.parse(bodyOf(await get(`/api/cases/${sara[0] ?? ''}`)).times);
  expect(before).toMatchObject({ approvedAt: null, reportToLiveMs: null, liveAt: { facebook: null, instagram: null } });
  await rows.query(
    `UPDATE cases SET active_since = reported_at + interval '90 s', first_live_at = reported_at + interval '94 s',
       live_at = jsonb_build_object('facebook', (extract(epoch FROM reported_at) * 1000)::bigint + 94000)
     WHERE case_number = $1`,
    [adam],
  );
  const times = caseTimesSchema.parse(bodyOf(await get(`/api/cases/${adam}`)).times);
  expect(times).toMatchObject({ reportToApprovalMs: 90_000, approvalToLiveMs: 4_000, reportToLiveMs: 94_000 });
  expect(Date.parse(times.liveAt.facebook ?? '') - Date.parse(times.reportedAt)).toBe(94_000);
  expect(times.liveAt.facebook).toMatch(/\+03:00$/);

  const spread = (count: number, ms: number | null): object => ({ count, medianMs: ms, p90Ms: ms, maxMs: ms });
  const none = spread(0, null);
  expect(timesSchema.parse((await get('/api/times').expect(200)).body)).toEqual({
    cases: 1,
    reportToApproval: spread(1, 90_000),
    approvalToLive: spread(1, 4_000),
    reportToLive: spread(1, 94_000),
    approvalToLiveOn: { facebook: spread(1, 4_000), instagram: none, 'meta-partner': none },
  });
  expect(bodyOf(await get('/api/times?runKind=exercise'))).toMatchObject({ cases: 2, reportToApproval: none });
  expect(bodyOf(await get('/api/times?near=24.6,51.1&withinKm=20&tier=missing&status=active'))).toMatchObject({
    cases: 1,
  });
  expect(bodyOf(await get('/api/times?near=25.26,51.44&withinKm=20'))).toMatchObject({ cases: 0 });
  expect(told(await get('/api/times?limit=5'))).toBe('422 invalid, /limit unknown_field');
});

test('/readyz tells that Temporal is away without taking that for unready', async () => {
  api.cases.away = true;
  try {
    const answer = await api.as(null).get('/readyz').expect(200);
    expect(readinessSchema.parse(answer.body)).toEqual({
      status: 'ready',
      postgres: 'reachable',
      migrations: 'current',
      temporal: 'unreachable',
    });
  } finally {
    api.cases.away = false;
  }
});

test('/readyz is unready with a database that was never migrated', async () => {
  const empty = await startApi((await server.newEmptyDatabase()).databaseUrl);
  try {
    const answer = await empty.as(null).get('/readyz').expect(503).expect('Retry-After', '5');
    expect(answer.body).toMatchObject({ status: 'unready', postgres: 'reachable', migrations: 'missing' });
  } finally {
    await empty.stop();
  }
});

test('without PostgreSQL the process lives, is unready, and says of every read when to try again', async () => {
  const own = await startDatabaseServer();
  const doomed = await startApi((await own.newDatabase()).databaseUrl);
  try {
    await own.process.stop();
    await doomed.as(null).get('/healthz').expect(200);
    const unready = await doomed.as(null).get('/readyz').expect(503);
    expect(unready.body).toMatchObject({ status: 'unready', postgres: 'unreachable', migrations: 'unknown' });
    const one = '/api/cases/MFQ-7K3D-92XQ';
    const reads = ['/api/cases?status=active', `${one}/timeline`, '/api/events', `${one}/events`, '/api/times'];
    const answers = [
      ...(await Promise.all(reads.map((path) => doomed.as('operator-1').get(path)))),
      await doomed.as('operator-1').post('/api/cases/search').send({ name: 'Sara' }),
    ];
    for (const answer of answers) {
      expect(told(answer)).toBe('503 store_unavailable');
      expect(answer.headers['retry-after']).toBe('5');
    }
  } finally {
    await doomed.stop();
    await own.stop();
  }
}, 60_000);
