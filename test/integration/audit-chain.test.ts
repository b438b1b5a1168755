import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { ContentRead } from '../../src/audit/access-event.js';
import { caseChain, entryHash, link } from '../../src/audit/chain.js';
import { type AuditFinding, verifyAudit } from '../../src/audit/verify.js';
import { newCaseNumber } from '../../src/domain/case-number.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { type CaseStore, createCaseStore, createCaseStores, type NewReport } from '../../src/store/case-store.js';
import { createAccessLog } from '../../src/store/access-log.js';
import { createAuditReader } from '../../src/store/audit-reader.js';
import { createDeliveryQueue } from '../../src/store/delivery-queue.js';
import { createPool } from '../../src/store/pool.js';
import { aNewReport, type CaseLife, lifeOf } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';
import { eventually } from './embedded-eventually.js';

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

/** A stored case of ten entries, all of them to be journalled yet. */
async function aLife(): Promise<{ report: NewReport; life: CaseLife; last: number }> {
  const report = aNewReport();
  const life = lifeOf(report, await store.storeReport(report));
  for (let index = 0; index < 8; index += 1) {
    life.answer({ kind: 'malformed', signal: 'approve', problem: 'actor' }, `malformed-${index}`);
  }
  return { report, life, last: life.batch().entries.length };
}

const readBy = (by: string, caseNumber = 'MFQ-7K3D-92XQ'): ContentRead => ({
  type: 'contentRead',
  what: 'case',
  caseNumber,
  revision: 1,
  by,
  role: 'auditor',
});

/** What is found, as `start 4 altered`. */
async function found(only?: string): Promise<string[]> {
  const findings: AuditFinding[] = [];
  await verifyAudit(createAuditReader(database.ownerPool), (finding) => findings.push(finding), only);
  return findings.map(({ chain, seq, to, problem }) => `${chain} ${seq}${to === undefined ? '' : `-${to}`} ${problem}`);
}

/** Does as the owner of the database would who has lifted the trigger. */
async function tamper(sql: string): Promise<void> {
  const client = await database.ownerPool.connect();
  try {
    await client.query(`SET session_replication_role = replica`);
    await client.query(sql);
    await client.query(`RESET session_replication_role`);
  } finally {
    client.release();
  }
}

