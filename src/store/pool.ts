import pg from 'pg';

const { TIMESTAMPTZ } = pg.types.builtins;

/**
 * Opens a pool of connections. Nothing waits without a bound, neither for a connection nor for a statement, and moments are read as
 * instants: `timestamptz` gives milliseconds, not a `Date`.
 * @param databaseUrl `postgres://user:password@host:port/database`
 */
export function createPool(databaseUrl: string): pg.Pool {
  const types = new pg.TypeOverrides();
  const parseDate = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;
  types.setTypeParser(TIMESTAMPTZ, (text) => parseDate(text).getTime());
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    application_name: 'mafqood',
    types,
    connectionTimeoutMillis: 5_000,
    // Shorter than the statement it is part of: who waits for somebody else (delivery-queue.ts) is told so.
    lock_timeout: 10_000,
    statement_timeout: 15_000,
    // A server that is frozen, or behind a network that swallows everything, bounds nothing itself: longer than it would take to.
    query_timeout: 16_000,
    // A process that is frozen in the middle of a transaction holds its case's row: shorter than anybody waits for that.
    idle_in_transaction_session_timeout: 5_000,
    keepAlive: true,
  });
  // An 'error' without a handler ends the process. A connection that breaks, idle or lent out, is replaced by the pool; whoever needs it
  // next is told by the query that fails.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}
