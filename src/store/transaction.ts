import pg from 'pg';

/** Runs `work` in a transaction on a connection of its own: what it writes is all there afterwards or, when it throws, nothing is. */
export async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let isSilent = false;
  try {
    return await transact(client, () => work(client));
  } catch (error) {
    isSilent = isUnanswered(error);
    throw error;
  } finally {
    // A connection that could not leave its transaction, or on which something is unanswered, must not be lent out again.
    client.release(isSilent || client.getTransactionStatus() !== 'I');
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
    // Behind what is unanswered it would wait as long again; the transaction ends with the connection.
    if (!isUnanswered(error)) await client.query('ROLLBACK').catch(() => undefined);
    throw withoutValues(error);
  }
}

/** Whether the database has said nothing within the pool's time-out. node-postgres has no code for it. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** PostgreSQL quotes the values that it could not take, and errors get into logs: this leaves them out. */
export function withoutValues(error: unknown): unknown {
  if (error instanceof pg.DatabaseError) {
    error.detail = undefined;
    error.where = undefined;
  }
  return error;
}
