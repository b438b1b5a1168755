import type pg from 'pg';
import { ACCESS_CHAIN, caseChain } from '../audit/chain.js';
import type { ChainEnd, FoundEntry } from '../audit/check-chain.js';
import type { CaseNumber } from '../domain/case-number.js';
import { CaseUnknown } from './command-intake.js';
import { inTransaction } from './transaction.js';

/** One chain of the audit, as it is at one moment. */
export interface AuditChain {
  /** The text that its first link begins with; it names the chain. */
  readonly start: string;
  /** What is kept beside its entries; null where that is gone. */
  readonly end: ChainEnd | null;
  /** In the order of their numbers. Can be gone through once, while the chain is visited. */
  readonly entries: AsyncIterable<FoundEntry>;
}

/** The audit for those who want to see all of it. */
export interface AuditReader {
  /**
   * Visits one chain after another: the cases', then that of those who read what is a child's; or one case's alone.
   * Each chain is seen as it was at one moment, while others are being written.
   * @returns how many were visited
   * @throws CaseUnknown when there is neither such a case nor an entry of it
   */
  visitChains(visit: (chain: AuditChain) => Promise<void>, only?: CaseNumber): Promise<number>;
}

const ENTRIES_A_READ = 1_000;

type ReadPage = (after: number) => Promise<FoundEntry[]>;

/** Opens the audit kept in a database. */
export function createAuditReader(pool: pg.Pool): AuditReader {
  return {
    async visitChains(visit, only) {
      const visitCase = (caseNumber: CaseNumber): Promise<void> =>
        inSnapshot(pool, async (client) => visit(await readCaseChain(client, caseNumber)));
      if (only !== undefined) {
        await visitCase(only);
        return 1;
      }
      let visited = 0;
      for (let it = await caseAfter(pool, ''); it !== null; it = await caseAfter(pool, it)) {
        await visitCase(it);
        visited += 1;
      }
      await inSnapshot(pool, async (client) => visit(await readAccessChain(client)));
      return visited + 1;
    },
  };
}

async function inSnapshot<T>(pool: pg.Pool, work: (client: pg.ClientBase) => Promise<T>): Promise<T> {
  return inTransaction(pool, async (client) => {
    await client.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    return work(client);
  });
}

/** The next case that there is, or of which there are entries at least. */
async function caseAfter(pool: pg.Pool, caseNumber: string): Promise<CaseNumber | null> {
  const { rows } = await pool.query<{ next: CaseNumber | null }>({
    name: 'next chain',
    text: `SELECT least(
       (SELECT min(case_number) FROM cases WHERE case_number > $1),
       (SELECT min(case_number) FROM audit_entries WHERE case_number > $1)) AS next`,
    values: [caseNumber],
  });
  return rows[0]?.next ?? null;
}

async function readCaseChain(client: pg.ClientBase, caseNumber: CaseNumber): Promise<AuditChain> {
  const { rows: ends } = await client.query<ChainEnd>({
    name: 'end of case chain',
    text: 'SELECT journal_seq AS seq, journal_chain AS chain FROM cases WHERE case_number = $1',
    values: [caseNumber],
  });
  const readPage: ReadPage = async (after) => {
    const { rows } = await client.query<FoundEntry>({
      name: 'page of case chain',
      text: `SELECT seq, at, type, event, hash, chain, position::double precision AS position
       FROM audit_entries WHERE case_number = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
      values: [caseNumber, after, ENTRIES_A_READ],
    });
    return rows;
  };
  const [end = null] = ends;
  if (end === null && (await readPage(0)).length === 0) throw new CaseUnknown();
  return { start: caseChain(caseNumber), end, entries: entriesOf(readPage) };
}

async function readAccessChain(client: pg.ClientBase): Promise<AuditChain> {
  const { rows: ends } = await client.query<ChainEnd>(
    'SELECT seq::double precision AS seq, CASE WHEN seq > 0 THEN chain END AS chain FROM access_chain',
  );
  const readPage: ReadPage = async (after) => {
    const { rows } = await client.query<FoundEntry>({
      name: 'page of access chain',
      text: `SELECT seq::double precision AS seq, at, type, event, hash, chain
       FROM access_entries WHERE seq > $1 ORDER BY seq LIMIT $2`,
      values: [after, ENTRIES_A_READ],
    });
    return rows;
  };
  return { start: ACCESS_CHAIN, end: ends[0] ?? null, entries: entriesOf(readPage) };
}

async function* entriesOf(readPage: ReadPage): AsyncGenerator<FoundEntry> {
  let page = await readPage(0);
  while (page.length > 0) {
    yield* page;
    page = page.length < ENTRIES_A_READ ? [] : await readPage(page.at(-1)?.seq ?? 0);
  }
}
