import { ApplicationFailure } from '@temporalio/activity';
import type { CaseStatus } from '../domain/case.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { JournalEntry } from '../domain/event.js';
import { type CaseJournal, type JournalBatch, JournalConflict } from '../ports/case-journal.js';

/** What a batch brought into the journal, as it stands in the history. */
export interface Journalled {
  readonly status: CaseStatus;
  readonly entries: readonly JournalEntry[];
}

/** What a case writes to PostgreSQL, and asks of it. */
export interface JournalActivities {
  /** Appends a batch to the case's journal; the same batch again changes nothing. */
  readonly journal: (batch: JournalBatch) => Promise<void>;
  /**
   * The same as a local activity, with one attempt.
   * @returns what it was given and wrote: of a local activity the history keeps the result alone
   */
  readonly journalAtOnce: (batch: JournalBatch) => Promise<Journalled>;
  /** The number of the newest stored command of a case. */
  readonly newestStoredCommand: (caseNumber: CaseNumber) => Promise<number>;
}

/** Makes the activities over the journal. */
export function createJournalActivities({ journal }: { readonly journal: CaseJournal }): JournalActivities {
  return {
    async journal(batch) {
      try {
        await journal.append(batch);
      } catch (error) {
        if (!(error instanceof JournalConflict)) throw error;
        // Trying again soon cannot mend it, and giving up would lose the record: it waits, in plain sight of the Temporal UI.
        throw ApplicationFailure.create({
          type: `journal/${error.reason}`,
          message: error.message,
          nextRetryDelay: '1 minute',
        });
      }
    },
    async journalAtOnce(batch) {
      await journal.append(batch);
      return { status: batch.view.status, entries: batch.entries };
    },
    newestStoredCommand: (caseNumber) => journal.newestStoredCommand(caseNumber),
  };
}
