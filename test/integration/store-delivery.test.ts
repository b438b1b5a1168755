import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { CaseJournal } from '../../src/ports/case-journal.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { type CaseStore, createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { CaseLockBusy, createDeliveryQueue, type DeliveryQueue } from '../../src/store/delivery-queue.js';
import { createJournalListener, type JournalListener } from '../../src/store/journal-listener.js';
import type { StoredCommand } from '../../src/store/stored-command.js';
import { aNewReport, lifeOf } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';
import { eventually } from './embedded-eventually.js';

let server: DatabaseServer;
let database: TestDatabase;
let store: CaseStore;
let journal: CaseJournal;
let queue: DeliveryQueue;
let listener: JournalListener | undefined;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  store = createCaseStore(database.pool, 'all');
  journal = createCaseJournal(database.pool);
  queue = createDeliveryQueue(database.pool);
});

afterEach(async () => {
  await listener?.close();
  listener = undefined;
});

function storeFound(caseNumber: string): Promise<StoredCommand> {
  const payload = { outcome: 'recovered_otherwise' } as const;
  const sender = { actor: 'operator-1', role: 'operator' } as const;
  return store.storeCommand({ caseNumber, commandId: randomUUID(), kind: 'childFound', payload, ...sender });
}

async function terminate(whose: string): Promise<void> {
  const { rows } = await database.pool.query<{ ended: boolean }>(
    `SELECT pg_terminate_backend(pid) AS ended FROM pg_stat_activity WHERE datname = current_database() AND ${whose}`,
  );
  expect(rows.length).toBeGreaterThan(0);
}

test('what has no answer is delivered in the order in which it was stored, with all that the case needs', async () => {
  const report = aNewReport();
  const { caseNumber } = report;
  const { storedAt } = await store.storeReport(report);
  const found = [await storeFound(caseNumber), await storeFound(caseNumber)];
  const pending = await queue.withCaseLock(caseNumber, (session) => session.pending());
  expect(pending.map(({ commandId }) => commandId)).toEqual([report.commandId, ...found.map((c) => c.commandId)]);
  expect(pending[0]).toEqual({
    commandId: report.commandId,
    caseNumber,
    number: 1,
    kind: 'report',
    actor: 'operator-1',
    role: 'operator',
    storedAt,
    noteDigest: null,
    deliveredAt: null,
    payload: {
      tier: 'amber',
      runKind: 'exercise',
      jurisdiction: 'QA',
      reissueOf: null,
      policyVersion: 'test',
      policy: report.policy,
      revision: {
        number: 1,
        digest: report.revision.digest,
        area: { radiusKm: 160, widening: [] },
        languagesMissing: [],
      },
    },
  });
  expect(pending[1]).toMatchObject({ kind: 'childFound', number: 2, payload: { outcome: 'recovered_otherwise' } });

  await journal.append(lifeOf(report, { storedAt }).batch());
  const left = await queue.withCaseLock(caseNumber, (session) => session.pending());
  expect(left.map(({ number }) => number)).toEqual([2, 3]);
});

test('one at a time delivers for a case, while other cases are not kept waiting, and a failure lets the next one in', async () => {
  const steps: string[] = [];
  let enter = (): void => undefined;
  const entered = new Promise<void>((resolve) => (enter = resolve));
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  const first = queue.withCaseLock('MFQ-2222-2222', async () => {
    steps.push('first in');
    enter();
    await left;
    steps.push('first out');
    throw new Error('failed on purpose');
  });
  await entered;
  const second = queue.withCaseLock('MFQ-2222-2222', () => Promise.resolve(steps.push('second')));
  await queue.withCaseLock('MFQ-3333-3333', () => Promise.resolve(steps.push('another case')));
  leave();
  await expect(first).rejects.toThrow('failed on purpose');
  await second;
  expect(steps).toEqual(['first in', 'another case', 'first out', 'second']);
});

