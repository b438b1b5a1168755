import {
  ActivityCancellationType,
  condition,
  defineQuery,
  isCancellation,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { JournalActivities } from '../activities/journal-activities.js';
import { CHANNELS } from '../domain/revision.js';
import { viewOf } from '../domain/view.js';
import { NEWEST_ENTRY } from './queries.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

type JournalBatch = Parameters<JournalActivities['journal']>[0];

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
 * Writes what happens to PostgreSQL, in order and in batches, for as long as it takes. No step on a channel waits for it. Never within the
 * workflow task that decides it: a task that is lost is done again, and may decide otherwise (docs/adr/0009).
 */
export async function keepJournal(theCase: RunningCase): Promise<void> {
  setHandler(defineQuery<number>(NEWEST_ENTRY), () => theCase.seq);
  for (;;) {
    await condition(() => theCase.movesOn || isWorthABatch(theCase));
    if (theCase.movesOn) return;
    const entries = theCase.unjournalled.slice(0, MOST_ENTRIES);
    const batch = { caseNumber: theCase.state.caseNumber, entries, view: viewOf(theCase.state) };
    theCase.journalling = true;
    const isWritten = await writeUnlessHandedOver(theCase, batch);
    if (isWritten) theCase.unjournalled.splice(0, entries.length);
    theCase.journalling = false;
  }
}

/**
 * Whether there is something that must not wait: the beginning of a step that soon ends is written down together with its end, and a
 * command together with the steps that it makes begin.
 */
function isWorthABatch(theCase: RunningCase): boolean {
  const { publications } = theCase.state;
  if (CHANNELS.some((channel) => theCase.next(channel).do === 'step')) return false;
  return theCase.unjournalled.some(({ event }) => {
    if (event.type !== 'alertStaged' && event.type !== 'stepStarted') return true;
    const inFlight = publications[event.channel].inFlight?.kind;
    return inFlight !== 'publish' && inFlight !== 'expire';
  });
}

/**
 * With PostgreSQL away a batch is tried for as long as that lasts. It does not keep the case from moving on to a new run, which writes it
 * again: the same batch twice changes nothing.
 * @returns whether it is known to be written
 */
async function writeUnlessHandedOver(theCase: RunningCase, batch: JournalBatch): Promise<boolean> {
  const { entries } = batch;
  const summary = `entries ${entries[0]?.seq ?? 0} to ${entries.at(-1)?.seq ?? 0}`;
  const write = (): Promise<void> => journal.executeWithOptions({ summary }, [batch]);
  try {
    await theCase.underWay.begin(write, () => theCase.handsOver).result;
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw error;
  }
}
