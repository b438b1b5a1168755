import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PG_MIGRATE_LOCK_ID, runner } from 'node-pg-migrate';
import pg from 'pg';
import { readMigrationConfig, settingsOrExit } from '../config.js';
import { MIGRATIONS } from './migrations-folder.js';
import { scramVerifier } from './scram-verifier.js';

export interface Migration {
  /** The owner of the tables; may create roles. */
  readonly databaseUrl: string;
  /** The public site's: its user is made, with this password, and may read what the public may see and nothing else. */
  readonly publicDatabaseUrl: string;
  readonly log: (line: string) => void;
}

/** Brings a database up to date. Harmless to repeat, and from several processes at once: one works while the others wait. */
export async function migrate({ databaseUrl, publicDatabaseUrl, log }: Migration): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'mafqood migration' });
  // Without a handler a connection that breaks would end the process; the query under way fails.
  client.on('error', () => undefined);
  await client.connect();
  try {
    // The runner's own lock, taken before it does and kept until the connection ends, so that it covers the role too.
    await client.query('SELECT pg_advisory_lock($1)', [PG_MIGRATE_LOCK_ID]);
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      migrationsTable: 'migrations',
      direction: 'up',
      log,
    });
    await grantPublic(client, new URL(publicDatabaseUrl));
  } finally {
    await client.end();
  }
}

async function grantPublic(client: pg.Client, publicUrl: URL): Promise<void> {
  const user = decodeURIComponent(publicUrl.username);
  if (user === '' || user === client.user) throw new Error('the public site needs a database user of its own');
  const role = client.escapeIdentifier(user);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  // As a verifier, because the server may log the statement.
  const verifier = client.escapeLiteral(scramVerifier(decodeURIComponent(publicUrl.password)));
  await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${verifier}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  for (const its of ['public_image(text)', 'public_alert(text)', 'public_alert_picture(text, text)']) {
    await client.query(`GRANT EXECUTE ON FUNCTION ${its} TO ${role}`);
  }
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await migrate({ ...settingsOrExit(readMigrationConfig), log: console.log });
}
