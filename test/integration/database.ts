import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openDataFolder } from '../../src/embedded/data-folder.js';
import { claimPorts } from '../../src/embedded/ports.js';
import { preparePostgres } from '../../src/embedded/postgres.js';
import type { Supervised } from '../../src/embedded/supervised.js';
import { migrate } from '../../src/store/migrate.js';
import { createPool } from '../../src/store/pool.js';
import type { RoleAddresses } from '../../src/store/roles.js';

/** Where a database is found, as each of those who work with it. */
export interface DatabaseUrls extends RoleAddresses {
  readonly ownerDatabaseUrl: string;
}

/** A migrated database of its own for one test. */
export interface TestDatabase extends DatabaseUrls {
  /** As the store opens it; ended with the server. */
  readonly pool: pg.Pool;
  /** As the owner of its tables, for what no process may do; ended with the server. */
  readonly ownerPool: pg.Pool;
}

/** A real PostgreSQL for one test file. */
export interface DatabaseServer {
  readonly process: Supervised;
  newDatabase(): Promise<TestDatabase>;
  /** A database that nothing has been done to yet. */
  newEmptyDatabase(): Promise<DatabaseUrls>;
  stop(): Promise<void>;
}

const silent = (): void => undefined;

/** Starts PostgreSQL in a temporary folder. Every database comes from one that was migrated once. */
export async function startDatabaseServer(): Promise<DatabaseServer> {
  const path = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
  chmodSync(path, 0o711);
  const cleaning = [(): unknown => rmSync(path, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const clean of cleaning.splice(0).reverse()) await clean();
  };
  try {
    return { ...(await start(path, cleaning)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(path: string, cleaning: (() => unknown)[]): Promise<Omit<DatabaseServer, 'stop'>> {
  const folder = await openDataFolder(path, silent);
  // Elsewhere than asked for, where PostgreSQL's user cannot reach the temporary folder.
  if (folder.path !== path) cleaning.push(() => rmSync(folder.path, { recursive: true, force: true }));
  cleaning.push(() => folder.close());
  const { ports, release } = await claimPorts(folder.path, ['postgres'], {});
  cleaning.push(release);
  const options = { port: ports.postgres, password: 'owner-test', progress: silent };
  const { url, process } = await preparePostgres(folder, options);
  cleaning.push(() => process.stop());
  await process.start();
  // Survives a kill all the same, though not a power cut, and spares the disk.
  await statement(url, 'ALTER SYSTEM SET fsync = off');
  await statement(url, 'SELECT pg_reload_conf()');
  await migrate({ ...urlsOf(url, 'mafqood'), log: silent });

  let count = 0;
  const create = async (template: string): Promise<DatabaseUrls> => {
    count += 1;
    await statement(urlsOf(url, 'postgres').ownerDatabaseUrl, `CREATE DATABASE test_${count} TEMPLATE ${template}`);
    return urlsOf(url, `test_${count}`);
  };
  return {
    process,
    newEmptyDatabase: () => create('template0'),
    async newDatabase() {
      const urls = await create('mafqood');
      const pool = createPool(urls.databaseUrl);
      const ownerPool = createPool(urls.ownerDatabaseUrl);
      cleaning.push(() => Promise.all([pool.end(), ownerPool.end()]));
      return { ...urls, pool, ownerPool };
    },
  };
}

function urlsOf(serverUrl: string, database: string): DatabaseUrls {
  const urlAs = (username: string, password: string): string =>
    Object.assign(new URL(serverUrl), { pathname: database, username, password }).href;
  return {
    ownerDatabaseUrl: Object.assign(new URL(serverUrl), { pathname: database }).href,
    databaseUrl: urlAs('mafqood_app', 'app-test'),
    publicDatabaseUrl: urlAs('mafqood_public', 'public-test'),
  };
}

async function statement(databaseUrl: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
