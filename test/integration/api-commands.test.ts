import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { Response, Test } from 'supertest';
import {
  ALL_MET,
  aPhoto,
  type ApiUnderTest,
  bodyOf,
  newKey,
  type Person,
  sendReport,
  STAFF,
  startApi,
} from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

let server: DatabaseServer;
let databaseUrl: string;
let api: ApiUnderTest;
let rows: pg.Pool;
let photo: Buffer;

beforeAll(async () => {
  server = await startDatabaseServer();
  ({ databaseUrl, pool: rows } = await server.newDatabase());
  api = await startApi(databaseUrl);
  photo = await aPhoto();
}, 60_000);

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

beforeEach(() => {
  api.cases.away = false;
});

interface Case {
  readonly caseNumber: string;
  readonly path: string;
  readonly digest: string;
}

async function aCase(of = api): Promise<Case> {
  const { caseNumber, revision } = bodyOf(await sendReport(of, { photo }).expect(201)) as unknown as {
    caseNumber: string;
    revision: { digest: string };
  };
  return { caseNumber, path: `/api/cases/${caseNumber}`, digest: revision.digest };
}

const post = (person: Person, path: string, body: object = {}, key?: string): Test => {
  const request = api.as(person).post(path);
  return (key === undefined ? request : request.set('Idempotency-Key', key)).send(body);
};

const refusal = (answer: Response): string => `${answer.status} ${String(bodyOf(answer).code)}`;

async function timelineOf({ path }: Case): Promise<{ type: string; fields: Record<string, unknown>; note?: string }[]> {
  return bodyOf(await api.as('auditor-1').get(path).expect(200)).timeline as never;
}

async function commandsOf({ caseNumber }: Case): Promise<number> {
  const { rowCount } = await rows.query('SELECT FROM commands WHERE case_number = $1', [caseNumber]);
  return rowCount ?? 0;
}

test('an approval of the newest digest makes the case active, and its answer says so', async () => {
  const one = await aCase();
  const answer = await post('supervisor-1', `${one.path}/approve`, { digest: one.digest, criteria: ALL_MET }).expect(
    200,
  );
  expect(bodyOf(answer)).toEqual({
    commandId: expect.any(String),
    command: 'approve',
    outcome: 'accepted',
    case: { caseNumber: one.caseNumber, status: 'active' },
  });
  const read = bodyOf(await api.as('operator-1').get(one.path));
  const zoned = expect.stringMatching(/\+03:00$/);
  expect(read).toMatchObject({ status: 'active', approvedBy: 'supervisor-1', approvedAt: zoned, expiresAt: zoned });
  expect(read).toMatchObject({
    publications: [
      { channel: 'facebook', wanted: 1 },
      { channel: 'instagram', wanted: 1 },
    ],
  });

  const status = await api
    .as('operator-1')
    .get(`${one.path}/commands/${String(bodyOf(answer).commandId)}`)
    .expect(200);
  expect(bodyOf(status)).toMatchObject({
    command: 'approve',
    caseNumber: one.caseNumber,
    status: 'accepted',
    storedAt: zoned,
  });
});

test.each([
  ['supervisor-1', 'reject', { reason: 'the photo shows somebody else' }, 'rejected', 'the photo shows somebody else'],
  ['operator-1', 'found', { outcome: 'recovered_otherwise', note: 'at her aunt’s' }, 'resolved', 'at her aunt’s'],
  ['supervisor-2', 'found', { outcome: 'recovered_through_alert' }, 'resolved', undefined],
  ['supervisor-1', 'cancel', { reason: 'hoax', note: 'the caller has said so' }, 'cancelled', 'the caller has said so'],
] as const)(
  '%s ends a case with %s; what was written with it is for the staff only',
  async (person, path, body, status, note) => {
    const one = await aCase();
    const answer = await post(person, `${one.path}/${path}`, body).expect(200);
    expect(bodyOf(answer)).toMatchObject({ outcome: 'accepted', case: { status } });
    const entry = (await timelineOf(one)).find(({ fields }) => fields.commandId === bodyOf(answer).commandId);
    expect(entry).toMatchObject({ type: 'commandAccepted', fields: { actor: person } });
    expect(entry?.note).toBe(note);
    const { rows: payloads } = await rows.query('SELECT payload FROM commands WHERE case_number = $1', [
      one.caseNumber,
    ]);
    if (note !== undefined) expect(JSON.stringify(payloads)).not.toContain(note);
  },
);

