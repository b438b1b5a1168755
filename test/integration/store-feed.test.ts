import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { type CaseStore, createCaseStore } from '../../src/store/case-store.js';
import { aNewReport, type CaseLife, lifeOf } from '../given/a-stored-case.js';
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

async function aLife(malformed = 0): Promise<{ caseNumber: string; life: CaseLife }> {
  const report = aNewReport();
  const life = lifeOf(report, await store.storeReport(report));
  for (let index = 0; index < malformed; index += 1) {
    life.answer({ kind: 'malformed', signal: 'approve', problem: 'actor' }, `malformed-${index}`);
  }
  return { caseNumber: report.caseNumber, life };
}

/** Writes one entry, in a transaction that the caller ends. */
async function writeEntry(client: pg.ClientBase, caseNumber: string, seq: number): Promise<void> {
  await client.query(
    `INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
     VALUES ($1, $2, now(), 'closed', '{}', '', '')`,
    [caseNumber, seq],
  );
}

const seen = async (after: number): Promise<string[]> =>
  (await store.journalledAfter(after, 100)).events.map(({ caseNumber, seq }) => `${caseNumber} ${seq}`);

test.each(['COMMIT', 'ROLLBACK'])(
  'of two transactions that write at once, the second turns up only after the first has ended with %s, so that nothing is skipped',
  async (end) => {
    const [one, other] = [await aLife(), await aLife()];
    const [first, second] = [await database.pool.connect(), await database.pool.connect()];
    try {
      await first.query('BEGIN');
      await writeEntry(first, one.caseNumber, 1);
      await second.query('BEGIN');
      let written = false;
      // Begun later, and ready to commit earlier: with a sequence alone it would be read first, and the other one never.
      const writing = writeEntry(second, other.caseNumber, 1)
        .then(() => second.query('COMMIT'))
        .then(() => (written = true));
      await sleep(300);
      expect(written).toBe(false);
      expect(await seen(0)).toEqual([]);
      await first.query(end);
      await writing;
      const ofFirst = end === 'COMMIT' ? [`${one.caseNumber} 1`] : [];
      expect(await seen(0)).toEqual([...ofFirst, `${other.caseNumber} 1`]);
    } finally {
      first.release();
      second.release();
    }
  },
);

test('whoever follows while many cases are journalled at once sees every entry once, those of a case in their order', async () => {
  const journal = createCaseJournal(database.pool);
  const lives = await Promise.all(Array.from({ length: 8 }, () => aLife(6)));
  const lengths = lives.map(({ life }) => life.batch().entries.length);
  const total = lengths.reduce((sum, length) => sum + length, 0);

  const writing = Promise.all(
    lives.map(async ({ life }, index) => {
      for (let seq = 1; seq <= (lengths[index] ?? 0); seq += 1) await journal.append(life.batch(seq, seq));
    }),
  );
  const followed: { caseNumber: string; seq: number; position: number }[] = [];
  while (followed.length < total)
    followed.push(...(await store.journalledAfter(followed.at(-1)?.position ?? 0, 3)).events);
  await writing;

  expect(await store.journalledAfter(followed.at(-1)?.position ?? 0, 3)).toMatchObject({ events: [], more: false });
  for (const [index, { caseNumber }] of lives.entries()) {
    const seqs = followed.filter((event) => event.caseNumber === caseNumber).map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: lengths[index] ?? 0 }, (_, at) => at + 1));
  }
}, 30_000);

test('one case can be followed from any position, its own or another case’s', async () => {
  const journal = createCaseJournal(database.pool);
  const [one, other] = [await aLife(3), await aLife(3)];
  await journal.append(one.life.batch(1, 2));
  await journal.append(other.life.batch());
  await journal.append(one.life.batch(3));
  const { events: all } = await store.journalledAfter(0, 100);
  expect(await store.newestPosition()).toBe(all.at(-1)?.position);
  for (const { position } of [{ position: 0 }, ...all]) {
    const after = all.filter((event) => event.position > position && event.caseNumber === one.caseNumber);
    expect(await store.journalledInCaseAfter(one.caseNumber, position, 100)).toMatchObject({ events: after });
    expect(await store.journalledInCaseAfter(one.caseNumber, position, 1)).toMatchObject({ events: after.slice(0, 1) });
  }
});

test('an event says nothing of what a case is about', async () => {
  const { caseNumber, life } = await aLife();
  await createCaseJournal(database.pool).append(life.batch());
  const [first] = (await store.journalledAfter(0, 1)).events;
  expect(first).toEqual({
    position: expect.any(Number),
    caseNumber,
    jurisdiction: 'QA',
    seq: 1,
    type: 'commandAccepted',
    at: life.batch().entries[0]?.at,
    status: 'awaiting_approval',
  });
});
