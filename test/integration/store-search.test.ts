import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RUN_KINDS, TIERS } from '../../src/domain/policy.js';
import type { Coordinates } from '../../src/domain/area.js';
import { isInScope, type Scope } from '../../src/domain/scope.js';
import type { CaseFilters, CaseKey, ListedStatus } from '../../src/store/case-filters.js';
import { type CaseStore, createCaseStore } from '../../src/store/case-store.js';
import { nameWords } from '../../src/store/name-words.js';
import { aNewReport, REPORT } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let store: CaseStore;
const cases: Known[] = [];

/** What the test knows of a case. */
interface Known {
  readonly caseNumber: string;
  readonly reportedAt: number;
  readonly tier: string;
  readonly runKind: string;
  readonly jurisdiction: string;
  readonly status: ListedStatus;
  readonly needsAttention: boolean;
  readonly location: Coordinates;
  readonly words: readonly string[];
}

const STATUSES: readonly ListedStatus[] = ['accepted', 'awaiting_approval', 'active', 'resolved'];
const JURISDICTIONS = ['QA', 'OM', 'FJ'];
const PLACES: readonly Coordinates[] = [
  { latitude: 25.3, longitude: 51.5 },
  { latitude: 25.32, longitude: 51.51 },
  { latitude: -17, longitude: 179.99 },
  { latitude: -17, longitude: -179.99 },
  { latitude: -17, longitude: 180 },
  { latitude: 90, longitude: 0 },
  { latitude: 89.9, longitude: 120 },
];
const NAMES = [
  { ar: 'سارة أحمد', en: 'Sara Ahmad' },
  { ar: 'سَارَه الأحمدي', en: 'Sarah Al-Ahmadi' },
  { ar: 'آدم', en: 'Adam A. Müller' },
];
const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;

beforeAll(async () => {
  server = await startDatabaseServer();
  database = await server.newDatabase();
  store = createCaseStore(database.pool, 'all');
  for (let index = 0; index < 60; index += 1) {
    const hash = (index * 7919) % 1009;
    const [tier, runKind, jurisdiction] = [
      pick(TIERS, hash),
      pick(RUN_KINDS, hash >> 1),
      pick(JURISDICTIONS, hash >> 2),
    ];
    const [name, location, status] = [pick(NAMES, hash), pick(PLACES, hash >> 3), pick(STATUSES, hash >> 1)];
    const child = { ...REPORT.child, name };
    const report = { ...REPORT, tier, runKind, jurisdiction, child, lastSeen: { ...REPORT.lastSeen, location } };
    const stored = await store.storeReport(aNewReport({ report }));
    const { caseNumber } = stored;
    // Some at the very same moment.
    const reportedAt = Date.UTC(2026, 0, 1) + Math.floor(index / 3) * 60_000;
    const needsAttention = hash % 5 === 0;
    await database.pool.query(
      `WITH named AS (UPDATE report_names SET reported_at = $2 WHERE case_number = $1),
         placed AS (UPDATE report_places SET reported_at = $2 WHERE case_number = $1)
       UPDATE cases SET reported_at = $2, status = $3, needs_attention = $4 WHERE case_number = $1`,
      [caseNumber, new Date(reportedAt), status, needsAttention],
    );
    const words = Object.values(name).flatMap(nameWords);
    cases.push({ caseNumber, reportedAt, tier, runKind, jurisdiction, status, needsAttention, location, words });
  }
}, 120_000);

afterAll(() => server.stop(), 60_000);

function km(a: Coordinates, b: Coordinates): number {
  const radians = (value: number): number => (value * Math.PI) / 180;
  const haversine = (angle: number): number => Math.sin(radians(angle) / 2) ** 2;
  const part =
    haversine(b.latitude - a.latitude) +
    Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * haversine(b.longitude - a.longitude);
  return 2 * 6371.0088 * Math.asin(Math.sqrt(Math.min(1, part)));
}

