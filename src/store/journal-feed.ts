import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { CaseEvent } from '../domain/event.js';
import type { Instant } from '../domain/time.js';
import type { ListedStatus } from './case-filters.js';

/** That something was journalled: about which case, and what kind of thing, but nothing of the case's content. */
export interface JournalledEvent {
  /** Its place among the entries of all cases. */
  readonly position: number;
  readonly caseNumber: CaseNumber;
  readonly jurisdiction: string;
  readonly seq: number;
  readonly type: CaseEvent['type'];
  readonly at: Instant;
  /** What the case has come to by the time this is read. */
  readonly status: ListedStatus;
}

/** The entries of all journals in one order: an entry never turns up before one that was already read (see the migration). */
export interface JournalFeed {
  /** The position of the newest entry; 0 when there is none. */
  newestPosition(): Promise<number>;
  /** What was journalled after a position, oldest first. */
  journalledAfter(position: number, limit: number): Promise<JournalledEvent[]>;
  /** What was journalled in one case after a position, oldest first. */
  journalledInCaseAfter(caseNumber: CaseNumber, position: number, limit: number): Promise<JournalledEvent[]>;
}

const SELECT = `SELECT position::double precision AS position, entries.case_number AS "caseNumber", jurisdiction, seq, type, at, status
  FROM audit_entries AS entries JOIN cases ON cases.case_number = entries.case_number`;

/** Opens the journals kept in a database for reading them as one. */
export function createJournalFeed(pool: pg.Pool): JournalFeed {
  return {
    async newestPosition() {
      const { rows } = await pool.query<{ position: number }>(
        'SELECT position::double precision AS position FROM audit_entries ORDER BY audit_entries.position DESC LIMIT 1',
      );
      return rows[0]?.position ?? 0;
    },

    async journalledAfter(position, limit) {
      const { rows } = await pool.query<JournalledEvent>(
        `${SELECT} WHERE entries.position > $1 ORDER BY entries.position LIMIT $2`,
        [position, limit],
      );
      return rows;
    },

    async journalledInCaseAfter(caseNumber, position, limit) {
      const { rows } = await pool.query<JournalledEvent>(
        // A case's entries are numbered in their order, so the key leads on from an entry of its own; a position in another case's journal
        // means going through this one from its start.
        `${SELECT} WHERE entries.case_number = $1 AND entries.position > $2
           AND seq > coalesce((SELECT seq FROM audit_entries WHERE position = $2 AND case_number = $1), 0)
         ORDER BY seq LIMIT $3`,
        [caseNumber, position, limit],
      );
      return rows;
    },
  };
}