describe('the chain of a case', () => {
  test('is what its entries make, however they were cut into batches and repeated', async () => {
    const [whole, cut] = [await aLife(), await aLife()];
    const journal = createCaseJournal(database.pool);
    await journal.append(whole.life.batch());
    for (const [from, to] of [
      [1, 1],
      [2, 4],
      [1, 4],
      [3, 7],
      [7, cut.last],
      [1, cut.last],
    ] as const) {
      await journal.append(cut.life.batch(from, to));
    }
    for (const { report, life } of [whole, cut]) {
      const { rows } = await database.pool.query<{ chain: string }>(
        'SELECT chain FROM audit_entries WHERE case_number = $1 ORDER BY seq',
        [report.caseNumber],
      );
      let before = caseChain(report.caseNumber);
      const expected = life.batch().entries.map((entry) => (before = link(before, entryHash(entry))));
      expect(rows.map(({ chain }) => chain)).toEqual(expected);
    }
    expect(await found()).toEqual([]);
  });

  test('goes on through what the deliverer refuses in place of a closed workflow', async () => {
    const { report, life } = await aLife();
    const { caseNumber } = report;
    await createCaseJournal(database.pool).append(life.batch());
    const commands = ['late-1', 'late-2'].map((commandId) => ({ caseNumber, commandId, actor: 'supervisor-1' }));
    for (const command of commands) {
      await store.storeCommand({
        ...command,
        role: 'supervisor',
        kind: 'cancel',
        payload: { reason: 'issued_in_error' },
      });
    }
    await createDeliveryQueue(database.pool).withCaseLock(caseNumber, async (session) => {
      for (const { commandId } of commands) await session.refuse(commandId, 'case_ended');
    });
    expect(await store.timeline(caseNumber)).toHaveLength(life.batch().entries.length + 2);
    expect(await found()).toEqual([]);
  });

  test('holds while many cases are written by several workers, and commands are stored beside it', async () => {
    const lives = await Promise.all(Array.from({ length: 12 }, aLife));
    const others = [createPool(database.databaseUrl), createPool(database.databaseUrl)];
    const journals = [database.pool, ...others].map(createCaseJournal);
    try {
      await Promise.all(
        lives.map(async ({ report, life, last }, index) => {
          const { caseNumber } = report;
          for (let seq = 1; seq <= last; seq += 1) {
            const commandId = `beside-${seq}`;
            await Promise.all([
              ...journals.slice(0, 1 + (index % 3)).map((journal) => journal.append(life.batch(seq, seq))),
              // Changes the row of the case while the journal waits for it.
              store.storeCommand({
                caseNumber,
                commandId,
                actor: 'operator-1',
                role: 'operator',
                kind: 'acknowledge',
                payload: {},
              }),
            ]);
          }
        }),
      );
    } finally {
      await Promise.all(others.map((pool) => pool.end()));
    }
    expect(await found()).toEqual([]);
  }, 60_000);

  const at = (seq: number): string => `WHERE seq = ${seq} AND case_number = (SELECT min(case_number) FROM cases)`;

  test.each([
    ['its time', `UPDATE audit_entries SET at = at + interval '1 millisecond' ${at(4)}`, ['4 altered']],
    ['its type', `UPDATE audit_entries SET type = 'other' ${at(4)}`, ['4 altered']],
    ['what happened', `UPDATE audit_entries SET event = event || '{"actor": "admin-1"}' ${at(4)}`, ['4 altered']],
    ['what happened, to no object', `UPDATE audit_entries SET event = '7' ${at(4)}`, ['4 altered']],
    ['its hash', `UPDATE audit_entries SET hash = repeat('a', 64) ${at(4)}`, ['4 altered']],
    ['its link', `UPDATE audit_entries SET chain = repeat('a', 64) ${at(4)}`, ['4 altered']],
    [
      'its number',
      `UPDATE audit_entries SET seq = 400 ${at(4)}`,
      ['4 missing', '11-399 missing', '400 moved', '11-400 unaccounted'],
    ],
    ['its place among all', `UPDATE audit_entries SET position = DEFAULT ${at(4)}`, ['5 moved']],
    ['the newest link beside it', `UPDATE cases SET journal_chain = repeat('a', 64)`, ['10 altered']],
    ['the count beside it', `UPDATE cases SET journal_seq = 8`, ['9-10 unaccounted']],
    ['one that is gone', `DELETE FROM audit_entries ${at(4)}`, ['4 missing']],
    ['the last that are gone', `DELETE FROM audit_entries WHERE seq > 7`, ['8-10 missing']],
    ['all that are gone', `TRUNCATE audit_entries`, ['1-10 missing']],
    ['the case that is gone', `DELETE FROM cases`, ['10 unaccounted']],
    [
      'two that changed places',
      `UPDATE audit_entries AS entry SET at = other.at, event = other.event, type = other.type, hash = other.hash, chain = other.chain
       FROM audit_entries AS other
       WHERE entry.case_number = other.case_number AND (entry.seq, other.seq) IN ((3, 6), (6, 3))`,
      ['3 moved', '6 moved'],
    ],
    [
      'the newest, written anew with hash and link',
      `UPDATE audit_entries SET hash = repeat('b', 64), chain = next_link(
         (SELECT chain FROM audit_entries WHERE seq = 9), NULL, repeat('b', 64)) WHERE seq = 10`,
      ['10 altered'],
    ],
  ])('says what was done to it: %s', async (_what, sql, expected) => {
    const { report, life, last } = await aLife();
    expect(last).toBe(10);
    await createCaseJournal(database.pool).append(life.batch());
    expect(await found(report.caseNumber)).toEqual([]);
    await tamper(sql);
    const lines = await found();
    if (sql.includes('position')) expect(lines).toEqual([`${caseChain(report.caseNumber)} 5 moved`]);
    else expect(lines).toEqual(expected.map((each) => `${caseChain(report.caseNumber)} ${each}`));
  });

  test('is told from that of another case, which an entry was moved to', async () => {
    const lives = [await aLife(), await aLife()];
    for (const { life } of lives) await createCaseJournal(database.pool).append(life.batch());
    const [first = '', second = ''] = lives.map(({ report }) => report.caseNumber).sort();
    await tamper(
      `UPDATE audit_entries SET case_number = '${second}', seq = 11 WHERE case_number = '${first}' AND seq = 10`,
    );
    expect(await found()).toEqual([
      `${caseChain(first)} 10 missing`,
      `${caseChain(second)} 11 moved`,
      `${caseChain(second)} 11 unaccounted`,
    ]);
    await expect(found(newCaseNumber((count) => Buffer.alloc(count, 1)))).rejects.toThrow('no such case');
  });
});