test('what the case refuses is told with a stable code, what to do next, and one entry in the timeline', async () => {
  const one = await aCase();
  const stale = await post('supervisor-1', `${one.path}/approve`, { digest: 'a'.repeat(64), criteria: ALL_MET });
  expect(stale.headers['content-type']).toMatch(/^application\/problem\+json/);
  expect(bodyOf(stale)).toEqual({
    type: '/problems/stale_digest',
    title: expect.any(String),
    status: 409,
    code: 'stale_digest',
    detail: expect.stringContaining('Read the case again'),
    instance: expect.stringMatching(/^urn:uuid:/),
  });
  const seen = [refusal(stale)];
  const ask = async (person: Person, path: string, body: object): Promise<void> => {
    seen.push(refusal(await post(person, `${one.path}/${path}`, body)));
  };
  await ask('operator-1', 'acknowledge', {});
  await post('supervisor-1', `${one.path}/acknowledge`).expect(200);
  await post('supervisor-1', `${one.path}/approve`, { digest: one.digest, criteria: ALL_MET }).expect(200);
  await ask('supervisor-2', 'approve', { digest: one.digest, criteria: ALL_MET });
  await ask('supervisor-2', 'reject', { reason: 'too late' });
  await ask('supervisor-1', 'acknowledge', {});
  await post('operator-1', `${one.path}/found`, { outcome: 'recovered_otherwise' }).expect(200);
  await ask('supervisor-1', 'cancel', { reason: 'hoax' });
  expect(seen).toEqual([
    '409 stale_digest',
    '403 not_on_ladder',
    '409 not_awaiting_approval',
    '409 not_awaiting_approval',
    '409 nothing_to_acknowledge',
    '409 case_ended',
  ]);
  const refused = (await timelineOf(one)).filter(({ type }) => type === 'commandRefused');
  expect(refused.map(({ fields }) => fields.code)).toEqual(seen.map((text) => text.split(' ')[1]));
});

test('whoever wrote a revision cannot approve it, even as a supervisor by now', async () => {
  const promoted = await startApi(databaseUrl, {
    staff: STAFF.map((person) => (person.id === 'operator-1' ? { ...person, role: 'supervisor' as const } : person)),
  });
  try {
    api.cases.away = true;
    const reported = await sendReport(api, { photo }).expect(202);
    const { caseNumber, revision } = bodyOf(reported) as { caseNumber: string; revision: { digest: string } };
    const answer = await promoted
      .as('operator-1')
      .post(`/api/cases/${caseNumber}/approve`)
      .send({ digest: revision.digest, criteria: ALL_MET });
    expect(refusal(answer)).toBe('403 own_revision');
  } finally {
    await promoted.stop();
  }
});

test('the same command under the same key has one effect and gets the first answer, whatever happened since', async () => {
  const one = await aCase();
  const key = newKey();
  const approve = (): Test =>
    post('supervisor-1', `${one.path}/approve`, { digest: one.digest, criteria: ALL_MET }, key);
  const [first, twin] = await Promise.all([approve(), approve()]);
  expect([first.status, twin.status]).toEqual([200, 200]);
  expect(bodyOf(twin)).toEqual(bodyOf(first));
  const tooLate = newKey();
  const reject = (): Test => post('supervisor-1', `${one.path}/reject`, { reason: 'no' }, tooLate);
  expect(refusal(await reject())).toBe('409 not_awaiting_approval');
  await post('operator-1', `${one.path}/found`, { outcome: 'recovered_otherwise' }).expect(200);

  expect(bodyOf(await approve().expect(200))).toMatchObject({
    commandId: bodyOf(first).commandId,
    outcome: 'accepted',
  });
  expect(refusal(await reject())).toBe('409 not_awaiting_approval');
  expect(await commandsOf(one)).toBe(4);
  expect((await timelineOf(one)).filter(({ type }) => type === 'approved')).toHaveLength(1);
});

test('a key that was used for another command, body or case is refused', async () => {
  const [one, other] = [await aCase(), await aCase()];
  const key = newKey();
  await post('supervisor-1', `${one.path}/reject`, { reason: 'first' }, key).expect(200);
  for (const [path, body] of [
    [`${one.path}/reject`, { reason: 'second' }],
    [`${other.path}/reject`, { reason: 'first' }],
    [`${one.path}/cancel`, { reason: 'hoax' }],
  ] as const) {
    expect(refusal(await post('supervisor-1', path, body, key))).toBe('422 idempotency_key_reused');
  }
  expect(refusal(await post('supervisor-1', `${one.path}/reject`, { reason: 'x' }, 'a key'))).toBe(
    '400 idempotency_key_invalid',
  );
  expect([await commandsOf(one), await commandsOf(other)]).toEqual([2, 1]);
});

