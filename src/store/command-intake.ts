import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { CommandKind, Role } from '../domain/command.js';
import { canonicalJson, type Sha256 } from '../domain/revision.js';
import type { Scope } from '../domain/scope.js';
import type { Instant } from '../domain/time.js';
import { sha256 } from '../media/sha256.js';
import { inScope, scopeValue } from './scope-condition.js';
import { insertSighting, type Sighting } from './sightings.js';
import type { ReportPayload, SignalPayload, StoredCommand } from './stored-command.js';

/** What a client may send twice and mean once. */
export interface Idempotency {
  readonly key: string;
  /** SHA-256 over the whole request, its route included: the same key with another fingerprint is a mistake of the client's. */
  readonly fingerprint: Sha256;
}

/** Who asks, by which command, of which case. */
export interface CommandSender {
  readonly caseNumber: CaseNumber;
  readonly commandId: string;
  readonly actor: string;
  readonly role: Role;
  readonly idempotency?: Idempotency | undefined;
}

/** There is no such case, or not for who asks. */
export class CaseUnknown extends Error {
  override readonly name = 'CaseUnknown';

  constructor() {
    super('there is no such case');
  }
}

/** The idempotency key came before, with another request. */
export class IdempotencyKeyReused extends Error {
  override readonly name = 'IdempotencyKeyReused';

  constructor() {
    super('the idempotency key was used for another request');
  }
}

/**
 * Takes the idempotency key, if there is one, and returns what was stored under it before. Of two requests with one key the second
 * waits here until the first is stored, or takes the key if that fails.
 * @throws CaseUnknown when what was stored under it is out of the sender's scope by now
 * @throws IdempotencyKeyReused
 */
export async function claimKey(
  client: pg.ClientBase,
  scope: Scope,
  { idempotency, actor, caseNumber, commandId }: CommandSender,
): Promise<StoredCommand | undefined> {
  if (!idempotency) return undefined;
  const { key, fingerprint } = idempotency;
  const claimed = await client.query(
    `INSERT INTO idempotency_keys (actor, key, fingerprint, case_number, command_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [actor, key, fingerprint, caseNumber, commandId],
  );
  if (claimed.rowCount === 1) return undefined;
  const { rows } = await client.query<Omit<StoredCommand, 'replayed'> & { readonly isInScope: boolean }>(
    `SELECT command_id AS "commandId", case_number AS "caseNumber", number, stored_at AS "storedAt", ${inScope('$4')} AS "isInScope"
     FROM idempotency_keys JOIN commands USING (case_number, command_id) JOIN cases USING (case_number)
     WHERE idempotency_keys.actor = $1 AND key = $2 AND fingerprint = $3`,
    [actor, key, fingerprint, scopeValue(scope)],
  );
  const [first] = rows;
  if (!first) throw new IdempotencyKeyReused();
  const { isInScope, ...stored } = first;
  if (!isInScope) throw new CaseUnknown();
  return { ...stored, replayed: true };
}

/**
 * Stores a command under the next number of its case. One statement, so that counting and storing cannot come apart: the case's row is
 * locked until the transaction ends.
 * @throws CaseUnknown
 */
export async function insertCommand(
  client: pg.ClientBase,
  scope: Scope,
  command: CommandSender & {
    readonly kind: CommandKind;
    readonly payload: ReportPayload | SignalPayload;
    readonly note?: string | undefined;
    readonly sighting?: Sighting | undefined;
  },
): Promise<StoredCommand> {
  const { caseNumber, commandId, kind, actor, role, payload, note, sighting } = command;
  const words = sighting ? canonicalJson(sighting) : note;
  const salt = words === undefined ? undefined : randomBytes(32).toString('hex');
  const { rows } = await client.query<{ number: number; storedAt: Instant }>({
    name: 'store command',
    text: `WITH counted AS (
       UPDATE cases SET newest_command = newest_command + 1 WHERE case_number = $1 AND ${inScope('$10')}
       RETURNING newest_command, reported_at
     )
     INSERT INTO commands (case_number, command_id, number, source, kind, actor, role, payload,
       note, note_salt, note_digest, stored_at)
     SELECT $1, $2, newest_command, 'api', $3, $4, $5, $6, $7, $8, $9,
       -- The first is the report, stored with its case.
       CASE newest_command WHEN 1 THEN reported_at ELSE clock_timestamp() END
     FROM counted
     RETURNING number, stored_at AS "storedAt"`,
    values: [
      caseNumber,
      commandId,
      kind,
      actor,
      role,
      payload,
      note,
      salt,
      salt === undefined || words === undefined ? undefined : sha256(salt + words),
      scopeValue(scope),
    ],
  });
  const [stored] = rows;
  if (!stored) throw new CaseUnknown();
  if (sighting) await insertSighting(client, command, sighting);
  return { commandId, caseNumber, ...stored, replayed: false };
}