describe('the chain of access', () => {
  test('holds while several processes append to it, each entry once and in one order', async () => {
    const pools = [database.pool, createPool(database.databaseUrl), createPool(database.databaseUrl)];
    try {
      const logs = pools.map(createAccessLog);
      await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          logs.map((log, by) => log.recordAccess(readBy(`reader-${by}-${index}`))),
        ).flat(),
      );
    } finally {
      await Promise.all(pools.slice(1).map((pool) => pool.end()));
    }
    const { rows } = await database.pool.query<{ entries: number; readers: number; newest: number }>(
      `SELECT count(*)::integer AS entries, count(DISTINCT event ->> 'by')::integer AS readers, max(seq)::integer AS newest
       FROM access_entries`,
    );
    expect(rows).toEqual([{ entries: 300, readers: 300, newest: 300 }]);
    expect(await found()).toEqual([]);
  });

  test('has no more than one connection of a process wait for it, whoever asks', async () => {
    const stores = createCaseStores(database.pool);
    const holder = await database.ownerPool.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT FROM access_chain FOR UPDATE');
      const asked = (['all', ['QA'], ['KW'], [], 'all'] as const).map((scope, index) =>
        stores.within(scope).recordAccess(readBy(`reader-${index}`)),
      );
      const waiting = async (): Promise<number> => {
        const { rows } = await holder.query<{ count: number }>(
          'SELECT count(*)::integer AS count FROM pg_locks WHERE NOT granted',
        );
        return rows[0]?.count ?? 0;
      };
      await eventually(async () => expect(await waiting()).toBeGreaterThan(0));
      await sleep(300);
      expect(await waiting()).toBe(1);
      await holder.query('COMMIT');
      await Promise.all(asked);
    } finally {
      holder.release(true);
    }
    expect(await found()).toEqual([]);
  });

  test('goes on after an append that failed, whose callers are told', async () => {
    const log = createAccessLog(database.pool);
    await log.recordAccess(readBy('first'));
    await database.ownerPool.query('REVOKE INSERT ON access_entries FROM mafqood_app');
    const refused = await Promise.allSettled([log.recordAccess(readBy('a')), log.recordAccess(readBy('b'))]);
    expect(refused.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await database.ownerPool.query('GRANT INSERT ON access_entries TO mafqood_app');
    await log.recordAccess(readBy('last'));
    const { rows } = await database.pool.query<{ by: string }>(
      `SELECT event ->> 'by' AS by FROM access_entries ORDER BY seq`,
    );
    expect(rows.map(({ by }) => by)).toEqual(['first', 'last']);
    expect(await found()).toEqual([]);
  });

  test.each([
    ['its time', `UPDATE access_entries SET at = at + interval '1 millisecond' WHERE seq = 4`, ['4 altered']],
    ['its type', `UPDATE access_entries SET type = 'other' WHERE seq = 4`, ['4 altered']],
    ['who it was', `UPDATE access_entries SET event = event || '{"by": "other"}' WHERE seq = 4`, ['4 altered']],
    ['its hash', `UPDATE access_entries SET hash = repeat('a', 64) WHERE seq = 4`, ['4 altered']],
    ['its link', `UPDATE access_entries SET chain = repeat('a', 64) WHERE seq = 4`, ['4 altered']],
    ['its number', `UPDATE access_entries SET seq = 8 WHERE seq = 4`, ['4 missing', '8 moved', '8 unaccounted']],
    ['one that is gone', `DELETE FROM access_entries WHERE seq = 4`, ['4 missing']],
    ['the last that are gone', `DELETE FROM access_entries WHERE seq > 4`, ['5-7 missing']],
    ['all that are gone', `TRUNCATE access_entries`, ['1-7 missing']],
    ['the end beside it', `UPDATE access_chain SET seq = 6`, ['7 unaccounted']],
    ['the newest link beside it', `UPDATE access_chain SET chain = repeat('a', 64)`, ['7 altered']],
    ['the end beside it that is gone', `DELETE FROM access_chain`, ['7 unaccounted']],
    [
      'two that changed places',
      `UPDATE access_entries AS entry SET at = other.at, event = other.event, hash = other.hash, chain = other.chain
       FROM access_entries AS other WHERE (entry.seq, other.seq) IN ((2, 6), (6, 2))`,
      ['2 moved', '6 moved'],
    ],
  ])('says what was done to it: %s', async (_what, sql, expected) => {
    const log = createAccessLog(database.pool);
    for (let reader = 1; reader <= 7; reader += 1) await log.recordAccess(readBy(`reader-${reader}`));
    expect(await found()).toEqual([]);
    await tamper(sql);
    expect(await found()).toEqual(expected.map((each) => `mafqood:access ${each}`));
  });
});

