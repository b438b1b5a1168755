import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { CaseEvent } from '../domain/event.js';
import type { Scope } from '../domain/scope.js';
import type { Instant } from '../domain/time.js';
import type { ListedStatus } from './case-filters.js';
import { inScope, scopeValue } from './scope-condition.js';

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

/** What was journalled over some way, oldest first, and where it leads on. */
export interface JournalStretch {
  readonly events: readonly JournalledEvent[];
  /** Up to here nothing more is to be read. */
  readonly reached: number;
  /** Whether more may be there already. */
  readonly more: boolean;
}

/** The entries of the journals in one order: an entry never turns up before one that was already read (see the migration). */
export interface JournalFeed {
  /** The position of the newest entry, whichever case it is of; 0 when there is none. */
  newestPosition(): Promise<number>;
  /** What was journalled after a position, looking at no more than `limit` entries: of them, those of cases that are out of scope are left out. */
  journalledAfter(position: number, limit: number): Promise<JournalStretch>;
  /** What was journalled in one case after a position. */
  journalledInCaseAfter(caseNumber: CaseNumber, position: number, limit: number): Promise<JournalStretch>;
}

const COLUMNS = `position::double precision AS position, entries.case_number AS "caseNumber", jurisdiction, seq, type, at, status`;

/** Opens the journals kept in a database, of the cases within a scope, for reading them as one. */
export function createJournalFeed(pool: pg.Pool, scope: Scope): JournalFeed {
  return {
    async newestPosition() {
      const { rows } = await pool.query<{ position: number }>(
        'SELECT position::double precision AS position FROM audit_entries ORDER BY audit_entries.position DESC LIMIT 1',
      );
      return rows[0]?.position ?? 0;
    },

    async journalledAfter(position, limit) {
      const { rows } = await pool.query<
        JournalledEvent | (Pick<JournalledEvent, 'position'> & { readonly jurisdiction: null })
      >(
        // What is out of scope is looked at too, so that the limit bounds the work, and only shows how far it went.
        `SELECT ${COLUMNS}
         FROM (SELECT * FROM audit_entries WHERE audit_entries.position > $1 ORDER BY audit_entries.position LIMIT $2) AS entries
           LEFT JOIN cases ON cases.case_number = entries.case_number AND ${inScope('$3')}
         ORDER BY entries.position`,
        [position, limit, scopeValue(scope)],
      );
      return {
        events: rows.filter((row) => row.jurisdiction !== null),
        reached: rows.at(-1)?.position ?? position,
        more: rows.length === limit,
      };
    },

    async journalledInCaseAfter(caseNumber, position, limit) {
      const { rows } = await pool.query<JournalledEvent>(
        // A case's entries are numbered in their order, so the key leads on from an entry of its own; a position in another case's journal
        // means going through this one from its start.
        `SELECT ${COLUMNS} FROM audit_entries AS entries JOIN cases ON cases.case_number = entries.case_number
         WHERE entries.case_number = $1 AND entries.position > $2 AND ${inScope('$4')}
           AND seq > coalesce((SELECT seq FROM audit_entries WHERE position = $2 AND case_number = $1), 0)
         ORDER BY seq LIMIT $3`,
        [caseNumber, position, limit, scopeValue(scope)],
      );
      return { events: rows, reached: rows.at(-1)?.position ?? position, more: rows.length === limit };
    },
  };
}