test('a lock goes with its connection, and a connection that is lost under way harms nobody else', async () => {
  const { caseNumber } = await store.storeReport(aNewReport());
  const work = queue.withCaseLock(caseNumber, async (session) => {
    await terminate(`query LIKE '%COMMIT%' AND pid <> pg_backend_pid()`);
    return session.pending();
  });
  await expect(work).rejects.toThrow();
  expect(await queue.withCaseLock(caseNumber, (session) => session.pending())).toHaveLength(1);
});

test('whoever waits for a lock is told when it takes too long', async () => {
  await queue.withCaseLock('MFQ-2222-2222', async () => {
    await expect(queue.withCaseLock('MFQ-2222-2222', () => Promise.resolve())).rejects.toBeInstanceOf(CaseLockBusy);
  });
  await queue.withCaseLock('MFQ-2222-2222', () => Promise.resolve());
}, 20_000);

test('the sweep finds what was never delivered or not lately, those that wait longest first, and nothing that has its answer', async () => {
  const reports: NewReport[] = [aNewReport(), aNewReport(), aNewReport()];
  const [waiting = '', delivered = '', answered = ''] = reports.map(({ caseNumber }) => caseNumber);
  for (const report of reports) await store.storeReport(report);
  const [, second, third] = reports;
  if (!second || !third) throw new Error('three reports');
  await queue.withCaseLock(delivered, (session) => session.markDelivered(second.commandId));
  await journal.append(lifeOf(third, { storedAt: Date.now() }).batch());
  expect(await queue.casesToDeliver({ undeliveredFor: 60_000 })).toEqual([waiting]);
  expect(await queue.casesToDeliver({ undeliveredFor: -60_000 })).toEqual([waiting, delivered]);

  await storeFound(delivered);
  await storeFound(answered);
  expect(await queue.casesToDeliver({ undeliveredFor: 60_000 })).toEqual([waiting, delivered, answered]);
});

test('what was handed over a moment ago is not handed over again with the next command; what was lost since is', async () => {
  const report = aNewReport();
  const { caseNumber, commandId } = report;
  await store.storeReport(report);
  const pending = (): Promise<string[]> =>
    queue.withCaseLock(caseNumber, async (session) => (await session.pending()).map(({ kind }) => kind));
  expect(await pending()).toEqual(['report']);
  await queue.withCaseLock(caseNumber, (session) => session.markDelivered(commandId));
  await storeFound(caseNumber);
  expect(await pending()).toEqual(['childFound']);
  await database.pool.query(`UPDATE commands SET delivered_at = now() - interval '11 seconds' WHERE command_id = $1`, [
    commandId,
  ]);
  expect(await pending()).toEqual(['report', 'childFound']);
});

test('a command for a case that has closed is refused with an audit entry of its own, once', async () => {
  const report = aNewReport();
  const { caseNumber } = report;
  const life = lifeOf(report, await store.storeReport(report));
  const reject = { kind: 'reject', number: null, actor: 'supervisor-1', role: 'supervisor', at: Date.now() } as const;
  life.answer({ ...reject, commandId: 'reject-1' }, 'reject-1');
  await journal.append(life.batch());
  const written = life.batch().entries.length;
  const late = await storeFound(caseNumber);

  await queue.withCaseLock(caseNumber, async (session) => {
    expect(await session.caseStatus()).toBe('rejected');
    await session.refuse(late.commandId, 'case_ended');
    await session.refuse(late.commandId, 'case_ended');
    // It has its answer, and keeps it.
    await session.refuse(report.commandId, 'case_ended');
    expect(await session.pending()).toEqual([]);
  });
  const refused = { accepted: false, code: 'case_ended', problem: null };
  expect(await store.commandOutcome(caseNumber, late.commandId)).toEqual(refused);
  expect(await store.commandOutcome(caseNumber, report.commandId)).toEqual({ accepted: true });
  const timeline = await store.timeline(caseNumber);
  expect(timeline).toHaveLength(written + 1);
  expect(timeline.at(-1)).toMatchObject({
    seq: written + 1,
    event: {
      type: 'commandRefused',
      commandId: late.commandId,
      number: 2,
      command: 'childFound',
      actor: 'operator-1',
      role: 'operator',
      noteDigest: null,
      code: 'case_ended',
      problem: null,
    },
  });
  // What the workflow wrote before it closed may still come again.
  await journal.append(life.batch());
  expect(await store.timeline(caseNumber)).toHaveLength(written + 1);
});

