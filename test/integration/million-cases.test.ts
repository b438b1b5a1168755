import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type pg from 'pg';
import type { CaseFilters, CaseKey } from '../../src/store/case-filters.js';
import type { Scope } from '../../src/domain/scope.js';
import { type CaseStore, createCaseStore } from '../../src/store/case-store.js';
import { nameWords } from '../../src/store/name-words.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';
import { CASES, fillWithCases, LONG_TIMELINE, millionthNumber } from './million-cases.js';

let server: DatabaseServer;
let database: TestDatabase;
let store: CaseStore;
const asked: { readonly text: string; readonly values: unknown[] }[] = [];

beforeAll(async () => {
  server = await startDatabaseServer();
  database = await server.newDatabase();
  await fillWithCases(database.ownerDatabaseUrl);
  store = createCaseStore(recording(database.pool), 'all');
}, 300_000);

afterAll(() => server.stop(), 60_000);

/** The same pool, which remembers what it was asked. */
function recording(pool: pg.Pool): pg.Pool {
  return new Proxy(pool, {
    get: (target, name) =>
      name === 'query'
        ? (text: string, values: unknown[] = []) => {
            asked.push({ text, values });
            return target.query(text, values);
          }
        : (Reflect.get(target, name) as unknown),
  });
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

interface Cost {
  /** Rows that were read from tables and indexes. */
  readonly rows: number;
  readonly blocks: number;
  /** The tables that were read from one end to the other. */
  readonly wholeTables: readonly string[];
}

/** What the queries that something asks cost, by PostgreSQL's own account. */
async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  asked.splice(0);
  await work();
  let [rows, blocks] = [0, 0];
  const wholeTables: string[] = [];
  const count = (node: PlanNode): void => {
    if (node['Relation Name'] !== undefined) {
      rows += (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'];
      if (node['Node Type'].includes('Seq Scan')) wholeTables.push(node['Relation Name']);
    }
    node.Plans?.forEach(count);
  };
  for (const { text, values } of asked.splice(0)) {
    const { rows: plans } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      values,
    );
    const plan = plans[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('a query has a plan');
    blocks += plan['Shared Hit Blocks'] + plan['Shared Read Blocks'];
    count(plan);
  }
  return { rows, blocks, wholeTables };
}

const DOHA = { latitude: 25.33, longitude: 51.55 };
const DEEP: CaseKey = { reportedAt: Date.UTC(2026, 1, 1), caseNumber: millionthNumber(1) };
const FILTERS: Readonly<Record<string, CaseFilters>> = {
  nothing: {},
  'a common status': { status: ['resolved'] },
  'open statuses': { status: ['accepted', 'awaiting_approval', 'active', 'standing_down'] },
  'a status that no case has': { status: ['standing_down'] },
  'a tier': { tier: 'amber' },
  'what is never found together': { tier: 'amber', runKind: 'test' },
  'a jurisdiction that there is not': { jurisdiction: 'XX' },
  'everything at once': {
    status: ['active', 'resolved'],
    tier: 'amber',
    runKind: 'actual',
    jurisdiction: 'KW',
    needsAttention: false,
    reportedFrom: Date.UTC(2026, 2, 1),
    reportedTo: Date.UTC(2026, 8, 1),
  },
  'attention needed': { needsAttention: true },
  'attention needed, of a rare kind': { needsAttention: true, tier: 'amber', status: ['cancelled'] },
  'no attention needed, though open': { needsAttention: false, status: ['active'] },
  'a day long ago': { reportedFrom: Date.UTC(2026, 0, 20), reportedTo: Date.UTC(2026, 0, 21) },
  'a time before all': { reportedTo: Date.UTC(2020, 0, 1) },
  'the city': { near: { centre: DOHA, withinKm: 20 } },
  'a corner of the city': { near: { centre: { latitude: 25.281, longitude: 51.501 }, withinKm: 0.3 } },
  'beside the city': { near: { centre: { latitude: 25.2, longitude: 51.4 }, withinKm: 5 } },
  'where nobody was': { near: { centre: { latitude: 85, longitude: 0.5 }, withinKm: 30 } },
  'as far as may be': { near: { centre: DOHA, withinKm: 500 } },
  'across the antimeridian': { near: { centre: { latitude: 10, longitude: 179.9 }, withinKm: 100 } },
  'open cases in the city': { near: { centre: DOHA, withinKm: 20 }, status: ['active'] },
  'closed cases in the city': { near: { centre: DOHA, withinKm: 20 }, status: ['cancelled'], tier: 'amber' },
  'a common name': { nameWords: nameWords('محمد') },
  'the beginning of many names': { nameWords: nameWords('xb') },
  'the beginning of very many names': { nameWords: nameWords('yc') },
  'a unique name': { nameWords: nameWords('unique') },
  'the beginning of a unique name': { nameWords: nameWords('uni') },
  'a common name with a rare one': { nameWords: nameWords('محمد ybcdfg') },
  'two common names that nobody has together': { nameWords: nameWords('محمد xb') },
  'a name that there is not': { nameWords: nameWords('nobody') },
  'a common name among open cases': { nameWords: nameWords('محمد'), status: ['active'] },
  'a common name in the city': { nameWords: nameWords('محمد'), near: { centre: DOHA, withinKm: 5 } },
};

/** What looking at some ten thousand cases, each by its number, may come to; the table alone has more blocks than twice that. */
const MOST = { rows: 25_000, blocks: 25_000 };

test.each(Object.entries(FILTERS))('a page of the list reads little when asked for %s', async (_what, filters) => {
  for (const after of [undefined, DEEP]) {
    const cost = await costOf(() => store.listCases(filters, { limit: 50, after }));
    expect(cost.wholeTables).toEqual([]);
    expect(cost.rows).toBeLessThan(MOST.rows);
    // Without a place or a name an index leads straight to the page; which of several, PostgreSQL decides by a random sample of the rows.
    expect(cost.blocks).toBeLessThan(filters.near || filters.nameWords ? MOST.blocks : 2_500);
  }
});

/** Two more looks, each at five thousand cases, choose the way for somebody who may not see all. */
const MOST_IN_SCOPE = { ...MOST, rows: MOST.rows + 10_000 };

/** A jurisdiction of many cases, one of few, and one of which there is none. */
const SCOPES: readonly Scope[] = [['QA'], ['KW', 'OM'], ['XX']];

test.each(Object.entries(FILTERS))(
  'somebody of one jurisdiction who asks for %s reads little too, and nothing of any other, nor where it is',
  async (_what, filters) => {
    for (const scope of SCOPES) {
      const theirs = createCaseStore(recording(database.pool), scope);
      for (const after of [undefined, DEEP]) {
        const keys: (string | undefined)[] = [];
        const cost = await costOf(async () => {
          const { cases, next } = await theirs.listCases(filters, { limit: 50, after });
          keys.push(...cases.map(({ caseNumber }) => caseNumber), next?.caseNumber);
        });
        expect(cost.wholeTables).toEqual([]);
        expect(cost.rows).toBeLessThan(MOST_IN_SCOPE.rows);
        expect(cost.blocks).toBeLessThan(filters.near || filters.nameWords ? MOST_IN_SCOPE.blocks : 2_500);
        const { rows: outside } = await database.pool.query(
          'SELECT FROM cases WHERE case_number = ANY ($1) AND NOT jurisdiction = ANY ($2)',
          [keys, scope],
        );
        expect(outside).toHaveLength(0);
      }
    }
  },
);

test.each([
  ['a corner of the city', 'distance_km(latitude, longitude, 25.281, 51.501) <= 0.3'],
  [
    'closed cases in the city',
    `distance_km(latitude, longitude, 25.33, 51.55) <= 20 AND status = 'cancelled' AND tier = 'amber'`,
  ],
  [
    'a common name among open cases',
    `status = 'active' AND case_number IN (SELECT case_number FROM report_names WHERE word = 'محمد')`,
  ],
])(
  'page after page, asking for %s gives each case once, as looking at all of them does',
  async (what, condition) => {
    const { rows } = await database.pool.query<{ number: string }>(
      `SELECT case_number AS number FROM cases JOIN report_places USING (case_number, reported_at) WHERE ${condition}
     ORDER BY reported_at DESC, case_number DESC LIMIT 300`,
    );
    const seen: string[] = [];
    for (let after: CaseKey | undefined; seen.length < rows.length;) {
      const { cases, next } = await store.listCases(FILTERS[what] ?? {}, { limit: 40, after });
      seen.push(...cases.map(({ caseNumber }) => caseNumber));
      if (!next) break;
      after = next;
    }
    expect(rows.length).toBeGreaterThan(10);
    expect(seen.slice(0, rows.length)).toEqual(rows.map(({ number }) => number));
  },
  60_000,
);

test('a page of a long timeline reads no more than itself, wherever it begins', async () => {
  for (const after of [0, LONG_TIMELINE / 2, LONG_TIMELINE - 10]) {
    const cost = await costOf(() => store.timeline(millionthNumber(7), { after, limit: 100 }));
    expect(cost.wholeTables).toEqual([]);
    expect(cost.rows).toBeLessThanOrEqual(200);
    expect(cost.blocks).toBeLessThan(500);
  }
});

test('following the journals reads no more than what is new', async () => {
  const newest = await store.newestPosition();
  for (const position of [0, newest / 2, newest - 5, newest]) {
    const cost = await costOf(async () => {
      await store.newestPosition();
      await store.journalledAfter(position, 500);
      await store.journalledInCaseAfter(millionthNumber(7), position, 500);
    });
    expect(cost.wholeTables).toEqual([]);
    expect(cost.rows).toBeLessThan(1_200);
    expect(cost.blocks).toBeLessThan(200);
  }
});

test('whoever may see little of it follows the journals in steps of bounded work', async () => {
  const theirs = createCaseStore(recording(database.pool), ['XX']);
  const newest = await theirs.newestPosition();
  const cost = await costOf(async () => {
    expect(await theirs.journalledAfter(newest / 2, 500)).toEqual({
      events: [],
      reached: newest / 2 + 500,
      more: true,
    });
  });
  expect(cost.wholeTables).toEqual([]);
  expect(cost.rows).toBeLessThan(1_200);
});

test('the times over a million cases come within the time that a statement has', async () => {
  expect(await store.timesOf({})).toMatchObject({ cases: CASES, approvalToLive: { count: CASES, medianMs: 4_000 } });
}, 30_000);