test('with Temporal away a command is stored, and takes effect in its turn once it is back', async () => {
  const one = await aCase();
  api.cases.away = true;
  const stored = await post('supervisor-1', `${one.path}/approve`, { digest: one.digest, criteria: ALL_MET }).expect(
    202,
  );
  expect(bodyOf(stored)).toMatchObject({
    command: 'approve',
    outcome: 'stored',
    delivery: 'stored',
    detail: expect.stringContaining('safely stored'),
  });
  const status = String(stored.headers.location);
  expect(status).toBe(`${one.path}/commands/${String(bodyOf(stored).commandId)}`);
  expect(bodyOf(await api.as('supervisor-1').get(status).expect(200))).toMatchObject({
    status: 'stored',
    deliveredAt: null,
  });

  api.cases.away = false;
  await post('operator-1', `${one.path}/found`, { outcome: 'recovered_otherwise' }).expect(200);
  expect(bodyOf(await api.as('supervisor-1').get(status))).toMatchObject({ status: 'accepted' });
  const types = (await timelineOf(one)).map(({ type }) => type);
  expect(types.indexOf('approved')).toBeGreaterThan(0);
  expect(types.indexOf('approved')).toBeLessThan(types.indexOf('found'));
});

test('what became of a stored command that was refused can be read', async () => {
  const one = await aCase();
  api.cases.away = true;
  const stored = await post('supervisor-1', `${one.path}/approve`, {
    digest: 'b'.repeat(64),
    criteria: ALL_MET,
  }).expect(202);
  api.cases.away = false;
  await post('supervisor-1', `${one.path}/acknowledge`).expect(200);
  expect(bodyOf(await api.as('auditor-1').get(String(stored.headers.location)))).toMatchObject({
    status: 'refused',
    refusal: { code: 'stale_digest', detail: expect.stringContaining('Read the case again') },
  });
});

test('a command that was stored is acknowledged even when PostgreSQL goes away before its answer', async () => {
  const own = await startDatabaseServer();
  const doomed = await startApi((await own.newDatabase()).databaseUrl, { answerWithinMs: 500 });
  try {
    const one = await aCase(doomed);
    doomed.cases.deliver = async () => {
      await own.process.stop();
      return 'delivered';
    };
    const request = doomed.as('supervisor-1').post(`${one.path}/approve`);
    expect(bodyOf(await request.send({ digest: one.digest, criteria: ALL_MET }).expect(202))).toMatchObject({
      outcome: 'stored',
    });
    await doomed.as('supervisor-1').get(one.path).expect(503);
  } finally {
    await doomed.stop();
    await own.stop();
  }
}, 60_000);

test('a body that is not what the command takes is refused, and nothing is stored', async () => {
  const one = await aCase();
  const raw = (type: string, text: string): Test =>
    api.as('supervisor-1').post(`${one.path}/approve`).type(type).send(text);
  const answers = await Promise.all([
    post('supervisor-1', `${one.path}/approve`, {}),
    api.as('supervisor-1').post(`${one.path}/approve`),
    post('supervisor-1', `${one.path}/approve`, { digest: 'A'.repeat(64), criteria: ALL_MET }),
    post('supervisor-1', `${one.path}/approve`, { digest: one.digest, force: true, criteria: ALL_MET }),
    post('supervisor-1', `${one.path}/reject`, { reason: ' ' }),
    post('supervisor-1', `${one.path}/reject`, { reason: 'x'.repeat(2_001) }),
    post('supervisor-1', `${one.path}/reject`, { reason: 'a\0b' }),
    post('supervisor-1', `${one.path}/found`, { outcome: 'lost' }),
    post('supervisor-1', `${one.path}/cancel`, { reason: 'bored', note: 5 }),
    post('supervisor-1', `${one.path}/acknowledge`, { all: true }),
    raw('application/json', '{"digest":'),
    raw('application/json', '[]'),
    raw('text/plain', 'approve'),
    raw('application/x-www-form-urlencoded', 'digest=x'),
    raw('application/json', JSON.stringify({ digest: 'x'.repeat(70_000) })),
    post('supervisor-1', '/api/cases/MFQ-2222-2222/approve', { digest: one.digest, criteria: ALL_MET }),
    post('supervisor-1', '/api/cases/Sara/approve', { digest: one.digest }),
  ]);
  const told = answers.map((answer) => {
    const { errors = [] } = answer.body as { errors?: { pointer: string; code: string }[] };
    return [refusal(answer), ...errors.map(({ pointer, code }) => `${pointer} ${code}`)].join(', ');
  });
  expect(told).toEqual([
    '422 invalid, /digest missing, /criteria missing',
    '400 body_missing',
    '422 invalid, /digest invalid_format',
    '422 invalid, /force unknown_field',
    '422 invalid, /reason invalid_format',
    '422 invalid, /reason too_big',
    '422 invalid, /reason invalid_format',
    '422 invalid, /outcome invalid_value',
    '422 invalid, /reason invalid_value, /note invalid_type',
    '422 invalid, /all unknown_field',
    '400 malformed_json',
    '422 invalid,  invalid_type',
    '415 unsupported_media_type',
    '415 unsupported_media_type',
    '413 too_large',
    '404 case_unknown',
    '404 case_unknown',
  ]);
  expect(await commandsOf(one)).toBe(1);
});
