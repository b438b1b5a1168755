import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CaseKey } from '../../src/store/case-filters.js';
import { sha256 } from '../../src/media/sha256.js';
import { ContentMismatch } from '../../src/ports/content-store.js';
import {
  CaseNumberTaken,
  type CaseStore,
  CaseUnknown,
  createCaseStore,
  IdempotencyKeyReused,
  type NewCommand,
} from '../../src/store/case-store.js';
import { POLICY } from '../given/a-case.js';
import { aNewReport, REPORT } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let store: CaseStore;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  store = createCaseStore(database.pool, 'all');
});

function aCommand(caseNumber: string, changes: Partial<NewCommand> = {}): NewCommand {
  const commandId = randomUUID();
  return { caseNumber, commandId, kind: 'reject', actor: 'supervisor-1', role: 'supervisor', payload: {}, ...changes };
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`);
  return rows[0]?.count ?? -1;
}

test('a stored report is listed as accepted before anybody has delivered it', async () => {
  const report = aNewReport();
  const { number, storedAt, replayed } = await store.storeReport(report);
  expect({ number, replayed }).toEqual({ number: 1, replayed: false });

  const [listed] = (await store.listCases({}, { limit: 10 })).cases;
  expect(listed).toMatchObject({
    caseNumber: report.caseNumber,
    status: 'accepted',
    reportedBy: 'operator-1',
    reportedAt: storedAt,
    revision: { number: 1, digest: report.revision.digest, author: 'operator-1' },
    amendment: null,
    activeSince: null,
    radiusKm: 160,
    reissueOf: null,
    liveChannels: [],
    needsAttention: false,
  });
  expect(await store.readCase(report.caseNumber)).toEqual({
    ...listed,
    criteria: POLICY.criteria,
    reissuedAs: [],
    publications: [],
    times: {
      reportedAt: storedAt,
      approvedAt: null,
      liveAt: { facebook: null, instagram: null },
      reportToApprovalMs: null,
      approvalToLiveMs: null,
      reportToLiveMs: null,
    },
  });
  expect(await store.timeline(report.caseNumber)).toEqual([]);
  expect(await store.commandOutcome(report.caseNumber, report.commandId)).toBeUndefined();
  expect(await store.readCommand(report.caseNumber, report.commandId)).toEqual({
    commandId: report.commandId,
    kind: 'report',
    storedAt,
    deliveredAt: null,
    outcome: null,
  });
});

test('what was reported is read back as it was entered, the police-only part kept apart and out of the read model', async () => {
  const report = aNewReport();
  await store.storeReport(report);
  expect(await store.readReport(report.caseNumber, 1)).toEqual(REPORT);
  const { rows } = await database.pool.query<{ everything: string }>(
    `SELECT public::text || (SELECT cases::text FROM cases) || (SELECT string_agg(commands::text, '') FROM commands)
       AS everything FROM reports`,
  );
  expect(rows[0]?.everything).not.toContain('guardian 555');
  expect(JSON.stringify(await store.readCase(report.caseNumber))).not.toContain('Exercise Child');
});

test('requests with one idempotency key make one case, however many come at once, and all get its answer', async () => {
  const idempotency = { key: 'key-1', fingerprint: sha256('the request') };
  const reports = Array.from({ length: 6 }, () => aNewReport({ idempotency }));
  const answers = await Promise.all(reports.map((report) => store.storeReport(report)));
  expect(new Set(answers.map(({ caseNumber }) => caseNumber)).size).toBe(1);
  expect(new Set(answers.map(({ commandId }) => commandId)).size).toBe(1);
  expect(new Set(answers.map(({ storedAt }) => storedAt)).size).toBe(1);
  expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
  expect([await count('cases'), await count('commands'), await count('photos')]).toEqual([1, 1, 1]);
});

test('an idempotency key with another request is refused and stores nothing; another actor may use the same key', async () => {
  const first = aNewReport({ idempotency: { key: 'key-1', fingerprint: sha256('one') } });
  await store.storeReport(first);
  const other = { key: 'key-1', fingerprint: sha256('another') };
  await expect(store.storeReport(aNewReport({ idempotency: other }))).rejects.toBeInstanceOf(IdempotencyKeyReused);
  const command = aCommand(first.caseNumber, { actor: 'operator-1', idempotency: other });
  await expect(store.storeCommand(command)).rejects.toBeInstanceOf(IdempotencyKeyReused);
  expect([await count('cases'), await count('commands')]).toEqual([1, 1]);

  const byAnother = await store.storeReport(aNewReport({ actor: 'operator-2', idempotency: other }));
  expect(byAnother.replayed).toBe(false);
});

test('a case number in use makes no second case, and leaves the idempotency key free for the next try', async () => {
  const first = aNewReport();
  await store.storeReport(first);
  const idempotency = { key: 'key-1', fingerprint: sha256('the request') };
  const { caseNumber } = first;
  await expect(store.storeReport(aNewReport({ caseNumber, idempotency }))).rejects.toBeInstanceOf(CaseNumberTaken);
  expect(await store.storeReport(aNewReport({ idempotency }))).toMatchObject({ number: 1, replayed: false });
  expect(await count('cases')).toBe(2);
});

test('commands of a case are numbered without a gap in the order in which they were stored, however many come at once', async () => {
  const cases = [aNewReport(), aNewReport()];
  for (const report of cases) await store.storeReport(report);
  const key = { key: 'key-1', fingerprint: sha256('one') };
  const stored = await Promise.allSettled(
    cases.flatMap(({ caseNumber }) =>
      Array.from({ length: 20 }, (_, index) =>
        // Some fail after they were given a number, some are the same request twice.
        store.storeCommand(
          aCommand(caseNumber, {
            ...(index % 5 === 0 ? { idempotency: key } : {}),
            ...(index % 5 === 1 ? { commandId: 'the same twice' } : {}),
          }),
        ),
      ),
    ),
  );
  expect(stored.filter(({ status }) => status === 'rejected')).not.toHaveLength(0);
  for (const { caseNumber } of cases) {
    const { rows } = await database.pool.query<{ number: number }>(
      'SELECT number FROM commands WHERE case_number = $1 ORDER BY stored_at, number',
      [caseNumber],
    );
    expect(rows.map(({ number }) => number)).toEqual(rows.map((_, index) => index + 1));
    expect(rows.length).toBeGreaterThan(10);
  }
});

test('a command on a case that is not there is refused, and its idempotency key stays free', async () => {
  const report = aNewReport();
  const idempotency = { key: 'key-1', fingerprint: sha256('the request') };
  const command = aCommand(report.caseNumber, { idempotency });
  await expect(store.storeCommand(command)).rejects.toBeInstanceOf(CaseUnknown);
  await store.storeReport(report);
  expect(await store.storeCommand(command)).toMatchObject({ number: 2, replayed: false });
  expect(await store.storeCommand({ ...command, commandId: randomUUID() })).toMatchObject({
    commandId: command.commandId,
    number: 2,
    replayed: true,
  });
});

test('of the free text with a command only a salted digest is kept for delivery', async () => {
  const report = aNewReport();
  await store.storeReport(report);
  const texts = ['the same words', 'the same words'];
  for (const note of texts) await store.storeCommand(aCommand(report.caseNumber, { note }));
  const { rows } = await database.pool.query<{ note: string; note_salt: string; note_digest: string }>(
    'SELECT note, note_salt, note_digest FROM commands WHERE number > 1 ORDER BY number',
  );
  expect(rows.map(({ note }) => note)).toEqual(texts);
  expect(rows.map(({ note_salt, note }) => sha256(note_salt + note))).toEqual(rows.map((row) => row.note_digest));
  expect(rows[0]?.note_digest).not.toBe(rows[1]?.note_digest);
});

test('the list gives the newest cases first, page after page, each once', async () => {
  const numbers: string[] = [];
  for (let index = 0; index < 5; index += 1) numbers.unshift((await store.storeReport(aNewReport())).caseNumber);
  const seen: string[] = [];
  for (let after: CaseKey | undefined; ;) {
    const { cases, next } = await store.listCases({}, { limit: 2, after });
    seen.push(...cases.map(({ caseNumber }) => caseNumber));
    if (!next) break;
    after = next;
  }
  expect(seen).toEqual(numbers);
});

test('the preview shows every channel as it would go out, with the digest that names it', async () => {
  const report = aNewReport();
  const { storedAt } = await store.storeReport(report);
  const preview = await store.preview(report.caseNumber, 1);
  expect(preview).toEqual({
    revision: 1,
    digest: report.revision.digest,
    author: 'operator-1',
    storedAt,
    languagesMissing: [],
    area: report.revision.manifest.area,
    channels: ['facebook', 'instagram'].map((channel) => ({
      channel,
      text: `the post on ${channel}`,
      texts: { ar: `${channel} in ar`, en: `${channel} in en` },
      altText: `what the image on ${channel} shows`,
      image: channel === 'facebook' ? 'facebook/image' : 'card/feed',
    })),
    cards: [
      { card: 'feed', mediaType: 'image/jpeg', part: 'card/feed' },
      { card: 'square', mediaType: 'image/jpeg', part: 'card/square' },
      { card: 'story', mediaType: 'image/jpeg', part: 'card/story' },
      { card: 'poster', mediaType: 'application/pdf', part: 'card/poster' },
    ],
  });
  expect(await store.partBytes(report.caseNumber, 1, 'facebook/image')).toEqual({
    mediaType: 'image/jpeg',
    bytes: report.revision.parts.find(({ name }) => name === 'facebook/image')?.bytes,
  });
  expect(await store.partBytes(report.caseNumber, 1, 'facebook/nothing')).toBeUndefined();
  expect(await store.partBytes(report.caseNumber, 2, 'facebook/image')).toBeUndefined();
  expect(await store.preview('MFQ-2222-2222', 1)).toBeUndefined();
});

test('a text or image changed behind our back is shown to nobody as what they would approve', async () => {
  const { caseNumber } = await store.storeReport(aNewReport());
  await database.pool.query(
    `UPDATE revision_parts SET bytes = 'other' WHERE name IN ('facebook/altText', 'facebook/image')`,
  );
  await expect(store.preview(caseNumber, 1)).rejects.toEqual(new ContentMismatch('facebook/altText'));
  await expect(store.partBytes(caseNumber, 1, 'facebook/image')).rejects.toEqual(new ContentMismatch('facebook/image'));
});

test('an error of the database quotes nothing of the report it could not store', async () => {
  const child = { ...REPORT.child, name: { ar: 'طفلة', en: 'Exercise Child\u0000' } };
  const failure: unknown = await store
    .storeReport(aNewReport({ report: { ...REPORT, child } }))
    .catch((e: unknown) => e);
  expect(failure).toBeInstanceOf(Error);
  expect(inspect(failure, { depth: 10, showHidden: true })).not.toContain('Exercise Child');
  expect(await count('cases')).toBe(0);
});
