import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { Notice } from '../domain/notice.js';
import type { Instant } from '../domain/time.js';

/** One notice to one person in one way. */
interface NoticeRecord {
  readonly id: string;
  readonly person: string;
  /** `mail`, `webhook` */
  readonly way: string;
  readonly about: Notice['subject']['about'];
  /** When it fell due. */
  readonly at: Instant;
  readonly deliveredAt: Instant | null;
  readonly attempts: number;
  /** Why the last attempt failed; null when it did not. */
  readonly lastError: string | null;
}

/** What became of notices, so that nobody is sent the same one twice. */
export interface NoticeLog {
  reached(noticeId: string): Promise<Pick<NoticeRecord, 'person' | 'way'>[]>;
  recordDelivered(notice: Notice, person: string, way: string): Promise<void>;
  /** @param errorCode stable and free of personal data: `smtp/451`, `webhook/timeout` */
  recordFailed(notice: Notice, person: string, way: string, errorCode: string): Promise<void>;
  /** Oldest first. */
  listNotices(caseNumber: CaseNumber): Promise<NoticeRecord[]>;
}

/** Opens the log kept in a database. */
export function createNoticeLog(pool: pg.Pool): NoticeLog {
  async function record(notice: Notice, person: string, way: string, errorCode: string | null): Promise<void> {
    const { id, caseNumber, subject, at } = notice;
    // A delivery is for good: an attempt that failed beside it does not undo it.
    await pool.query({
      name: 'record notice',
      text: `INSERT INTO notices AS notice (id, person, way, case_number, about, at, attempts, last_error, delivered_at)
       VALUES ($1, $2, $3, $4, $5, $6, 1, $7, CASE WHEN $7::text IS NULL THEN now() END)
       ON CONFLICT (id, person, way) DO UPDATE SET
         attempts = notice.attempts + 1,
         last_error = excluded.last_error,
         delivered_at = excluded.delivered_at
       WHERE notice.delivered_at IS NULL`,
      values: [id, person, way, caseNumber, subject.about, new Date(at), errorCode],
    });
  }

  return {
    async reached(noticeId) {
      const { rows } = await pool.query<Pick<NoticeRecord, 'person' | 'way'>>({
        name: 'find notice',
        text: 'SELECT person, way FROM notices WHERE id = $1 AND delivered_at IS NOT NULL',
        values: [noticeId],
      });
      return rows;
    },

    recordDelivered: (notice, person, way) => record(notice, person, way, null),
    recordFailed: (notice, person, way, errorCode) => record(notice, person, way, errorCode),

    async listNotices(caseNumber) {
      const { rows } = await pool.query<NoticeRecord>(
        `SELECT id, person, way, about, at, delivered_at AS "deliveredAt", attempts, last_error AS "lastError"
         FROM notices WHERE case_number = $1 ORDER BY at, id, person, way`,
        [caseNumber],
      );
      return rows;
    },
  };
}
