import { ActivityCancellationType, condition, proxyActivities } from '@temporalio/workflow';
import type { NoticeActivities } from '../activities/notice-activities.js';
import { describeNotice, isStillDue, type Notice } from '../domain/notice.js';
import { goesWithABatch } from './journal.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

const { notify } = proxyActivities<NoticeActivities>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '5 seconds',
  // After a day a notice is old news: it is given up, which the journal records.
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Sends every notice the case calls for that does not go with a batch of the journal, or did not arrive with it: each on its own. */
export async function sendNotices(theCase: RunningCase): Promise<void> {
  for (;;) {
    await condition(() => theCase.movesOn || (theCase.unsent.length > 0 && !goesWithABatch(theCase)));
    if (theCase.movesOn) return;
    for (const notice of theCase.unsent.splice(0)) void send(theCase, notice);
  }
}

/**
 * Sends one notice, and calls it off as soon as it is no longer true: nobody is woken for an approval already given. When the case moves
 * on to a new run, that one sends it on.
 */
async function send(theCase: RunningCase, notice: Notice): Promise<void> {
  const sending = theCase.underWay.begin(
    () => notify.executeWithOptions({ summary: describeNotice(notice) }, [notice]),
    () => theCase.handsOver || !isStillDue(theCase.state, notice),
  );
  theCase.sending.add(notice);
  try {
    await sending.result;
  } catch {
    // Called off, it may end in any way: an attempt that fails meanwhile is no reason to say that it was given up.
    if (!sending.isCalledOff()) theCase.take({ kind: 'noticeAbandoned', noticeId: notice.id });
    else if (isStillDue(theCase.state, notice)) theCase.unsent.push(notice);
  } finally {
    theCase.sending.delete(notice);
  }
}
