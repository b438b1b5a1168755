import { condition, proxyActivities } from '@temporalio/workflow';
import type { JournalActivities } from '../activities/journal-activities.js';
import { viewOf } from '../domain/view.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

/** More than this in one batch would only make a journal that was long away slower to catch up. */
const MOST_ENTRIES = 100;

const { journal } = proxyActivities<Pick<JournalActivities, 'journal'>>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
  priority: { priorityKey: 5 },
});

/**
 * Writes what happens to PostgreSQL, in order and in batches, for as long as it takes. No step on a channel waits for it.
 */
export async function keepJournal(theCase: RunningCase): Promise<never> {
  for (;;) {
    await condition(() => theCase.unjournalled.length > 0);
    const entries = theCase.unjournalled.slice(0, MOST_ENTRIES);
    const { caseNumber } = theCase.state;
    const summary = `entries ${entries[0]?.seq ?? 0} to ${entries.at(-1)?.seq ?? 0}`;
    await journal.executeWithOptions({ summary }, [{ caseNumber, entries, view: viewOf(theCase.state) }]);
    theCase.unjournalled.splice(0, entries.length);
  }
}
