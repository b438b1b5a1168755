import {
  ActivityCancellationType,
  ActivityFailure,
  condition,
  defineQuery,
  isCancellation,
  proxyActivities,
  setHandler,
} from '@temporalio/workflow';
import type { JournalActivities } from '../activities/journal-activities.js';
import type { RecordActivities, Recorded } from '../activities/record-activities.js';
import { describeNotice, isStillDue, type Notice } from '../domain/notice.js';
import { isAboutToEnd } from '../domain/publication.js';
import { type Milliseconds, SECOND } from '../domain/time.js';
import { viewOf } from '../domain/view.js';
import { NEWEST_ENTRY } from './queries.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

type JournalBatch = Parameters<JournalActivities['journal']>[0];

/** What happens on the channels within this time may be written together. */
const TOGETHER: Milliseconds = 2 * SECOND;

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
 * One attempt, that has no answer only when its worker is lost. On the workflow's own queue the server hands it out with its answer to the
 * workflow task, and it is over in two seconds, so that it takes no publication's place for long.
 */
const { record } = proxyActivities<RecordActivities>({
  taskQueue: TASK_QUEUES.cases,
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
  // Left out, it would have the workflow's, and come before no step but with it.
  priority: { priorityKey: 5 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/**
 * Writes what happens to PostgreSQL, in order and in batches, for as long as it takes. No step on a channel waits for it. Never within the
 * workflow task that decides it: a task that is lost is done again, and may decide otherwise (docs/adr/0009). Whom a batch makes a notice
 * for is told in the same first attempt, which saves the case a second activity. What that does not achieve is tried again and again.
 */
export async function keepJournal(theCase: RunningCase): Promise<void> {
  setHandler(defineQuery<number>(NEWEST_ENTRY), () => theCase.seq);
  for (;;) {
    await condition(() => theCase.movesOn || isWorthABatch(theCase));
    if (theCase.movesOn) return;
    const entries = theCase.unjournalled.slice(0, MOST_ENTRIES);
    const batch = { caseNumber: theCase.state.caseNumber, entries, view: viewOf(theCase.state) };
    const notices = theCase.unsent.splice(0).filter((notice) => isStillDue(theCase.state, notice));
    theCase.journalling = true;
    const isWritten =
      (await recordUnlessHandedOver(theCase, batch, notices)) || (await writeUnlessHandedOver(theCase, batch));
    if (isWritten) theCase.unjournalled.splice(0, entries.length);
    theCase.journalling = false;
  }
}

/** Whether what people are to be told goes with a batch of the journal that is about to be written. */
export function goesWithABatch(theCase: RunningCase): boolean {
  return !theCase.journalling && (theCase.isAboutToStep || isWorthABatch(theCase));
}

/**
 * Whether there is something that must not wait. What happens on one channel is written down together with what is about to end on
 * another, and the beginning of a step that soon ends with its end; an answer to a person, or a notice, waits for neither.
 */
function isWorthABatch(theCase: RunningCase): boolean {
  if (theCase.isAboutToStep) return false;
  const { policy, publications } = theCase.state;
  const isEndingSoon = policy.channels.some((channel) => isAboutToEnd(publications[channel]));
  return theCase.unjournalled.some(({ event, at }) => {
    const isOnAChannel = 'channel' in event && event.type !== 'rungNotified';
    // Where steps follow upon one another for long, the first end after a moment has everything written.
    return !isOnAChannel || !isEndingSoon || Date.now() - at > TOGETHER;
  });
}

/**
 * Attempts a batch together with its notices, if it has any, once. Notices that did not arrive are unsent again. Where nobody has begun before one of them
 * is over, because no worker runs, it is called off, and the batch is written without it.
 * @returns whether the batch is known to be written
 */
async function recordUnlessHandedOver(
  theCase: RunningCase,
  batch: JournalBatch,
  notices: readonly Notice[],
): Promise<boolean> {
  const summary = [summaryOf(batch), ...notices.map(describeNotice)].join(' · ');
  const attempt = (): Promise<Recorded> => record.executeWithOptions({ summary }, [batch, notices]);
  const isOver = (): boolean => theCase.handsOver || notices.some((notice) => !isStillDue(theCase.state, notice));
  for (const notice of notices) theCase.sending.add(notice);
  try {
    const { isWritten, untold } = await theCase.underWay.begin(attempt, isOver).result;
    theCase.unsent.push(...notices.filter(({ id }) => untold.includes(id)));
    return isWritten;
  } catch (error) {
    if (!isCancellation(error) && !(error instanceof ActivityFailure)) throw error;
    // Called off or lost, nothing is known of it. Once more does no harm: what is written is left alone, and who was told is remembered.
    theCase.unsent.push(...notices);
    return false;
  } finally {
    for (const notice of notices) theCase.sending.delete(notice);
  }
}

/**
 * With PostgreSQL away a batch is tried for as long as that lasts. It does not keep the case from moving on to a new run, which writes it
 * again: the same batch twice changes nothing.
 * @returns whether it is known to be written
 */
async function writeUnlessHandedOver(theCase: RunningCase, batch: JournalBatch): Promise<boolean> {
  const write = (): Promise<void> => journal.executeWithOptions({ summary: summaryOf(batch) }, [batch]);
  try {
    await theCase.underWay.begin(write, () => theCase.handsOver).result;
    return true;
  } catch (error) {
    if (isCancellation(error)) return false;
    throw error;
  }
}

function summaryOf({ entries }: JournalBatch): string {
  return `entries ${entries[0]?.seq ?? 0} to ${entries.at(-1)?.seq ?? 0}`;
}
