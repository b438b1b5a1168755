import {
  ActivityCancellationType,
  CancellationScope,
  condition,
  isCancellation,
  proxyActivities,
} from '@temporalio/workflow';
import type { NoticeActivities } from '../activities/notice-activities.js';
import { isStillDue, type Notice } from '../domain/notice.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

const { notify } = proxyActivities<NoticeActivities>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '30 seconds',
  heartbeatTimeout: '15 seconds',
  // After a day a notice is old news: it is given up, which the journal records.
  scheduleToCloseTimeout: '24 hours',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

/** Sends every notice the case calls for, each on its own. */
export async function sendNotices(theCase: RunningCase): Promise<never> {
  for (;;) {
    await condition(() => theCase.unsent.length > 0);
    for (const notice of theCase.unsent.splice(0)) void send(theCase, notice);
  }
}

/** Sends one notice, and calls it off as soon as it is no longer true: nobody is woken for an approval already given. */
async function send(theCase: RunningCase, notice: Notice): Promise<void> {
  const scope = new CancellationScope();
  let done = false;
  void condition(() => done || !isStillDue(theCase.state, notice)).then(() => {
    if (!done) scope.cancel();
  });
  theCase.sending += 1;
  try {
    await scope.run(() => notify.executeWithOptions({ summary: describe(notice) }, [notice]));
  } catch (error) {
    if (!isCancellation(error)) theCase.take({ kind: 'noticeAbandoned', noticeId: notice.id });
  } finally {
    done = true;
    theCase.sending -= 1;
  }
}

function describe({ subject, people }: Notice): string {
  const what =
    subject.about === 'ended' ? `case ${subject.as}` : [subject.about, subject.channel].filter(Boolean).join(' on ');
  return `${what}: tell ${people.join(', ')}`;
}
