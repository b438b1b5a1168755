import pg from 'pg';
import { entryHash } from '../audit/chain.js';
import type { CaseStatus } from '../domain/case.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { CommandKind, Role } from '../domain/command.js';
import type { JournalEntry } from '../domain/event.js';
import type { RefusalCode } from '../domain/refusal.js';
import type { Sha256 } from '../domain/revision.js';
import { type Instant, type Milliseconds, SECOND } from '../domain/time.js';
import { announcements, JOURNAL_CHANNEL } from './journal-entry.js';
import type { CommandOutcome, PendingCommand } from './stored-command.js';
import { transact } from './transaction.js';

/** What may be done for a case while its lock is held. */
interface DeliverySession {
  /** The commands that have no outcome yet and were not handed over a moment ago, in the order in which they were stored. */
  pending(): Promise<PendingCommand[]>;
  /** Records that a command was handed to the workflow. It is delivered again should no outcome arrive. */
  markDelivered(commandId: string): Promise<void>;
  /** The case's status in the read model; `accepted` before its first journal entries. */
  caseStatus(): Promise<CaseStatus | 'accepted'>;
  /** Shows in the lists that somebody has to look at the case. */
  needsAttention(): Promise<void>;
  /** Answers a command in place of a workflow that has closed: outcome and audit entry. A command that has its answer keeps it. */
  refuse(commandId: string, code: RefusalCode): Promise<void>;
}

/** Stored commands on their way to the workflows. */
export interface DeliveryQueue {
  /**
   * Runs `work` while nobody else delivers for the case.
   * @throws CaseLockBusy when somebody else held the lock for 10 seconds
   */
  withCaseLock<T>(caseNumber: CaseNumber, work: (session: DeliverySession) => Promise<T>): Promise<T>;
  /**
   * The cases with a command that has no outcome and was never delivered, or not within the last `undeliveredFor` ms. Those that wait
   * longest come first.
   */
  casesToDeliver(since: { readonly undeliveredFor: Milliseconds }): Promise<CaseNumber[]>;
}

/** Somebody else is delivering for the case, and takes long. */
export class CaseLockBusy extends Error {
  override readonly name = 'CaseLockBusy';

  constructor() {
    super('somebody else is delivering for the case');
  }
}

/**
 * Opens the queue of the commands kept in a database. It holds a connection for as long as it delivers: where commands are stored
 * too, it needs a pool of its own, or storing would wait for Temporal.
 */
export function createDeliveryQueue(pool: pg.Pool): DeliveryQueue {
  return {
    async withCaseLock(caseNumber, work) {
      const client = await pool.connect();
      try {
        await lock(client, caseNumber);
        return await work(createSession(client, caseNumber));
      } finally {
        // The lock goes with its connection: one that cannot be unlocked is closed.
        client.release(!(await unlock(client)));
      }
    },

    async casesToDeliver({ undeliveredFor }) {
      const { rows } = await pool.query<{ caseNumber: CaseNumber }>(
        `SELECT case_number AS "caseNumber" FROM commands
         WHERE outcome IS NULL
         GROUP BY case_number
         HAVING bool_or(delivered_at IS NULL OR delivered_at < now() - $1 * interval '1 millisecond')
         ORDER BY min(stored_at)`,
        [undeliveredFor],
      );
      return rows.map(({ caseNumber }) => caseNumber);
    },
  };
}

/** What was handed to the workflow is not handed over again with whatever is stored next: its outcome is still to be written. */
const ON_ITS_WAY_FOR: Milliseconds = 10 * SECOND;

const LOCK_NOT_AVAILABLE = '55P03';

/** Waits no longer than the pool's time-out for locks. */
async function lock(client: pg.ClientBase, caseNumber: CaseNumber): Promise<void> {
  try {
    await client.query({
      name: 'lock delivery',
      text: `SELECT pg_advisory_lock(hashtextextended('delivery of ' || $1, 0))`,
      values: [caseNumber],
    });
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE) throw new CaseLockBusy();
    throw error;
  }
}

