import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CANCEL_REASONS } from '../../src/domain/command.js';
import type { StepOutcome } from '../../src/domain/publication.js';
import { type CaseJournal, JournalConflict } from '../../src/ports/case-journal.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { type CaseRecord, type CaseStore, createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { ALL_MET } from '../given/a-case.js';
import { aNewReport, type CaseLife, lifeOf } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let store: CaseStore;
let journal: CaseJournal;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  store = createCaseStore(database.pool, 'all');
  journal = createCaseJournal(database.pool);
});

const SUPERVISOR = { number: null, actor: 'supervisor-1', role: 'supervisor', at: Date.UTC(2026, 10, 24) } as const;

/** A stored case, and what its workflow has to journal: approved, live on Facebook, and found. */
async function aFullLife(): Promise<{ report: NewReport; life: CaseLife; last: number }> {
  const report = aNewReport();
  const life = lifeOf(report, await store.storeReport(report));
  const { digest } = report.revision;
  life.answer({ ...SUPERVISOR, kind: 'approve', commandId: 'a', digest, criteria: ALL_MET }, 'a');
  life.answer({ ...SUPERVISOR, kind: 'approve', commandId: 'b', digest, criteria: ALL_MET }, 'b');
  const step = { revision: 1, digest };
  const published: StepOutcome = { result: 'live', postId: null, permalink: 'https://facebook.example/1' };
  const staged: StepOutcome = {
    result: 'staged',
    object: { id: 'object-1', attachments: [], lapsesAt: null },
    reach: { askedRadiusKm: 160, deliveredCountries: ['QA'] },
  };
  life.step('facebook', { ...step, kind: 'stage', objectId: null }, staged);
  life.step('facebook', { ...step, kind: 'publish', objectId: 'object-1' }, published);
  life.answer({ ...SUPERVISOR, kind: 'childFound', commandId: 'c', outcome: 'recovered_through_alert' }, 'c');
  return { report, life, last: life.batch().entries.length };
}

async function journalled(caseNumber: string): Promise<unknown> {
  const record = await store.readCase(caseNumber);
  return { ...record, updatedAt: 0, entries: await store.timeline(caseNumber) };
}

test('however a journal is cut into batches and repeated, it is there once, with the newest view', async () => {
  const { report, life, last } = await aFullLife();
  await journal.append(life.batch());
  const whole = await journalled(report.caseNumber);

  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ ahead: fc.integer({ min: 1, max: 4 }), back: fc.integer({ min: 0, max: 6 }) })),
      async (cuts) => {
        const again = await server.newDatabase();
        store = createCaseStore(again.pool, 'all');
        journal = createCaseJournal(again.pool);
        await store.storeReport(report);
        let done = 0;
        for (const { ahead, back } of [...cuts, { ahead: last, back: 0 }]) {
          const to = Math.min(last, done + ahead);
          await journal.append(life.batch(Math.max(1, done + 1 - back), to));
          // What a retry would send: nothing but old entries, and an older view.
          if (back > 0) await journal.append(life.batch(1, Math.max(1, to - back)));
          done = to;
        }
        // Stored at another moment than the first was.
        const stored = await store.readCase(report.caseNumber);
        const { reportedAt } = stored ?? {};
        const { reportToApprovalMs, reportToLiveMs } = stored?.times ?? {};
        const { times, ...rest } = whole as CaseRecord;
        expect(await journalled(report.caseNumber)).toEqual({
          ...rest,
          reportedAt,
          times: { ...times, reportedAt, reportToApprovalMs, reportToLiveMs },
        });
      },
    ),
    { numRuns: 12 },
  );
}, 60_000);

test('the read model shows what the view of the last entry says', async () => {
  const { report, life } = await aFullLife();
  await journal.append(life.batch());
  const { view, entries } = life.batch();
  expect(await store.readCase(report.caseNumber)).toMatchObject({
    status: 'standing_down',
    revision: view.revision,
    approvedAt: view.approvedAt,
    approvedBy: 'supervisor-1',
    amendment: null,
    activeSince: view.approvedAt,
    radiusKm: 160,
    expiresAt: null,
    ending: view.ending,
    escalationLevel: view.escalationLevel,
    needsAttention: view.needsAttention,
    liveChannels: ['facebook'],
    nextTimer: view.nextTimer,
    publications: view.publications,
  });
  expect(await store.timeline(report.caseNumber)).toEqual(
    entries.map((entry) => ({ ...entry, note: null, sighting: null })),
  );
});

test('the times are those of the approval and of the first alert on each channel', async () => {
  const { report, life } = await aFullLife();
  const { entries } = life.batch();
  const of = (type: string): number => entries.find(({ event }) => event.type === type)?.at ?? Number.NaN;
  await journal.append(life.batch());
  const { times } = (await store.readCase(report.caseNumber)) ?? {};
  expect(times).toMatchObject({ approvedAt: of('approved'), liveAt: { facebook: of('alertLive'), instagram: null } });
  expect(times?.approvalToLiveMs).toBe(of('alertLive') - of('approved'));
});

test('a batch that leaves a gap is refused and leaves nothing behind', async () => {
  const { report, life, last } = await aFullLife();
  await expect(journal.append(life.batch(2))).rejects.toEqual(new JournalConflict('gap', 1));
  await journal.append(life.batch(1, 3));
  await expect(journal.append(life.batch(5))).rejects.toEqual(new JournalConflict('gap', 4));
  const { entries, ...batch } = life.batch(1);
  const holed = { ...batch, entries: entries.filter(({ seq }) => seq !== 5) };
  await expect(journal.append(holed)).rejects.toEqual(new JournalConflict('gap', 5));
  expect(await store.timeline(report.caseNumber)).toHaveLength(3);
  expect((await store.readCase(report.caseNumber))?.status).toBe('awaiting_approval');

  await journal.append(life.batch(1));
  expect(await store.timeline(report.caseNumber)).toHaveLength(last);
});