describe('the role of the staff API and the worker', () => {
  test.each(['audit_entries', 'access_entries'])(
    'can add to %s and read it, and do nothing else to it',
    async (table) => {
      const { life } = await aLife();
      await createCaseJournal(database.pool).append(life.batch());
      await store.recordAccess(readBy('somebody'));
      const all = `SELECT * FROM ${table} ORDER BY seq`;
      const before = (await database.pool.query(all)).rows as unknown[];
      expect(before.length).toBeGreaterThan(0);
      const columns = Object.keys(before[0] as object).filter((column) => column !== 'position');
      const changes = [
        ...columns.map((column) => `UPDATE ${table} SET ${column} = ${column}`),
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`,
        `DROP TABLE ${table}`,
        `ALTER TABLE ${table} DISABLE TRIGGER ALL`,
        `ALTER TABLE ${table} ADD COLUMN more text`,
        `DROP TRIGGER ${table}_stay ON ${table}`,
        `CREATE TRIGGER mine BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()`,
        `CREATE RULE mine AS ON INSERT TO ${table} DO INSTEAD NOTHING`,
        `INSERT INTO ${table} SELECT * FROM ${table} ON CONFLICT DO NOTHING; DELETE FROM ${table}`,
        `SET session_replication_role = replica`,
        `SET ROLE mafqood`,
        `GRANT UPDATE ON ${table} TO mafqood_app; UPDATE ${table} SET at = now()`,
        `CREATE OR REPLACE FUNCTION next_link(state text, start text, hash text) RETURNS text LANGUAGE sql RETURN 'mine'`,
        `ALTER FUNCTION refuse_audit_change() RENAME TO other`,
        `UPDATE migrations SET name = 'other'`,
        `DELETE FROM cases`,
      ];
      for (const change of changes) {
        const outcome = await database.pool.query(change).then(
          () => 'done',
          () => 'denied',
        );
        expect(`${outcome}: ${change}`).toBe(`denied: ${change}`);
      }
      expect((await database.pool.query(all)).rows).toEqual(before);
      expect(await found()).toEqual([]);
    },
  );

  test.each(['audit_entries', 'access_entries'])('the trigger keeps the owner from changing %s too', async (table) => {
    for (const change of [`UPDATE ${table} SET at = now()`, `DELETE FROM ${table}`, `TRUNCATE ${table}`]) {
      await expect(database.ownerPool.query(change)).rejects.toThrow('never changed');
    }
  });
});

test('entries from before there was a chain get theirs, and it goes on from there', async () => {
  const lives = [await aLife(), await aLife()];
  const journal = createCaseJournal(database.pool);
  for (const { life } of lives) await journal.append(life.batch(1, 6));
  const links = async (): Promise<unknown[]> =>
    (await database.pool.query<object>('SELECT case_number, seq, chain FROM audit_entries ORDER BY position')).rows;
  const before = await links();
  // Back to the state before the migration.
  await database.ownerPool.query(`
    DROP TABLE access_entries, access_chain;
    ALTER TABLE audit_entries DROP COLUMN chain;
    ALTER TABLE cases DROP COLUMN journal_chain;
    DROP AGGREGATE chain_link(text, text);
    DROP FUNCTION next_link(text, text, text);
    DROP FUNCTION case_chain_start(text)`);
  const file = join(import.meta.dirname, '../../src/store/migrations/0008_audit_chain.sql');
  const client = new pg.Client({ connectionString: database.ownerDatabaseUrl });
  await client.connect();
  await client.query(readFileSync(file, 'utf8')).finally(() => client.end());
  await expect(database.ownerPool.query('DELETE FROM audit_entries')).rejects.toThrow('never changed');
  expect(await links()).toEqual(before);
  await database.ownerPool.query('GRANT SELECT ON access_entries, access_chain TO mafqood_app');
  for (const { life } of lives) await journal.append(life.batch());
  expect(await found()).toEqual([]);
});
