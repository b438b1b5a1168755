import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Test } from 'supertest';
import { loadPolicyFile, type PolicyFile } from '../../src/policy/policy-file.js';
import type { StaffEntry } from '../../src/api/staff-file.js';
import { operationsOf, type Placed } from './api-documented.js';
import { addressIn, sendAsDocumented } from './api-requests.js';
import {
  aPhoto,
  aReport,
  type ApiUnderTest,
  bodyOf,
  newKey,
  type Person,
  POLICY_FILE,
  sendReport,
  STAFF,
  startApi,
  tokenOf,
} from './api-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

const shipped = loadPolicyFile(POLICY_FILE);
const policyFile: PolicyFile = {
  ...shipped,
  jurisdictions: { ...shipped.jurisdictions, KW: { countries: ['KW'], timeZone: 'Asia/Kuwait' } },
};

/** `operator-1` belongs to Qatar and `auditor-1` to all; everybody else to Kuwait. */
const jurisdictionsOf = (id: string): StaffEntry['jurisdictions'] =>
  id === 'auditor-1' ? 'all' : [id === 'operator-1' ? 'QA' : 'KW'];
const staff: StaffEntry[] = [
  ...STAFF.map((entry) => ({ ...entry, jurisdictions: jurisdictionsOf(entry.id) })),
  ...(['operator', 'auditor'] as const).map((role) => ({
    ...STAFF[0],
    id: `${role}-kw`,
    name: `Name of ${role}-kw`,
    role,
    jurisdictions: ['KW'],
    token: tokenOf(`${role}-kw` as Person),
    secondFactor: true,
  })),
];
/** One of each role, all of Kuwait. */
const THEIR_OPERATOR = 'operator-kw' as Person;
const STRANGERS = [THEIR_OPERATOR, 'supervisor-1', 'admin-1', 'auditor-kw'] as Person[];
const UNKNOWN = 'MFQ-7K3D-92XQ';

let server: DatabaseServer;
let databaseUrl: string;
let api: ApiUnderTest;
let photo: Buffer;
let theCase: { caseNumber: string; commandId: string };
const streams: AbortController[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
  ({ databaseUrl } = await server.newDatabase());
  api = await startApi(databaseUrl, { policyFile, staff });
  photo = await aPhoto();
  theCase = bodyOf(await sendReport(api, { photo }).expect(201)) as typeof theCase;
}, 60_000);

afterEach(() => streams.splice(0).forEach((stream) => stream.abort()));

afterAll(async () => {
  await api.stop();
  await server.stop();
}, 60_000);

/** A report in Kuwait, of a child of the same name. */
const theirReport = (): object => ({ ...aReport(), jurisdiction: 'KW' });

async function reportedInKuwait(): Promise<string> {
  const answer = await api
    .as(THEIR_OPERATOR)
    .post('/api/cases')
    .set('Idempotency-Key', newKey())
    .field('report', JSON.stringify(theirReport()))
    .attach('photo', photo, 'photo.jpg')
    .expect(201);
  return bodyOf(answer).caseNumber as string;
}

const ofOneCase = (): Placed[] => operationsOf(api.document).filter(({ path }) => path.includes('{caseNumber}'));

test('whatever anybody asks of a case of another jurisdiction is answered as of a case that there is not, to the letter', async () => {
  const before = await api.as('auditor-1').get(`/api/cases/${theCase.caseNumber}`).expect(200);
  const operations = ofOneCase();
  expect(operations.length).toBeGreaterThan(20);
  const codes = new Set<unknown>();
  for (const operation of operations) {
    for (const person of STRANGERS) {
      const answers: { readonly status: number; readonly code?: unknown }[] = [];
      for (const asked of [theCase, { ...theCase, caseNumber: UNKNOWN }]) {
        const { status, body } = await sendAsDocumented(api, person, operation, addressIn(operation, asked), photo);
        const { instance, ...rest } = body;
        expect(instance).toEqual(expect.any(String));
        answers.push({ status, ...rest });
      }
      expect([operation.operationId, person, answers[0]]).toEqual([operation.operationId, person, answers[1]]);
      expect([403, 404]).toContain(answers[0]?.status);
      codes.add(answers[0]?.code);
    }
  }
  expect([...codes].sort()).toEqual(['card_unknown', 'case_unknown', 'image_unknown', 'role_may_not']);
  // Nor has anything come of it.
  const after = await api.as('auditor-1').get(`/api/cases/${theCase.caseNumber}`).expect(200);
  expect(after.body).toEqual(before.body);
}, 120_000);

