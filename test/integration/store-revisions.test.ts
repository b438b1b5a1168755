import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { canonicalJson } from '../../src/domain/revision.js';
import { sha256 } from '../../src/media/sha256.js';
import { ContentMismatch } from '../../src/ports/content-store.js';
import type { CaseFilters } from '../../src/store/case-filters.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import {
  type CaseStore,
  CaseUnknown,
  createCaseStore,
  IdempotencyKeyReused,
  type NewReport,
  type NewRevision,
  RevisionTaken,
} from '../../src/store/case-store.js';
import { createDeliveryQueue } from '../../src/store/delivery-queue.js';
import { ALL_MET } from '../given/a-case.js';
import { aNewReport, aRevision, lifeOf, REPORT } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let store: CaseStore;
let report: NewReport;
let caseNumber: string;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  store = createCaseStore(database.pool, 'all');
  report = aNewReport();
  ({ caseNumber } = report);
  await store.storeReport(report);
});

const said = (en: string): NewReport['report'] => ({ ...REPORT, circumstances: { ar: '', en } });

function aPhoto(content: string): NewReport['photo'] {
  const bytes = Buffer.from(content);
  return { bytes, sha256: sha256(bytes), width: 640, height: 480 };
}

function aCorrection(number: number, changes: Partial<NewRevision> = {}): NewRevision {
  return {
    caseNumber,
    commandId: randomUUID(),
    kind: 'resubmit',
    actor: 'operator-2',
    role: 'operator',
    report: said(`revision ${number}`),
    photo: report.photo,
    revision: aRevision(caseNumber, number),
    ...changes,
  };
}

async function count(table: string): Promise<number> {
  const { rows } = await database.pool.query<{ count: number }>(`SELECT count(*)::integer AS count FROM ${table}`);
  return rows[0]?.count ?? -1;
}

test('each revision keeps the report it was made from, and its command tells the case all but its place', async () => {
  const correction = aCorrection(2, { note: 'asked again' });
  expect(await store.storeRevisionCommand(correction)).toMatchObject({ caseNumber, number: 2, replayed: false });
  expect(await store.readReport(caseNumber, 1)).toEqual(REPORT);
  expect(await store.readReport(caseNumber, 2)).toEqual(correction.report);
  expect(await store.readReport(caseNumber, 3)).toBeUndefined();
  expect(await store.preview(caseNumber, 2)).toMatchObject({
    revision: 2,
    digest: correction.revision.digest,
    author: 'operator-2',
    languagesMissing: ['ar'],
  });
  const pending = await createDeliveryQueue(database.pool).withCaseLock(caseNumber, (session) => session.pending());
  expect(pending[1]).toMatchObject({
    kind: 'resubmit',
    number: 2,
    noteDigest: expect.any(String),
    payload: {
      revision: {
        number: 2,
        digest: correction.revision.digest,
        area: { radiusKm: 160, widening: [] },
        languagesMissing: ['ar'],
      },
    },
  });
  expect(JSON.stringify(pending[1])).not.toMatch(/latitude|asked again/);
});

test('until the case has taken a revision, it shows the one before', async () => {
  await store.storeRevisionCommand(aCorrection(2));
  expect(await store.readCase(caseNumber)).toMatchObject({ revision: { number: 1 }, amendment: null });
});

test('of revisions that want one number at the same time one is stored; the others leave nothing, their keys neither', async () => {
  const corrections = Array.from({ length: 5 }, (_, index) =>
    aCorrection(2, {
      photo: aPhoto(`photo ${index}`),
      idempotency: { key: `key-${index}`, fingerprint: sha256(String(index)) },
    }),
  );
  const settled = await Promise.allSettled(corrections.map((one) => store.storeRevisionCommand(one)));
  const failures = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
  expect(failures).toHaveLength(4);
  for (const failure of failures) expect(failure).toBeInstanceOf(RevisionTaken);
  expect(await Promise.all(['revisions', 'reports', 'photos', 'commands', 'idempotency_keys'].map(count))).toEqual([
    2, 2, 2, 2, 1,
  ]);
  expect(await store.revisionSource(caseNumber)).toMatchObject({ newest: 2 });
});

test('the same request brings one revision, though it was rendered under two numbers', async () => {
  const idempotency = { key: 'key-1', fingerprint: sha256('the request') };
  const first = await store.storeRevisionCommand(aCorrection(2, { idempotency }));
  const again = await store.storeRevisionCommand(aCorrection(3, { idempotency }));
  expect(again).toEqual({ ...first, replayed: true });
  const other = { ...idempotency, fingerprint: sha256('another') };
  await expect(store.storeRevisionCommand(aCorrection(3, { idempotency: other }))).rejects.toBeInstanceOf(
    IdempotencyKeyReused,
  );
  expect(await count('revisions')).toBe(2);
});

test('a photo is kept once a case, and a new revision builds on that of the newest one', async () => {
  await store.storeRevisionCommand(aCorrection(2));
  expect(await count('photos')).toBe(1);
  const photo = aPhoto('another');
  await store.storeRevisionCommand(aCorrection(3, { photo }));
  await store.storeRevisionCommand(aCorrection(4, { photo }));
  expect(await count('photos')).toBe(2);
  expect(await store.revisionSource(caseNumber)).toEqual({
    tier: 'amber',
    runKind: 'exercise',
    jurisdiction: 'QA',
    channels: ['facebook', 'instagram'],
    newest: 4,
    photo,
  });
  expect(await store.revisionSource('MFQ-2222-2222')).toBeUndefined();
  await database.pool.query(`UPDATE photos SET bytes = 'other'`);
  await expect(store.revisionSource(caseNumber)).rejects.toEqual(new ContentMismatch('photo'));
});

