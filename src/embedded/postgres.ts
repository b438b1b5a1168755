import { execFile } from 'node:child_process';
import { chownSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DataFolder } from './data-folder.js';
import { keptProgram } from './kept-program.js';
import { postgresBinaries, type PostgresBinaries } from './postgres-binaries.js';
import type { Progress } from './progress.js';
import type { Supervised } from './supervised.js';

const MAJOR_VERSION = '18';
const ROLE = 'mafqood';
const DATABASE = 'mafqood';

const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  // By default PostgreSQL logs the statement that failed and the values of the offending row; both can hold a child's data.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
];

export interface PostgresOptions {
  port: number;
  /** Of the cluster's one role; fixed when the cluster is made. */
  password: string;
  /** How many sessions may be open at a time; PostgreSQL's own 100 when left out. */
  maxConnections?: number;
  progress: Progress;
}

export interface Postgres {
  /** Of the database `mafqood`, as its owner and the cluster's superuser. */
  url: string;
  process: Supervised;
}

/**
 * Makes ready a real PostgreSQL that serves 127.0.0.1 alone, its cluster in the data folder. Once its process has started, the database
 * `mafqood` is there.
 */
export async function preparePostgres(
  folder: DataFolder,
  { port, password, maxConnections = 100, progress }: PostgresOptions,
): Promise<Postgres> {
  const binaries = await postgresBinaries(folder, progress);
  const cluster = join(folder.postgres, 'data');
  await makeCluster(cluster, binaries, folder, password, progress);

  const address = `postgres://${ROLE}:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const process = keptProgram(
    'postgres',
    {
      command: binaries.postgres,
      args: [
        ...['-D', cluster, '-p', String(port)],
        ...[...SETTINGS, `max_connections=${maxConnections}`].flatMap((setting) => ['-c', setting]),
      ],
      ...(folder.postgresUser ? { user: folder.postgresUser } : {}),
      // The fast shutdown: it ends the sessions that are open and leaves nothing to recover.
      stopSignal: 'SIGINT',
      // PostgreSQL would refuse to start if the number in this file had gone to another process meanwhile.
      prepare: () => rmSync(join(cluster, 'postmaster.pid'), { force: true }),
      probe: () => makeDatabase(`${address}/postgres`),
    },
    folder,
    progress,
  );
  return { url: `${address}/${DATABASE}`, process };
}

/** Makes the cluster unless it is there: elsewhere first, so that an interrupted attempt is not taken for one. */
async function makeCluster(
  cluster: string,
  { initdb }: PostgresBinaries,
  folder: DataFolder,
  password: string,
  progress: Progress,
): Promise<void> {
  if (existsSync(cluster)) {
    const version = (await readFile(join(cluster, 'PG_VERSION'), 'utf8')).trim();
    if (version === MAJOR_VERSION) return;
    throw new Error(`${cluster} was made by PostgreSQL ${version}, and this is ${MAJOR_VERSION}.`);
  }
  progress('Making the database');
  const user = folder.postgresUser;
  const unfinished = `${cluster}.unfinished`;
  const passwordFile = join(folder.postgres, 'password');
  await rm(unfinished, { recursive: true, force: true });
  try {
    writeFileSync(passwordFile, password, { mode: 0o600 });
    if (user) chownSync(passwordFile, user.uid, user.gid);
    await promisify(execFile)(
      initdb,
      [
        ...['--pgdata', unfinished, '--username', ROLE, '--pwfile', passwordFile, '--auth', 'scram-sha-256'],
        // The same rules on every platform, whatever locales it has.
        ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
      ],
      { ...user, cwd: folder.postgres, env: {} },
    );
  } catch (cause) {
    throw new Error(`PostgreSQL could not make its database in ${folder.postgres}.`, { cause });
  } finally {
    rmSync(passwordFile, { force: true });
  }
  await rename(unfinished, cluster);
}

async function makeDatabase(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