test('no list, search or count of another jurisdiction holds the case, whatever is asked', async () => {
  const theirs = await reportedInKuwait();
  const place = aReport().lastSeen.location as { latitude: number; longitude: number };
  const queries = [
    '',
    'jurisdiction=QA',
    'jurisdiction=KW',
    'status=awaiting_approval',
    'tier=amber&runKind=exercise',
    `near=${place.latitude},${place.longitude}&withinKm=5`,
    'needsAttention=false',
  ];
  for (const person of STRANGERS) {
    for (const query of queries) {
      const { cases } = (await api.as(person).get(`/api/cases?limit=50&${query}`).expect(200)).body as {
        cases: { caseNumber: string; jurisdiction: string }[];
      };
      expect([query, cases.map(({ jurisdiction }) => jurisdiction)]).toEqual([
        query,
        query === 'jurisdiction=QA' ? [] : cases.map(() => 'KW'),
      ]);
      expect(cases.some(({ caseNumber }) => caseNumber === theirs)).toBe(query !== 'jurisdiction=QA');
    }
    for (const name of ['Sara Example', 'سارة', 'sar']) {
      const found = (await api.as(person).post('/api/cases/search').send({ name }).expect(200)).body as {
        cases: { jurisdiction: string }[];
      };
      expect(new Set(found.cases.map(({ jurisdiction }) => jurisdiction))).toEqual(new Set(['KW']));
    }
  }
  const counts = async (person: Person, query = ''): Promise<number> =>
    ((await api.as(person).get(`/api/times?runKind=exercise${query}`).expect(200)).body as { cases: number }).cases;
  const [all, qatar, kuwait] = [await counts('auditor-1'), await counts('operator-1'), await counts(THEIR_OPERATOR)];
  expect([qatar, kuwait, await counts(THEIR_OPERATOR, '&jurisdiction=QA')]).toEqual([1, all - 1, 0]);
});

test('nobody reports in another jurisdiction, and is told so with all else that is wrong', async () => {
  const report = { ...theirReport(), circumstances: 7 };
  const refused = await sendReport(api, { photo, report }).expect(422);
  expect(
    (bodyOf(refused).errors as { pointer: string; code: string }[]).map(({ pointer, code }) => [pointer, code]),
  ).toEqual([
    ['/circumstances', 'invalid_type'],
    ['/jurisdiction', 'jurisdiction_not_yours'],
  ]);
});

async function* positionsAndCases(path: string, person: Person, lastEventId?: string): AsyncGenerator<string> {
  const leaving = new AbortController();
  streams.push(leaving);
  const response = await fetch(api.url + path, {
    headers: {
      authorization: `Bearer ${tokenOf(person)}`,
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
    },
    signal: leaving.signal,
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) yield decoder.decode(chunk as Uint8Array, { stream: true });
}

test('a stream tells of one’s own jurisdiction only, from its beginning and from where it was left', async () => {
  for (const lastEventId of [undefined, '0']) {
    const stream = positionsAndCases('/api/events', THEIR_OPERATOR, lastEventId);
    let text = String((await stream.next()).value);
    const other = bodyOf(await sendReport(api, { photo }).expect(201)).caseNumber as string;
    const own = await reportedInKuwait();
    while (!text.includes(own)) text += String((await stream.next()).value);
    expect(text).not.toContain(other);
    expect(text).not.toContain(theCase.caseNumber);
  }
});

test('streams of people with different scopes that stand at the same place each tell their own', async () => {
  const everybody = (['operator-1', THEIR_OPERATOR, 'auditor-1'] as Person[]).map((person) =>
    positionsAndCases('/api/events', person),
  );
  const texts = await Promise.all(everybody.map(async (stream) => String((await stream.next()).value)));
  const ours = bodyOf(await sendReport(api, { photo }).expect(201)).caseNumber as string;
  const theirs = await reportedInKuwait();
  const awaited = [[ours], [theirs], [ours, theirs]];
  for (const [index, stream] of everybody.entries()) {
    let text = texts[index] ?? '';
    while (!awaited[index]?.every((number) => text.includes(number))) text += String((await stream.next()).value);
    texts[index] = text;
  }
  expect(texts[0]).not.toContain(theirs);
  expect(texts[1]).not.toContain(ours);
});

test('an auditor of all sees what each jurisdiction has', async () => {
  const { cases } = (await api.as('auditor-1').get('/api/cases?limit=100').expect(200)).body as {
    cases: { jurisdiction: string }[];
  };
  expect(new Set(cases.map(({ jurisdiction }) => jurisdiction))).toEqual(new Set(['QA', 'KW']));
});

test('somebody who has changed jurisdictions gets nothing of a case by sending again what they sent before', async () => {
  const key = newKey();
  const sighting = {
    place: 'Souq Waqif',
    location: { latitude: 25.2875, longitude: 51.533 },
    at: '2026-11-24T05:20+03:00',
    description: 'alone',
  };
  const send = (to: ApiUnderTest): Test =>
    to.as('operator-1').post(`/api/cases/${theCase.caseNumber}/sightings`).set('Idempotency-Key', key).send(sighting);
  await send(api).expect(200);
  const moved = await startApi(databaseUrl, {
    policyFile,
    staff: staff.map((entry) => (entry.id === 'operator-1' ? { ...entry, jurisdictions: ['KW'] } : entry)),
  });
  try {
    expect(bodyOf(await send(moved).expect(404))).toMatchObject({ code: 'case_unknown' });
  } finally {
    await moved.stop();
  }
});