test('a revision of a case that is not there is not stored', async () => {
  const other = aNewReport();
  const correction = aCorrection(2, { caseNumber: other.caseNumber, revision: aRevision(other.caseNumber, 2) });
  await expect(store.storeRevisionCommand(correction)).rejects.toBeInstanceOf(CaseUnknown);
  expect(await count('revisions')).toBe(1);
});

test('an amendment is in the read model for as long as it waits, and what it was made from is no source before', async () => {
  const journal = createCaseJournal(database.pool);
  const { digest } = report.revision;
  const by = { number: null, actor: 'supervisor-1', role: 'supervisor', at: Date.UTC(2026, 10, 24) } as const;
  const life = lifeOf(report, { storedAt: by.at });
  life.answer({ ...by, kind: 'approve', commandId: 'a', digest, criteria: ALL_MET }, 'a');
  const amendment = aCorrection(2, { kind: 'amend' });
  await store.storeRevisionCommand(amendment);
  const area = { radiusKm: 200, widening: [{ afterMs: 1, radiusKm: 300 }] };
  const revision = { number: 2, digest: amendment.revision.digest, area, languagesMissing: [] };
  life.answer({ ...by, kind: 'amend', actor: 'operator-2', role: 'operator', commandId: 'b', revision }, 'b');
  await journal.append(life.batch());
  const waiting = { number: 2, digest: revision.digest, author: 'operator-2' };
  expect(await store.readCase(caseNumber)).toMatchObject({
    revision: { number: 1 },
    amendment: waiting,
    activeSince: expect.any(Number),
    radiusKm: 160,
  });
  expect(await store.reissueSource(caseNumber)).toMatchObject({ status: 'active', report: REPORT });

  const from = life.batch().entries.length + 1;
  life.answer({ ...by, kind: 'approveAmendment', commandId: 'c', digest: revision.digest, removeFirst: false }, 'c');
  life.answer({ ...by, kind: 'widen', commandId: 'd' }, 'd');
  await journal.append(life.batch(from));
  expect(await store.readCase(caseNumber)).toMatchObject({ revision: waiting, amendment: null, radiusKm: 300 });
  await store.storeRevisionCommand(aCorrection(3, { kind: 'amend' }));
  expect(await store.reissueSource(caseNumber)).toMatchObject({ report: amendment.report, photo: report.photo });
});

test('a case that continues another begins with a reissue and is found from the other', async () => {
  const later = [aNewReport({ reissueOf: caseNumber }), aNewReport({ reissueOf: caseNumber })];
  for (const one of later) await store.storeReport(one);
  const [first, second] = later.map((one) => one.caseNumber);
  expect(await store.readCase(caseNumber)).toMatchObject({ reissueOf: null, reissuedAs: [first, second] });
  expect(await store.readCase(String(first))).toMatchObject({ reissueOf: caseNumber, reissuedAs: [] });
  const pending = await createDeliveryQueue(database.pool).withCaseLock(String(first), (session) => session.pending());
  expect(pending).toMatchObject([
    { kind: 'reissue', number: 1, payload: { reissueOf: caseNumber, runKind: 'exercise' } },
  ]);
});

test('of a sighting the case is told a salted digest alone, which covers all of it', async () => {
  const sighting = {
    place: { ar: '', en: 'the Corniche' },
    location: { latitude: 25.3123456789, longitude: 51.52 },
    at: Date.UTC(2026, 10, 24, 2, 0, 0, 123),
    description: 'in a red car',
  };
  const sender = { caseNumber, commandId: randomUUID(), actor: 'operator-1', role: 'operator' } as const;
  await store.storeCommand({ ...sender, kind: 'reportSighting', payload: {}, sighting });
  const [stored] = await store.sightings(caseNumber);
  expect(stored).toEqual({
    ...sighting,
    commandId: sender.commandId,
    reportedBy: 'operator-1',
    reportedAt: expect.any(Number),
    status: 'stored',
  });
  const { rows } = await database.pool.query<{ told: string; note_salt: string; note_digest: string }>(
    'SELECT commands::text AS told, note_salt, note_digest FROM commands WHERE number = 2',
  );
  expect(rows[0]?.told).not.toMatch(/Corniche|red car|25\.3/);
  expect(rows[0]?.note_digest).toBe(sha256(String(rows[0]?.note_salt) + canonicalJson(sighting)));
});

test('a case is found by the name of every report of it, and where its newest one says', async () => {
  const { child, lastSeen } = REPORT;
  const corrected = {
    ...REPORT,
    child: { ...child, name: { ar: '', en: 'Corrected Name' } },
    lastSeen: { ...lastSeen, location: { latitude: 24.6, longitude: 51.1 } },
  };
  await store.storeRevisionCommand(aCorrection(2, { report: corrected }));
  const found = async (filters: CaseFilters): Promise<number> =>
    (await store.listCases(filters, { limit: 10 })).cases.length;
  expect(await found({ nameWords: ['corrected', 'name'] })).toBe(1);
  expect(await found({ nameWords: ['exercise'] })).toBe(1);
  expect(await found({ nameWords: ['another'] })).toBe(0);
  expect(await found({ near: { centre: corrected.lastSeen.location, withinKm: 1 } })).toBe(1);
  expect(await found({ near: { centre: lastSeen.location, withinKm: 1 } })).toBe(0);
});