test('an entry that comes again with another content is refused and leaves nothing behind', async () => {
  const { report, life } = await aFullLife();
  await journal.append(life.batch(1, 4));
  const { entries, ...batch } = life.batch(1);
  const different = {
    ...batch,
    entries: entries.map((entry) => (entry.seq === 3 ? { ...entry, at: entry.at + 1 } : entry)),
  };
  await expect(journal.append(different)).rejects.toEqual(new JournalConflict('different', 3));
  expect(await store.timeline(report.caseNumber)).toHaveLength(4);
});

test('the journal of a case that is not stored is refused', async () => {
  const report = aNewReport();
  const life = lifeOf(report, { storedAt: SUPERVISOR.at });
  await expect(journal.append(life.batch())).rejects.toBeInstanceOf(JournalConflict);
});

test('workers that append the same batch at the same time write it once', async () => {
  const { report, life, last } = await aFullLife();
  await Promise.all(Array.from({ length: 5 }, () => journal.append(life.batch())));
  expect(await store.timeline(report.caseNumber)).toHaveLength(last);
});

test('no audit entry can be changed or removed', async () => {
  const { report, life, last } = await aFullLife();
  await journal.append(life.batch());
  const changes = [
    `UPDATE audit_entries SET at = now()`,
    `DELETE FROM audit_entries WHERE seq = 1`,
    `TRUNCATE audit_entries`,
    `INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
     SELECT case_number, seq, at, type, event, hash, chain FROM audit_entries
     ON CONFLICT (case_number, seq) DO UPDATE SET type = 'other'`,
  ];
  for (const change of changes) await expect(database.ownerPool.query(change)).rejects.toThrow('never changed');
  expect(await store.timeline(report.caseNumber)).toHaveLength(last);
});

test('every command gets its answer, the first one stands, and those that came straight to the workflow are recorded', async () => {
  const report = aNewReport();
  const { caseNumber } = report;
  const life = lifeOf(report, await store.storeReport(report));
  const approval = { caseNumber, commandId: 'approval', actor: 'operator-1', role: 'supervisor' } as const;
  const { digest } = report.revision;
  const { number } = await store.storeCommand({ ...approval, kind: 'approve', payload: { digest }, note: 'why' });
  life.answer({ ...approval, kind: 'approve', number, digest, criteria: ALL_MET, at: SUPERVISOR.at }, 'approval');
  life.answer({ kind: 'malformed', signal: 'approve', problem: 'actor' }, 'malformed-1');
  // Its sender claims a number that is another command's.
  life.answer({ ...SUPERVISOR, kind: 'reject', commandId: 'direct', number }, 'direct');
  await journal.append(life.batch());

  expect(await store.commandOutcome(caseNumber, report.commandId)).toEqual({ accepted: true });
  const ownRevision = { accepted: false, code: 'own_revision', problem: null };
  expect(await store.commandOutcome(caseNumber, 'approval')).toEqual(ownRevision);
  expect(await store.commandOutcome(caseNumber, 'malformed-1')).toEqual({
    accepted: false,
    code: 'malformed_command',
    problem: 'actor',
  });
  expect(await store.commandOutcome(caseNumber, 'direct')).toEqual({ accepted: true });
  const { rows } = await database.pool.query(
    'SELECT command_id, number, source, kind, actor, role FROM commands ORDER BY number, command_id',
  );
  expect(rows).toEqual([
    { command_id: report.commandId, number: 1, source: 'api', kind: 'report', actor: 'operator-1', role: 'operator' },
    {
      command_id: 'approval',
      number: 2,
      source: 'api',
      kind: 'approve',
      actor: 'operator-1',
      role: 'supervisor',
    },
    { command_id: 'direct', number: null, source: 'direct', kind: 'reject', actor: 'supervisor-1', role: 'supervisor' },
    {
      command_id: 'malformed-1',
      number: null,
      source: 'direct',
      kind: 'approve',
      actor: null,
      role: null,
    },
  ]);
  const refusal = (await store.timeline(caseNumber)).find(({ event }) => event.type === 'commandRefused');
  expect(refusal?.note).toBe('why');
  expect(await journal.newestStoredCommand(caseNumber)).toBe(2);
  expect(await journal.newestStoredCommand('MFQ-2222-2222')).toBe(0);
});

test('commands written by hand may have the same id in two cases', async () => {
  for (const reason of CANCEL_REASONS) {
    const report = aNewReport();
    const life = lifeOf(report, await store.storeReport(report));
    life.answer({ ...SUPERVISOR, kind: 'cancel', commandId: '1', reason }, '1');
    await journal.append(life.batch());
    expect(await store.commandOutcome(report.caseNumber, '1')).toEqual({ accepted: true });
  }
});

test('a batch that answers more commands than one announcement can name is journalled', async () => {
  const report = aNewReport();
  const life = lifeOf(report, await store.storeReport(report));
  for (let index = 0; index < 120; index += 1) {
    const commandId = String(index).padEnd(128, '-');
    life.answer({ kind: 'malformed', signal: 'approve', problem: 'actor' }, commandId);
  }
  await journal.append(life.batch());
  expect(await store.timeline(report.caseNumber)).toHaveLength(122);
});
