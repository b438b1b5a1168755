import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { readMigrationConfig, settingsOrExit } from '../config.js';
import { MIGRATIONS } from './migrations-folder.js';
import { grantRoles, type RoleAddresses } from './roles.js';

export interface Migration extends RoleAddresses {
  /** As the owner of the tables, who may create roles and works with nothing else. */
  readonly ownerDatabaseUrl: string;
  readonly log: (line: string) => void;
}

/** Brings a database up to date. Harmless to repeat, and from several processes at once: one works while the others wait. */
export async function migrate({ ownerDatabaseUrl, log, ...roles }: Migration): Promise<void> {
  const client = new pg.Client({ connectionString: ownerDatabaseUrl, application_name: 'mafqood migration' });
  // Without a handler a connection that breaks would end the process; the query under way fails.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // The runner's own lock, taken before it does and kept until the connection ends, so that it covers the roles too.
    await client.query('SELECT pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      migrationsTable: 'migrations',
      direction: 'up',
      log,
    });
    await grantRoles(client, roles);
  } finally {
    await client.end();
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await migrate({ ...settingsOrExit(readMigrationConfig), log: console.log });
}