/** What the filters mean, one case at a time. */
function expected(filters: CaseFilters, scope: Scope = 'all'): string[] {
  const { status, tier, runKind, jurisdiction, needsAttention, reportedFrom, reportedTo, near } = filters;
  return cases
    .filter(
      (one) =>
        isInScope(scope, one.jurisdiction) &&
        (status?.includes(one.status) ?? true) &&
        (tier ?? one.tier) === one.tier &&
        (runKind ?? one.runKind) === one.runKind &&
        (jurisdiction ?? one.jurisdiction) === one.jurisdiction &&
        (needsAttention ?? one.needsAttention) === one.needsAttention &&
        one.reportedAt >= (reportedFrom ?? 0) &&
        one.reportedAt < (reportedTo ?? Infinity) &&
        (!near || km(near.centre, one.location) <= near.withinKm) &&
        (filters.nameWords ?? []).every((word) =>
          one.words.some((of) => (word.length < 2 ? of === word : of.startsWith(word))),
        ),
    )
    .sort((a, b) => b.reportedAt - a.reportedAt || (a.caseNumber < b.caseNumber ? 1 : -1))
    .map(({ caseNumber }) => caseNumber);
}

const maybe = <T>(values: readonly T[]): fc.Arbitrary<T | undefined> =>
  fc.option(fc.constantFrom(...values), { nil: undefined });
const moment = fc.option(
  fc.integer({ min: 0, max: 22 }).map((minutes) => Date.UTC(2026, 0, 1) + minutes * 60_000),
  { nil: undefined },
);

test('whatever is asked, the pages together hold what looking at each case within the scope gives, newest first', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        status: fc.option(fc.uniqueArray(fc.constantFrom(...STATUSES), { minLength: 1 }), { nil: undefined }),
        tier: maybe(TIERS),
        runKind: maybe(RUN_KINDS),
        jurisdiction: maybe([...JURISDICTIONS, 'XX']),
        needsAttention: maybe([true, false]),
        reportedFrom: moment,
        reportedTo: moment,
        near: fc.option(
          fc.record({ centre: fc.constantFrom(...PLACES), withinKm: fc.constantFrom(0.1, 2.5, 30, 500) }),
          { nil: undefined },
        ),
        nameWords: maybe(
          ['sara', 'sarah', 'Sara Ahm', 'سارة', 'ساره أح', 'ahmad', 'a', 'müll', 'x', 'adam sara'].map(nameWords),
        ),
      }),
      fc.constantFrom(1, 3, 7, 200),
      fc.constantFrom<Scope>('all', 'all', ['QA'], ['OM', 'FJ'], ['FJ', 'XX'], ['XX']),
      async (filters, limit, scope) => {
        const theirs = createCaseStore(database.pool, scope);
        const seen: string[] = [];
        for (let after: CaseKey | undefined; ;) {
          const page = await theirs.listCases(filters, { limit, after });
          expect(page.cases.length).toBeLessThanOrEqual(limit);
          seen.push(...page.cases.map(({ caseNumber }) => caseNumber));
          if (!page.next) break;
          const { caseNumber: last } = page.next;
          expect(isInScope(scope, cases.find(({ caseNumber }) => caseNumber === last)?.jurisdiction ?? '')).toBe(true);
          after = page.next;
        }
        expect(seen).toEqual(expected(filters, scope));
        const counted: Omit<typeof filters, 'nameWords'> & { nameWords?: string[] | undefined } = { ...filters };
        delete counted.nameWords;
        expect((await theirs.timesOf(counted)).cases).toBe(expected(counted, scope).length);
      },
    ),
    { numRuns: 120 },
  );
}, 120_000);

test('a place on the antimeridian, and the pole, are near what lies on their other side', async () => {
  const near = async (centre: Coordinates, withinKm: number): Promise<number> =>
    (await store.listCases({ near: { centre, withinKm } }, { limit: 200 })).cases.length;
  const fiji = expected({ near: { centre: { latitude: -17, longitude: 180 }, withinKm: 5 } });
  expect(fiji.length).toBeGreaterThan(10);
  for (const longitude of [180, -180, 179.99, -179.99])
    expect(await near({ latitude: -17, longitude }, 5)).toBe(fiji.length);
  expect(await near({ latitude: 90, longitude: -77 }, 20)).toBe(
    expected({ near: { centre: { latitude: 90, longitude: 0 }, withinKm: 20 } }).length,
  );
});