async function unlock(client: pg.ClientBase): Promise<boolean> {
  try {
    await client.query('SELECT pg_advisory_unlock_all()');
    return true;
  } catch {
    return false;
  }
}

function createSession(client: pg.ClientBase, caseNumber: CaseNumber): DeliverySession {
  return {
    async pending() {
      const { rows } = await client.query<PendingCommand>({
        name: 'pending commands',
        text: `SELECT command_id AS "commandId", case_number AS "caseNumber", number, kind, actor, role, payload,
           stored_at AS "storedAt", note_digest AS "noteDigest", delivered_at AS "deliveredAt"
         FROM commands
         WHERE case_number = $1 AND outcome IS NULL
           AND (delivered_at IS NULL OR delivered_at < now() - $2 * interval '1 millisecond')
         ORDER BY number`,
        values: [caseNumber, ON_ITS_WAY_FOR],
      });
      return rows;
    },

    async markDelivered(commandId) {
      await client.query({
        name: 'mark delivered',
        text: `UPDATE commands SET delivered_at = now(), deliveries = deliveries + 1
         WHERE case_number = $1 AND command_id = $2`,
        values: [caseNumber, commandId],
      });
    },

    async caseStatus() {
      const { rows } = await client.query<{ status: CaseStatus | 'accepted' }>(
        'SELECT status FROM cases WHERE case_number = $1',
        [caseNumber],
      );
      return rows[0]?.status ?? 'accepted';
    },

    async needsAttention() {
      await client.query('UPDATE cases SET needs_attention = true WHERE case_number = $1', [caseNumber]);
    },

    refuse: (commandId, code) => transact(client, () => refuse(client, caseNumber, commandId, code)),
  };
}

interface UndecidedCommand {
  readonly seq: number;
  readonly at: Instant;
  readonly number: number;
  readonly kind: CommandKind;
  readonly actor: string;
  readonly role: Role;
  readonly noteDigest: Sha256 | null;
}

async function refuse(
  client: pg.ClientBase,
  caseNumber: CaseNumber,
  commandId: string,
  code: RefusalCode,
): Promise<void> {
  await client.query('SELECT FROM cases WHERE case_number = $1 FOR NO KEY UPDATE', [caseNumber]);
  const { rows } = await client.query<UndecidedCommand>(
    `SELECT journal_seq + 1 AS seq, now()::timestamptz(3) AS at, number, kind, actor, role, note_digest AS "noteDigest"
     FROM commands JOIN cases USING (case_number)
     WHERE case_number = $1 AND command_id = $2 AND outcome IS NULL`,
    [caseNumber, commandId],
  );
  const [command] = rows;
  if (command === undefined) return;
  const { seq, at, kind, ...sender } = command;
  const event: JournalEntry['event'] = {
    type: 'commandRefused',
    commandId,
    command: kind,
    ...sender,
    code,
    problem: null,
  };
  const outcome: CommandOutcome = { accepted: false, code, problem: null };
  const decidedAt = new Date(at);
  await client.query(
    `WITH audit AS (
       INSERT INTO audit_entries (case_number, seq, at, type, event, hash, chain)
       SELECT $1, $2, $3, $4, $5, $6, next_link(journal_chain, case_chain_start($1), $6)
       FROM cases WHERE case_number = $1
       RETURNING chain
     ), answer AS (
       UPDATE commands SET outcome = $7, decided_at = $3 WHERE case_number = $1 AND command_id = $8
     )
     UPDATE cases SET journal_seq = $2, journal_chain = (SELECT chain FROM audit), updated_at = $3 WHERE case_number = $1
     RETURNING (SELECT count(pg_notify($9, announcement)) FROM unnest($10::text[]) AS announcement)`,
    [
      caseNumber,
      seq,
      decidedAt,
      event.type,
      event,
      entryHash({ seq, at, event }),
      outcome,
      commandId,
      JOURNAL_CHANNEL,
      announcements({ caseNumber, seq, commandIds: [commandId] }),
    ],
  );
}
