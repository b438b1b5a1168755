import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Role } from '../domain/command.js';

/**
 * The staff of the embedded stack: the people whom the shipped policy names, and operators to report. Of all jurisdictions, whichever the
 * policy has.
 */
const STAFF: readonly { id: string; name: string; role: Role }[] = [
  { id: 'operator-1', name: 'Operator 1', role: 'operator' },
  { id: 'operator-2', name: 'Operator 2', role: 'operator' },
  { id: 'supervisor-1', name: 'Supervisor 1', role: 'supervisor' },
  { id: 'supervisor-2', name: 'Supervisor 2', role: 'supervisor' },
  { id: 'supervisor-3', name: 'Supervisor 3', role: 'supervisor' },
  { id: 'admin-1', name: 'Administrator 1', role: 'administrator' },
  { id: 'admin-2', name: 'Administrator 2', role: 'administrator' },
];

const secretsSchema = z.object({
  /** The owner's of all. */
  databasePassword: z.string(),
  /** The staff API's and the worker's. */
  appDatabasePassword: z.string(),
  publicDatabasePassword: z.string(),
  webhookSecret: z.string(),
  /** Signs what the partner desk is handed. */
  partnerSecret: z.string(),
  /** Signs the links that the partner desk answers by. */
  deskSecret: z.string(),
  /** Bearer tokens by staff id. */
  tokens: z.record(z.string(), z.string()),
});

/** Drawn once for a data folder and kept in it. */
export interface Secrets extends z.infer<typeof secretsSchema> {
  /** The file from which the staff API reads who may call it. */
  staffFile: string;
}

/** Reads the folder's secrets, after drawing those it does not have yet. Only the owner can read the files. */
export function openSecrets(dataFolder: string): Secrets {
  const file = join(dataFolder, 'secrets.json');
  const known = existsSync(file) ? secretsSchema.partial().parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const secrets = {
    databasePassword: known.databasePassword ?? draw(),
    appDatabasePassword: known.appDatabasePassword ?? draw(),
    publicDatabasePassword: known.publicDatabasePassword ?? draw(),
    webhookSecret: known.webhookSecret ?? draw(),
    partnerSecret: known.partnerSecret ?? draw(),
    deskSecret: known.deskSecret ?? draw(),
    tokens: Object.fromEntries(STAFF.map(({ id }) => [id, known.tokens?.[id] ?? draw()])),
  };
  const staffFile = join(dataFolder, 'staff.json');
  writeWhole(file, secrets);
  writeWhole(
    staffFile,
    // Nobody has a second factor on a machine on which whoever reads this file is everybody.
    STAFF.map((person) => ({ ...person, jurisdictions: 'all', token: secrets.tokens[person.id], secondFactor: true })),
  );
  return { ...secrets, staffFile };
}

function draw(): string {
  return randomBytes(32).toString('base64url');
}

/** All or nothing: a kill must not leave half of the password of a database that exists. */
function writeWhole(file: string, content: unknown): void {
  const partial = `${file}.partial`;
  writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(partial, file);
}
