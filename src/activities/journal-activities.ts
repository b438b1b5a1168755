import { ApplicationFailure } from '@temporalio/activity';
import type { CaseNumber } from '../domain/case-number.js';
import { type CaseJournal, type JournalBatch, JournalConflict } from '../ports/case-journal.js';

/** What a case writes to PostgreSQL, and asks of it. */
export interface JournalActivities {
  /** Appends a batch to the case's journal; the same batch again changes nothing. */
  readonly journal: (batch: JournalBatch) => Promise<void>;
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
    newestStoredCommand: (caseNumber) => journal.newestStoredCommand(caseNumber),
  };
}
