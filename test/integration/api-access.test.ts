import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Express } from 'express';
import type { Test } from 'supertest';
import { COMMANDS, SIGNALS, type SignalName } from '../../src/domain/command.js';
import { COMMAND_FORMS, REVISION_PATHS } from '../../src/api/command-schemas.js';
import {
  aPhoto,
  aReport,
  type ApiUnderTest,
  PEOPLE,
  type Person,
  sendRevision,
  startApi,
  tokenOf,
} from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let api: ApiUnderTest;

beforeAll(async () => {
  server = await startDatabaseServer();
  api = await startApi((await server.newDatabase()).databaseUrl);
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

/** Every route that express has mounted, wherever it was mounted. */
function mounted(app: Express): { method: string; path: string }[] {
  const walk = (stack: readonly Layer[]): { method: string; path: string }[] =>
    stack.flatMap(({ route, handle }) => [
      ...Object.keys(route?.methods ?? {}).map((method) => ({ method, path: route?.path ?? '' })),
      ...walk(handle?.stack ?? []),
    ]);
  return walk(app.router.stack as unknown as Layer[]).filter(({ method }) => method !== '_all');
}

const addressOf = (path: string): string =>
  path
    .replace(':caseNumber', 'MFQ-7K3D-92XQ')
    .replace(':commandId', 'some-command')
    .replace(':revision', '1')
    .replace(':channel', 'facebook')
    .replace(':card', 'feed');

test('no route but those that say nothing about cases answers anybody without a token of the staff file', async () => {
  const routes = mounted(api.app);
  expect(routes).toHaveLength(3 + 2 + 12 + 1 + SIGNALS.length);
  const open: string[] = [];
  for (const { method, path } of routes) {
    for (const authorization of [
      '',
      `Bearer ${'x'.repeat(40)}`,
      `Basic ${tokenOf('operator-1')}`,
      tokenOf('operator-1'),
      'Bearer ',
    ]) {
      const answer = await fetch(api.url + addressOf(path), { method, headers: { authorization } });
      if (answer.status !== 401) open.push(`${method} ${path} ${answer.status}`);
      else {
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
        expect(await answer.json()).toMatchObject({
          type: '/problems/unauthenticated',
          status: 401,
          code: 'unauthenticated',
        });
      }
    }
  }
  expect([...new Set(open)]).toEqual([
    'get /healthz 200',
    'get /readyz 200',
    'get /openapi.json 200',
    'get /docs 200',
    'get /docs/ 200',
  ]);
});

test('an address that is not there is shut too, and tells only staff that it is not there', async () => {
  await api.as(null).get('/api/nothing').expect(401);
  await api
    .as('operator-1')
    .get('/api/nothing')
    .expect(404)
    .expect('Content-Type', /^application\/problem\+json/);
  await api.as('operator-1').get('/api/cases/%zz').expect(400);
});

test('/healthz says nothing about cases', async () => {
  const answer = await api.as(null).get('/healthz').expect(200);
  expect(answer.body).toEqual({ status: 'ok' });
});

test('a command is taken from the roles of the table of commands and refused to all others', async () => {
  const expected: Record<string, number> = {};
  const seen: Record<string, number> = {};
  for (const kind of SIGNALS) {
    for (const person of PEOPLE) {
      const { roles }: { roles: readonly string[] } = COMMANDS[kind];
      const answer = await send(kind, person);
      seen[`${kind} by ${person}`] = answer.status;
      expected[`${kind} by ${person}`] = roles.includes(roleOf(person)) ? 404 : 403;
    }
  }
  expect(seen).toEqual(expected);
});

test('an ended case is reissued by operators and supervisors', async () => {
  for (const person of PEOPLE) {
    const answer = await api.as(person).post('/api/cases/MFQ-7K3D-92XQ/reissue').set('Idempotency-Key', 'reissue');
    const may = ['operator', 'supervisor'].includes(roleOf(person));
    expect([person, (answer.body as { code?: string }).code]).toEqual([person, may ? 'case_unknown' : 'role_may_not']);
  }
});

test('only an operator reports, and everybody on the staff reads', async () => {
  for (const person of PEOPLE) {
    const report = await api.as(person).post('/api/cases');
    expect([person, (report.body as { code?: string }).code]).toEqual([
      person,
      person === 'operator-1' ? 'idempotency_key_required' : 'role_may_not',
    ]);
    await api.as(person).get('/api/cases').expect(200);
  }
});

test('a method that a path does not take is answered with those it takes', async () => {
  await api.as('operator-1').delete('/api/cases').expect(405).expect('Allow', 'POST, GET, HEAD');
  await api.as('supervisor-1').get('/api/cases/MFQ-7K3D-92XQ/approve').expect(405).expect('Allow', 'POST');
  await api.as('operator-1').head('/api/cases').expect(200);
});

test('no answer is kept by a cache, and none says what the server is made of', async () => {
  for (const [person, path] of [
    [null, '/healthz'],
    [null, '/api/cases'],
    ['operator-1', '/api/cases'],
    ['operator-1', '/nowhere'],
  ] as const) {
    const { headers } = await api.as(person).get(path);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers.etag).toBeUndefined();
  }
});

test('neither the log nor a refusal tells of a token, a name, a text or an address as it was typed', async () => {
  const report = aReport();
  await api
    .as('operator-1')
    .post('/api/cases')
    .set('Idempotency-Key', 'for-the-log')
    .field('report', JSON.stringify(report))
    .attach('photo', await aPhoto(), 'Sara.jpg')
    .expect(201);
  const refused = await api
    .as('operator-1')
    .post('/api/cases')
    .set('Idempotency-Key', 'k')
    .field('report', JSON.stringify({ ...report, tier: 'Sara' }))
    .attach('photo', await aPhoto(), 'Sara.jpg');
  await api.as('operator-1').get('/api/cases/Sara?name=Sara').expect(404);
  await api
    .as(null)
    .get('/Sara')
    .set('Authorization', `Bearer Sara${tokenOf('operator-1')}`)
    .expect(401);
  expect(refused.status).toBe(422);
  const said = api.log() + JSON.stringify(refused.body);
  expect(said).toContain('"route":"/api/cases/:caseNumber"');
  expect(said).toContain('"caseNumber":"MFQ-7K3D-92XQ"');
  expect(said).toContain(String(refused.headers['x-request-id']));
  expect(said.match(/Sara|سارة|Umm|5550 0000|token-of|Name of|25\.2627|51\.4406|Bearer|127\.0\.0/g)).toBeNull();
});

function roleOf(person: Person): string {
  return (
    { operator: 'operator', supervisor: 'supervisor', admin: 'administrator', auditor: 'auditor' }[
      person.split('-')[0] ?? ''
    ] ?? ''
  );
}

function send(kind: SignalName, person: Person): Test {
  const address = '/api/cases/MFQ-7K3D-92XQ';
  if (kind === 'resubmit' || kind === 'amend') {
    return sendRevision(api, `${address}/${REVISION_PATHS[kind]}`, { person });
  }
  return api.as(person).post(`${address}/${COMMAND_FORMS[kind].path}`).send(BODIES[kind]);
}

const BODIES: Readonly<Record<keyof typeof COMMAND_FORMS, object>> = {
  approve: { digest: 'a'.repeat(64), criteria: {} },
  reject: { reason: 'not enough to go on' },
  return: { note: 'not enough to go on' },
  withdraw: {},
  approveAmendment: { digest: 'a'.repeat(64) },
  rejectAmendment: { reason: 'not enough to go on' },
  widen: {},
  extend: { until: '2026-11-24T05:20+03:00' },
  reportSighting: {
    place: 'Souq Waqif',
    location: { latitude: 25.2875, longitude: 51.533 },
    at: '2026-11-24T05:20+03:00',
    description: 'with a man',
  },
  childFound: { outcome: 'recovered_otherwise' },
  cancel: { reason: 'hoax' },
  acknowledge: {},
  confirmPublished: { channel: 'facebook' },
  confirmRemoved: { channel: 'facebook' },
};