test('no answer that is journalled between looking and waiting is missed', async () => {
  const heard = createJournalListener(database.databaseUrl);
  listener = heard;
  const started = Date.now();
  const rounds = 20;
  for (let round = 0; round < rounds; round += 1) {
    const report = aNewReport();
    const life = lifeOf(report, await store.storeReport(report));
    let looks = 0;
    const outcome = await heard.waitForOutcome(report.commandId, 30_000, async () => {
      const seen = await store.commandOutcome(report.caseNumber, report.commandId);
      looks += 1;
      if (looks === 1) await journal.append(life.batch());
      return seen;
    });
    expect(outcome).toEqual({ accepted: true });
  }
  // One second each is what looking now and then would take.
  expect(Date.now() - started).toBeLessThan((rounds * 1_000) / 2);
}, 60_000);

test('whoever waits is answered when a command is refused in place of a closed case, and told nothing when nothing comes', async () => {
  listener = createJournalListener(database.databaseUrl);
  const { caseNumber, commandId } = await store.storeReport(aNewReport());
  const read = (): ReturnType<CaseStore['commandOutcome']> => store.commandOutcome(caseNumber, commandId);
  expect(await listener.waitForOutcome(commandId, 50, read)).toBeUndefined();
  const answer = listener.waitForOutcome(commandId, 30_000, read);
  await queue.withCaseLock(caseNumber, (session) => session.refuse(commandId, 'case_ended'));
  expect(await answer).toMatchObject({ code: 'case_ended' });

  const another = await storeFound(caseNumber);
  const waiting = listener.waitForOutcome(another.commandId, 30_000, () =>
    Promise.resolve<string | undefined>(undefined),
  );
  await listener.close();
  expect(await waiting).toBeUndefined();
});

test('a listener whose connection is lost, or that hears nonsense, goes on', async () => {
  const heard = createJournalListener(database.databaseUrl);
  listener = heard;
  const isListening = `application_name = 'mafqood journal listener' AND query = 'LISTEN mafqood_journal'`;
  const untilListening = (): Promise<void> =>
    eventually(async () => {
      const { rowCount } = await database.pool.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle' AND ${isListening}`,
      );
      expect(rowCount).toBe(1);
    });
  await untilListening();
  for (const nonsense of ['', 'nonsense', '{}', 'null']) {
    await database.pool.query('SELECT pg_notify($1, $2)', ['mafqood_journal', nonsense]);
  }
  await terminate(isListening);
  await untilListening();
  const report = aNewReport();
  const life = lifeOf(report, await store.storeReport(report));
  const answer = heard.waitForOutcome(report.commandId, 30_000, () =>
    store.commandOutcome(report.caseNumber, report.commandId),
  );
  await journal.append(life.batch());
  expect(await answer).toEqual({ accepted: true });
}, 30_000);

test('what was stored is there after PostgreSQL was killed, and pool and listener find it again by themselves', async () => {
  listener = createJournalListener(database.databaseUrl);
  const report = aNewReport();
  const { caseNumber, commandId } = report;
  const life = lifeOf(report, await store.storeReport(report));
  const read = (): ReturnType<CaseStore['commandOutcome']> =>
    store.commandOutcome(caseNumber, commandId).catch(() => undefined);
  const answer = listener.waitForOutcome(commandId, 60_000, read);
  await server.process.kill('SIGKILL');
  await eventually(() => journal.append(life.batch()));
  expect(await answer).toEqual({ accepted: true });
}, 90_000);
