import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Response, Test } from 'supertest';
import {
  ALL_MET,
  aPhoto,
  aReport,
  type ApiUnderTest,
  bodyOf,
  newKey,
  type Person,
  sendReport,
  sendRevision,
  startApi,
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

interface Read {
  readonly caseNumber: string;
  readonly revision: { readonly digest: string };
  readonly preview: { readonly digest: string; readonly channels: readonly { readonly text: string }[] };
}

const read = async (path: string): Promise<Read> =>
  bodyOf(await api.as('auditor-1').get(path).expect(200)) as unknown as Read;
const post = (person: Person, path: string, body: object = {}): Test => api.as(person).post(path).send(body);
const reissue = (path: string, key = newKey(), person: Person = 'operator-1', body: object = {}): Test =>
  post(person, `${path}/reissue`, body).set('Idempotency-Key', key);
const codeOf = (answer: Response): unknown => bodyOf(answer).code;
const saying = (en: string): object => ({ ...aReport(), circumstances: { ar: 'خرجت', en } });

async function aCase(): Promise<string> {
  const answer = await sendReport(api, { report: saying('as reported'), photo: await aPhoto() }).expect(201);
  return `/api/cases/${String(bodyOf(answer).caseNumber)}`;
}

test('what ended by mistake goes on as a new case that awaits approval, each linked to the other', async () => {
  const path = await aCase();
  const { digest } = (await read(path)).preview;
  await post('supervisor-1', `${path}/approve`, { digest, criteria: ALL_MET }).expect(200);
  // Never approved: what the public was never to see does not come back as if it had been.
  await sendRevision(api, `${path}/amend`, { report: saying('never approved') }).expect(200);
  await post('operator-1', `${path}/found`, { outcome: 'recovered_otherwise' }).expect(200);

  const made = await reissue(path, newKey(), 'supervisor-1').expect(201);
  const { caseNumber, status } = bodyOf(made);
  const again = String(made.headers.location);
  expect([again, status]).toEqual([`/api/cases/${String(caseNumber)}`, 'awaiting_approval']);
  const old = await read(path);
  const fresh = await read(again);
  expect(old).toMatchObject({ reissueOf: null, reissuedAs: [caseNumber] });
  expect(fresh).toMatchObject({
    reissueOf: old.caseNumber,
    reissuedAs: [],
    reportedBy: 'supervisor-1',
    tier: 'amber',
    runKind: 'exercise',
    revision: { number: 1, author: 'supervisor-1' },
    report: { circumstances: { en: 'as reported' }, policeOnly: aReport().policeOnly },
    timeline: [
      { type: 'commandAccepted', fields: { command: 'reissue', actor: 'supervisor-1' } },
      { type: 'caseOpened', fields: { reissueOf: old.caseNumber } },
      { type: 'rungNotified' },
    ],
  });
  expect(fresh.preview.channels[0]?.text).toContain(`${String(caseNumber)}/1`);
  expect(fresh.preview.channels[0]?.text).not.toContain(old.caseNumber);
  const [before, after] = await Promise.all(
    [path, again].map((of) => api.as('auditor-1').get(`${of}/revisions/1/images/facebook`).expect(200)),
  );
  expect((after?.body as Buffer).equals(before?.body as Buffer)).toBe(true);

  const own = { digest: fresh.preview.digest, criteria: ALL_MET };
  expect(codeOf(await post('supervisor-1', `${again}/approve`, own))).toBe('own_revision');
  await post('supervisor-2', `${again}/approve`, own).expect(200);
});

test('what was never approved is reissued as it was written last', async () => {
  const path = await aCase();
  await sendRevision(api, `${path}/resubmit`, { report: saying('corrected') }).expect(200);
  await post('operator-1', `${path}/withdraw`).expect(200);
  const made = await reissue(path).expect(201);
  expect(await read(String(made.headers.location))).toMatchObject({
    revision: { number: 1 },
    report: { circumstances: { en: 'corrected' } },
  });
});

test('a reissue has one effect under one key, and is refused while the case has not ended', async () => {
  const path = await aCase();
  expect(codeOf(await reissue(path).expect(409))).toBe('not_ended');
  expect(codeOf(await reissue('/api/cases/MFQ-2222-2222').expect(404))).toBe('case_unknown');
  await post('operator-1', `${path}/withdraw`).expect(200);
  expect(codeOf(await post('operator-1', `${path}/reissue`).expect(400))).toBe('idempotency_key_required');
  expect(codeOf(await reissue(path, newKey(), 'operator-1', { runKind: 'actual' }).expect(422))).toBe('invalid');

  const key = newKey();
  const [first, twin] = await Promise.all([reissue(path, key), reissue(path, key)]);
  expect([first.status, twin.status]).toEqual([201, 201]);
  expect(bodyOf(twin)).toEqual(bodyOf(first));
  expect(bodyOf(await reissue(path, key).expect(201))).toEqual(bodyOf(first));
  expect(await read(path)).toMatchObject({ reissuedAs: [bodyOf(first).caseNumber] });
});
