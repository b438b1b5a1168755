import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/store/migrate.js';
import { type DatabaseServer, type DatabaseUrls, startDatabaseServer } from './database.js';

let server: DatabaseServer;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

const silent = (): void => undefined;

async function queryAs(databaseUrl: string, sql: string): Promise<pg.QueryResult<{ name: string }>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await client.query<{ name: string }>(sql);
  } finally {
    await client.end();
  }
}

const appliedTo = async ({ ownerDatabaseUrl }: DatabaseUrls): Promise<string[]> =>
  (await queryAs(ownerDatabaseUrl, 'SELECT name FROM migrations ORDER BY id')).rows.map(({ name }) => name);

test('several processes may migrate one database at the same time, and again later', async () => {
  const empty = await server.newEmptyDatabase();
  await Promise.all(Array.from({ length: 4 }, () => migrate({ ...empty, log: silent })));
  await migrate({ ...empty, log: silent });
  const applied = await appliedTo(empty);
  expect(applied).toContain('0001_cases');
  expect(new Set(applied).size).toBe(applied.length);
});

test('it runs as a command, and no password is in what it prints', async () => {
  const empty = await server.newEmptyDatabase();
  const script = fileURLToPath(new URL('../../src/store/migrate.ts', import.meta.url));
  const { PATH } = process.env;
  const command = spawn(process.execPath, ['--import', 'tsx', script], {
    env: {
      PATH,
      MAFQOOD_OWNER_DATABASE_URL: empty.ownerDatabaseUrl,
      MAFQOOD_DATABASE_URL: empty.databaseUrl,
      MAFQOOD_PUBLIC_DATABASE_URL: empty.publicDatabaseUrl,
    },
  });
  let printed = '';
  for (const stream of [command.stdout, command.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const [code] = (await once(command, 'close')) as [number];
  expect(code).toBe(0);
  expect(printed).toContain('0001_cases');
  expect(printed).not.toMatch(/owner-test|app-test|public-test/);
  expect(await appliedTo(empty)).toContain('0001_cases');
}, 30_000);

test('the public site has a role of its own, whose password follows the configuration', async () => {
  const database = await server.newEmptyDatabase();
  await migrate({ ...database, log: silent });
  const changed = new URL(database.publicDatabaseUrl);
  changed.password = encodeURIComponent("new 'password' : @/ é");
  await migrate({ ...database, publicDatabaseUrl: changed.href, log: silent });
  expect((await queryAs(changed.href, 'SELECT current_user AS name')).rows).toEqual([{ name: 'mafqood_public' }]);
  await expect(queryAs(database.publicDatabaseUrl, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });

  await migrate({ ...database, log: silent });
});

test('the owner, the processes and the public site cannot be one database user', async () => {
  const database = await server.newEmptyDatabase();
  const { ownerDatabaseUrl, databaseUrl } = database;
  for (const shared of [{ databaseUrl: ownerDatabaseUrl }, { publicDatabaseUrl: databaseUrl }]) {
    await expect(migrate({ ...database, ...shared, log: silent })).rejects.toThrow('a database user each');
  }
});

test('an owner who is no superuser can migrate, and the role that the processes get cannot change the audit', async () => {
  const { ownerDatabaseUrl } = await server.newEmptyDatabase();
  await queryAs(ownerDatabaseUrl, `CREATE ROLE plain_owner LOGIN CREATEROLE PASSWORD 'plain'`);
  const name = new URL(ownerDatabaseUrl).pathname.slice(1);
  await queryAs(ownerDatabaseUrl, `ALTER DATABASE ${name} OWNER TO plain_owner`);
  const urlAs = (username: string): string =>
    Object.assign(new URL(ownerDatabaseUrl), { username, password: 'plain' }).href;
  const urls = { databaseUrl: urlAs('plain_app'), publicDatabaseUrl: urlAs('plain_public') };
  const migrating = { ownerDatabaseUrl: urlAs('plain_owner'), ...urls, log: silent };
  await migrate(migrating);
  await migrate(migrating);
  await queryAs(urls.databaseUrl, 'SELECT FROM audit_entries');
  await queryAs(urls.databaseUrl, 'UPDATE cases SET journal_seq = 1');
  const denied = { code: '42501' };
  for (const table of ['audit_entries', 'access_entries']) {
    await expect(queryAs(urls.databaseUrl, `UPDATE ${table} SET at = now()`)).rejects.toMatchObject(denied);
    await expect(queryAs(urls.databaseUrl, `DELETE FROM ${table}`)).rejects.toMatchObject(denied);
    await expect(queryAs(urls.publicDatabaseUrl, `SELECT FROM ${table}`)).rejects.toMatchObject(denied);
  }
});
