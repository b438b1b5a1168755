import pg from 'pg';

/** Runs `work` in a transaction on a connection of its own: what it writes is all there afterwards or, when it throws, nothing is. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await transact(client, () => work(client));
  } finally {
    // A connection that could not leave its transaction must not be lent out again.
    client.release(client.getTransactionStatus() !== 'I');
  }
}

/** As {@link inTransaction}, on a connection that the caller holds. */
export async function transact<T>(client: pg.ClientBase, work: () => Promise<T>): Promise<T> {
  // What is written under a lock must see what was committed while it waited: so whatever the server's default is, no snapshot is kept.
  await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
  try {
    const result = await work();
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw withoutValues(error);
  }
}

/** PostgreSQL quotes the values that it could not take, and errors get into logs: this leaves them out. */
export function withoutValues(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}
