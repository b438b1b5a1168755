import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  defineQuery,
  isCancellation,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { JournalActivities } from '../activities/journal-activities.js';
import { viewOf } from '../domain/view.js';
import { NEWEST_ENTRY } from './queries.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

/** More than this in one batch would only make a journal that was long away slower to catch up. */
const MOST_ENTRIES = 100;

const { journal } = proxyActivities<Pick<JournalActivities, 'journal'>>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  priority: { priorityKey: 5 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Writes what happens to PostgreSQL, in order and in batches, for as long as it takes. No step on a channel waits for it.
 */
export async function keepJournal(theCase: RunningCase): Promise<void> {
  setHandler(defineQuery<number>(NEWEST_ENTRY), () => theCase.seq);
  for (;;) {
    await condition(() => theCase.movesOn || theCase.unjournalled.length > 0);
    if (theCase.movesOn) return;
    const entries = theCase.unjournalled.slice(0, MOST_ENTRIES);
    const { caseNumber } = theCase.state;
    const summary = `entries ${entries[0]?.seq ?? 0} to ${entries.at(-1)?.seq ?? 0}`;
    theCase.journalling = true;
    const batch = { caseNumber, entries, view: viewOf(theCase.state) };
    const isWritten = await unlessHandedOver(theCase, () => journal.executeWithOptions({ summary }, [batch]));
    if (isWritten) theCase.unjournalled.splice(0, entries.length);
    theCase.journalling = false;
  }
}

/**
 * With PostgreSQL away a batch is tried for as long as that lasts. It does not keep the case from moving on to a new run, which writes it
 * again: the same batch twice changes nothing.
 * @returns whether it is known to be written
 */
async function unlessHandedOver(theCase: RunningCase, write: () => Promise<void>): Promise<boolean> {
  const scope = new CancellationScope();
  let done = false;
  void condition(() => done || theCase.handsOver).then(() => {
    if (!done) scope.cancel();
  });
  try {
    await scope.run(write);
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw error;
  } finally {
    done = true;
  }
}
