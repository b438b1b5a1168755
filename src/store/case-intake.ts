import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { CommandKind, Role, SignalName } from '../domain/command.js';
import type { TierPolicy } from '../domain/policy.js';
import type { Report } from '../domain/report.js';
import type { Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';
import type { IntakePhoto } from '../media/photo.js';
import type { RenderedRevision } from '../media/render-revision.js';
import { sha256 } from '../media/sha256.js';
import type { ReportPayload, SignalPayload, StoredCommand } from './stored-command.js';
import { inTransaction } from './transaction.js';

/** What a client may send twice and mean once. */
export interface Idempotency {
  readonly key: string;
  /** SHA-256 over the whole request, its route included: the same key with another fingerprint is a mistake of the client's. */
  readonly fingerprint: Sha256;
}

/** A validated report with everything that follows from it, ready to be stored. */
export interface NewReport {
  readonly caseNumber: CaseNumber;
  readonly commandId: string;
  readonly actor: string;
  readonly role: Role;
  readonly report: Report;
  /** The photo that the images were made of. */
  readonly photo: IntakePhoto;
  /** Revision 1. */
  readonly revision: RenderedRevision;
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  readonly idempotency?: Idempotency | undefined;
}

/** A validated command on a case. */
export interface NewCommand {
  readonly caseNumber: CaseNumber;
  readonly commandId: string;
  readonly kind: SignalName;
  readonly actor: string;
  readonly role: Role;
  readonly payload: SignalPayload;
  /** Free text. It stays in PostgreSQL; the workflow gets its salted digest. */
  readonly note?: string | undefined;
  readonly idempotency?: Idempotency | undefined;
}

/** Takes in reports and commands: what it has returned for is stored, and is never lost. */
export interface CaseIntake {
  /**
   * Stores a report, and with it a case: all of it or nothing.
   * @throws CaseNumberTaken when the number is in use: try again with another
   * @throws IdempotencyKeyReused
   */
  storeReport(report: NewReport): Promise<StoredCommand>;
  /**
   * Stores a command and gives it the next number of its case.
   * @throws CaseUnknown when there is no such case
   * @throws IdempotencyKeyReused
   */
  storeCommand(command: NewCommand): Promise<StoredCommand>;
}

/** The case number is in use. */
export class CaseNumberTaken extends Error {
  override readonly name = 'CaseNumberTaken';

  constructor() {
    super('the case number is in use');
  }
}

/** There is no such case. */
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

/** Opens the way into a database. */
export function createCaseIntake(pool: pg.Pool): CaseIntake {
  return {
    storeReport: (report) =>
      inTransaction(pool, async (client) => {
        const before = await claimKey(client, report);
        if (before) return before;
        const { revision, photo } = report;
        await insertCase(client, report);
        await insertReport(client, report);
        await client.query(
          'INSERT INTO photos (case_number, bytes, sha256, width, height) VALUES ($1, $2, $3, $4, $5)',
          [report.caseNumber, photo.bytes, photo.sha256, photo.width, photo.height],
        );
        await insertRevision(client, report.actor, revision);
        const payload: ReportPayload = {
          tier: report.report.tier,
          runKind: report.report.runKind,
          jurisdiction: report.report.jurisdiction,
          askedRadiusKm: revision.manifest.area.radiusKm,
          policyVersion: report.policyVersion,
          policy: report.policy,
          digest: revision.digest,
        };
        return insertCommand(client, { ...report, kind: 'report', payload });
      }),

    storeCommand: (command) =>
      inTransaction(
        pool,
        async (client) => (await claimKey(client, command)) ?? (await insertCommand(client, command)),
      ),
  };
}

/**
 * Takes the idempotency key, if there is one, and returns what was stored under it before. Of two requests with one key the second
 * waits here until the first is stored, or takes the key if that fails.
 */
async function claimKey(
  client: pg.ClientBase,
  { idempotency, actor, caseNumber, commandId }: NewReport | NewCommand,
): Promise<StoredCommand | undefined> {
  if (!idempotency) return undefined;
  const { key, fingerprint } = idempotency;
  const claimed = await client.query(
    `INSERT INTO idempotency_keys (actor, key, fingerprint, case_number, command_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [actor, key, fingerprint, caseNumber, commandId],
  );
  if (claimed.rowCount === 1) return undefined;
  const { rows } = await client.query<Omit<StoredCommand, 'replayed'>>(
    `SELECT command_id AS "commandId", case_number AS "caseNumber", number, stored_at AS "storedAt"
     FROM idempotency_keys JOIN commands USING (case_number, command_id)
     WHERE idempotency_keys.actor = $1 AND key = $2 AND fingerprint = $3`,
    [actor, key, fingerprint],
  );
  const [first] = rows;
  if (!first) throw new IdempotencyKeyReused();
  return { ...first, replayed: true };
}

async function insertCase(client: pg.ClientBase, { caseNumber, actor, report, revision }: NewReport): Promise<void> {
  const { rowCount } = await client.query(
    `INSERT INTO cases (case_number, tier, run_kind, jurisdiction, reported_by, reported_at,
       newest_command, revision, digest, revision_author, updated_at)
     VALUES ($1, $2, $3, $4, $5, now(), 0, $6, $7, $5, now())
     ON CONFLICT DO NOTHING`,
    [caseNumber, report.tier, report.runKind, report.jurisdiction, actor, revision.manifest.revision, revision.digest],
  );
  if (rowCount === 0) throw new CaseNumberTaken();
}

async function insertReport(client: pg.ClientBase, { caseNumber, report }: NewReport): Promise<void> {
  const { policeOnly, ...open } = report;
  await client.query('INSERT INTO reports (case_number, public, police_only) VALUES ($1, $2, $3)', [
    caseNumber,
    open,
    policeOnly,
  ]);
}

async function insertRevision(
  client: pg.ClientBase,
  author: string,
  { manifest, digest, parts }: RenderedRevision,
): Promise<void> {
  const { caseNumber, revision } = manifest;
  await client.query(
    `INSERT INTO revisions (case_number, number, author, manifest, digest, created_at) VALUES ($1, $2, $3, $4, $5, now())`,
    [caseNumber, revision, author, manifest, digest],
  );
  await client.query(
    `INSERT INTO revision_parts (case_number, revision, name, media_type, bytes, sha256)
     SELECT $1, $2, name, media_type, bytes, sha256
     FROM unnest($3::text[], $4::text[], $5::bytea[], $6::text[]) AS part (name, media_type, bytes, sha256)`,
    [
      caseNumber,
      revision,
      parts.map(({ name }) => name),
      parts.map(({ mediaType }) => mediaType),
      parts.map(({ bytes }) => bytes),
      parts.map((part) => part.sha256),
    ],
  );
}

/** One statement, so that counting and storing cannot come apart: the case's row is locked until the transaction ends. */
async function insertCommand(
  client: pg.ClientBase,
  command: Pick<NewCommand, 'caseNumber' | 'commandId' | 'actor' | 'role' | 'note'> & {
    readonly kind: CommandKind;
    readonly payload: ReportPayload | SignalPayload;
  },
): Promise<StoredCommand> {
  const { caseNumber, commandId, kind, actor, role, payload, note } = command;
  const salt = note === undefined ? undefined : randomBytes(32).toString('hex');
  const { rows } = await client.query<{ number: number; storedAt: Instant }>(
    `WITH counted AS (
       UPDATE cases SET newest_command = newest_command + 1 WHERE case_number = $1
       RETURNING newest_command, reported_at
     )
     INSERT INTO commands (case_number, command_id, number, source, kind, actor, role, payload,
       note, note_salt, note_digest, stored_at)
     SELECT $1, $2, newest_command, 'api', $3, $4, $5, $6, $7, $8, $9,
       -- The first is the report, stored with its case.
       CASE newest_command WHEN 1 THEN reported_at ELSE clock_timestamp() END
     FROM counted
     RETURNING number, stored_at AS "storedAt"`,
    [
      caseNumber,
      commandId,
      kind,
      actor,
      role,
      payload,
      note,
      salt,
      salt === undefined || note === undefined ? undefined : sha256(salt + note),
    ],
  );
  const [stored] = rows;
  if (!stored) throw new CaseUnknown();
  return { commandId, caseNumber, ...stored, replayed: false };
}
