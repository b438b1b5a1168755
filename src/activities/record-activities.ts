import { Context } from '@temporalio/activity';
import type { Notice } from '../domain/notice.js';
import type { CaseJournal, JournalBatch } from '../ports/case-journal.js';
import type { Notifier } from '../ports/notifier.js';
import { within } from '../within.js';

/** What is not written or told by then is left to the activities that try for as long as it takes. */
const PATIENCE_MS = 2_000;

/** A notice that nobody has begun to send by then is left to them altogether: sent late here, it would be sent twice. */
const BEGUN_WITHIN_MS = PATIENCE_MS - 500;

/** What a first attempt achieved. */
export interface Recorded {
  readonly isWritten: boolean;
  /** The ids of the notices that are not known to have reached everybody. */
  readonly untold: readonly string[];
}

/** What a case does the moment something happens: writes it down and tells people of it, side by side. */
export interface RecordActivities {
  /** One attempt at a batch of the journal, and at the notices that it gives rise to if there are any. None of them waits for another, or fails with it. */
  record(batch: JournalBatch, notices: readonly Notice[]): Promise<Recorded>;
}

/** Makes the activity over the journal and the notifier. */
export function createRecordActivities({
  journal,
  notifier,
}: {
  readonly journal: CaseJournal;
  readonly notifier: Notifier;
}): RecordActivities {
  return {
    async record(batch, notices) {
      const signal = AbortSignal.any([Context.current().cancellationSignal, AbortSignal.timeout(BEGUN_WITHIN_MS)]);
      const done = async (work: Promise<void>): Promise<boolean> =>
        within(PATIENCE_MS, work).then(
          () => true,
          () => false,
        );
      const [isWritten, ...told] = await Promise.all([
        done(journal.append(batch)),
        ...notices.map((notice) => done(notifier.notify(notice, signal))),
      ]);
      return { isWritten, untold: notices.flatMap(({ id }, index) => (told[index] === true ? [] : [id])) };
    },
  };
}
