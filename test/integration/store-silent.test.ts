import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isStoreUnavailable } from '../../src/api/store-unavailable.js';
import { createPool } from '../../src/store/pool.js';
import { inTransaction } from '../../src/store/transaction.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';

/** A network between us and PostgreSQL. Once it is silent, it swallows everything on the connections that there are. */
class Network {
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((near) => {
    const far = connect(this.port, '127.0.0.1');
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => undefined);
    }
  });

  constructor(private readonly port: number) {}

  async listen(): Promise<number> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return (this.#server.address() as AddressInfo).port;
  }

  fallSilent(): void {
    for (const socket of this.#sockets) socket.unpipe().pause();
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

let server: DatabaseServer;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(async () => {
  await server.stop();
}, 60_000);

test('a database that falls silent counts as unavailable, and no connection to it is lent out again', async () => {
  const url = new URL((await server.newEmptyDatabase()).databaseUrl);
  const network = new Network(Number(url.port));
  url.port = String(await network.listen());
  const pool = createPool(url.href);
  const inUse = await Promise.all([pool.connect(), pool.connect()]);
  for (const client of inUse) client.release();
  network.fallSilent();
  const began = Date.now();
  const asked = [pool.query('SELECT 1'), inTransaction(pool, (client) => client.query('SELECT 1'))];
  for (const { reason } of (await Promise.allSettled(asked)) as PromiseRejectedResult[]) {
    expect(isStoreUnavailable(reason)).toBe(true);
  }
  expect(Date.now() - began).toBeLessThan(20_000);
  // Connections made from now on get through.
  expect(await inTransaction(pool, (client) => client.query('SELECT 1'))).toMatchObject({ rowCount: 1 });
  expect(await pool.query('SELECT 1')).toMatchObject({ rowCount: 1 });
  network.close();
  await pool.end();
}, 60_000);
