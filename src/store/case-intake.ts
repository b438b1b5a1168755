import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { SignalName } from '../domain/command.js';
import type { TierPolicy } from '../domain/policy.js';
import { isInScope, type Scope } from '../domain/scope.js';
import { CaseUnknown, claimKey, type CommandSender, insertCommand } from './command-intake.js';
import { draftOf, insertContent, type NewContent } from './content-intake.js';
import { inScope, scopeValue } from './scope-condition.js';
import type { Sighting } from './sightings.js';
import type { ReportPayload, SignalPayload, StoredCommand } from './stored-command.js';
import { inTransaction } from './transaction.js';

/** A validated report with everything that follows from it, ready to be stored: revision 1 of a new case. */
export interface NewReport extends CommandSender, NewContent {
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  /** The ended case whose content it is, where it is a reissue. */
  readonly reissueOf?: CaseNumber | undefined;
}

/** A validated command on a case. */
export interface NewCommand extends CommandSender {
  readonly kind: SignalName;
  readonly payload: SignalPayload;
  /** Free text. It stays in PostgreSQL; the workflow gets its salted digest. */
  readonly note?: string | undefined;
  /** What a sighting tells. It stays in PostgreSQL too, and the digest is taken of it in place of a note. */
  readonly sighting?: Sighting | undefined;
}

/** The commands that bring a new revision. */
export type RevisionKind = 'resubmit' | 'amend';

/** A validated command that brings a new revision of a case, rendered under the number after the highest stored one. */
export interface NewRevision extends CommandSender, NewContent {
  readonly kind: RevisionKind;
  readonly note?: string | undefined;
}

/**
 * Takes in reports and commands of somebody, who sees and works on what is in their scope: what it has returned for is stored, and is
 * never lost.
 */
export interface CaseIntake {
  /**
   * Stores a report, and with it a case: all of it or nothing.
   * @throws CaseNumberTaken when the number is in use: try again with another
   * @throws IdempotencyKeyReused
   * @throws CaseUnknown when it was stored under this key before and is out of scope by now
   * @throws RangeError when the jurisdiction is out of scope: whoever takes a report in has to say so better, and before
   */
  storeReport(report: NewReport): Promise<StoredCommand>;
  /**
   * Stores a command and gives it the next number of its case.
   * @throws CaseUnknown when there is no such case
   * @throws IdempotencyKeyReused
   */
  storeCommand(command: NewCommand): Promise<StoredCommand>;
  /**
   * Stores a revision with the command that brings it: all of it or nothing.
   * @throws CaseUnknown when there is no such case
   * @throws RevisionTaken when its number is in use by now: render it again under the next one
   * @throws IdempotencyKeyReused
   */
  storeRevisionCommand(command: NewRevision): Promise<StoredCommand>;
}

/** The case number is in use. */
export class CaseNumberTaken extends Error {
  override readonly name = 'CaseNumberTaken';

  constructor() {
    super('the case number is in use');
  }
}

/** Opens the way into a database, for what is within a scope. */
export function createCaseIntake(pool: pg.Pool, scope: Scope): CaseIntake {
  /** Stores what came under a key, once. */
  const once = (
    sender: CommandSender,
    store: (client: pg.ClientBase) => Promise<StoredCommand>,
  ): Promise<StoredCommand> =>
    inTransaction(pool, async (client) => (await claimKey(client, scope, sender)) ?? (await store(client)));

  return {
    storeReport: (report) =>
      once(report, async (client) => {
        if (!isInScope(scope, report.report.jurisdiction)) throw new RangeError('the jurisdiction is out of scope');
        await insertCase(client, report);
        await insertContent(client, report.actor, report);
        const { tier, runKind, jurisdiction } = report.report;
        const { policyVersion, policy, reissueOf = null } = report;
        const draft = { policyVersion, policy, revision: draftOf(report) };
        const payload: ReportPayload = { tier, runKind, jurisdiction, reissueOf, ...draft };
        return insertCommand(client, scope, { ...report, kind: reissueOf === null ? 'report' : 'reissue', payload });
      }),

    storeCommand: (command) => once(command, (client) => insertCommand(client, scope, command)),

    storeRevisionCommand: (command) =>
      once(command, async (client) => {
        const { rowCount } = await client.query(`SELECT FROM cases WHERE case_number = $1 AND ${inScope('$2')}`, [
          command.caseNumber,
          scopeValue(scope),
        ]);
        if (rowCount === 0) throw new CaseUnknown();
        await insertContent(client, command.actor, command);
        return insertCommand(client, scope, { ...command, payload: { revision: draftOf(command) } });
      }),
  };
}

async function insertCase(
  client: pg.ClientBase,
  { caseNumber, actor, report, revision: { manifest, digest }, reissueOf }: NewReport,
): Promise<void> {
  const { rowCount } = await client.query(
    `INSERT INTO cases (case_number, tier, run_kind, jurisdiction, reissue_of, reported_by, reported_at,
       newest_command, revision, digest, revision_author, radius_km, updated_at)
     VALUES ($1, $2, $3, $4, $5, $6, now(), 0, $7, $8, $6, $9, now())
     ON CONFLICT DO NOTHING`,
    [
      caseNumber,
      report.tier,
      report.runKind,
      report.jurisdiction,
      reissueOf,
      actor,
      manifest.revision,
      digest,
      manifest.area.radiusKm,
    ],
  );
  if (rowCount === 0) throw new CaseNumberTaken();
}
