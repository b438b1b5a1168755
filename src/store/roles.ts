import type pg from 'pg';
import { scramVerifier } from './scram-verifier.js';

/** Who may do what in a database, beside its owner. Each role is that of an address: its user, with its password. */
export interface RoleAddresses {
  /** The staff API's and the worker's: everything but to change what is there of the audit, or the tables. */
  readonly databaseUrl: string;
  /** The public site's: what the public may see, and no table. */
  readonly publicDatabaseUrl: string;
}

const PUBLIC_FUNCTIONS = ['public_image(text)', 'public_alert(text)', 'public_alert_picture(text, text)'];

/** Entries are added and read; nobody but the owner could do more, and a trigger keeps the owner from it. */
const APPEND_ONLY = ['audit_entries', 'access_entries'];

/**
 * Makes the roles, unless they are there, and lets them do what they may: all at once, so that nobody who works meanwhile is ever without.
 * @throws Error when two of the three are the same user
 */
export async function grantRoles(client: pg.Client, { databaseUrl, publicDatabaseUrl }: RoleAddresses): Promise<void> {
  const users = [databaseUrl, publicDatabaseUrl].map((url) => decodeURIComponent(new URL(url).username));
  if (users.includes('') || new Set([client.user, ...users]).size < 3) {
    throw new Error('the owner, the processes and the public site need a database user each');
  }
  await client.query('BEGIN');
  try {
    const app = await makeRole(client, databaseUrl);
    await client.query(`GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO ${app}`);
    await client.query(`GRANT DELETE ON image_addresses TO ${app}`);
    await client.query(`REVOKE UPDATE ON ${APPEND_ONLY.join(', ')} FROM ${app}`);
    await client.query(`REVOKE INSERT, UPDATE ON migrations FROM ${app}`);
    const site = await makeRole(client, publicDatabaseUrl);
    for (const its of PUBLIC_FUNCTIONS) await client.query(`GRANT EXECUTE ON FUNCTION ${its} TO ${site}`);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

/** @returns its name, as it is written in a statement */
async function makeRole(client: pg.Client, url: string): Promise<string> {
  const { username, password } = new URL(url);
  const user = decodeURIComponent(username);
  const role = client.escapeIdentifier(user);
  const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [user]);
  if (rowCount === 0) await client.query(`CREATE ROLE ${role}`);
  // As a verifier, because the server may log the statement.
  const verifier = client.escapeLiteral(scramVerifier(decodeURIComponent(password)));
  await client.query(`ALTER ROLE ${role} LOGIN PASSWORD ${verifier}`);
  await client.query(`GRANT USAGE ON SCHEMA public TO ${role}`);
  return role;
}
