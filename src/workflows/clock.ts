import { condition, proxyActivities } from '@temporalio/workflow';
import type { JournalActivities } from '../activities/journal-activities.js';
import { isClosed } from '../domain/case.js';
import { describeTimer, nextTimer, type Timer } from '../domain/timer.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

/** How long a timer that changes what the public sees waits for stored commands that are still on their way. */
const COMMANDS_ARRIVE_WITHIN = '30 seconds';

const { newestStoredCommand } = proxyActivities<Pick<JournalActivities, 'newestStoredCommand'>>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '5 seconds',
  scheduleToCloseTimeout: COMMANDS_ARRIVE_WITHIN,
});

/**
 * Keeps the time of a case: waits for whatever the state says is due next, and lets it happen. A change of state that wants another
 * timer, or none, ends the wait by itself.
 */
export async function keepTime(theCase: RunningCase): Promise<void> {
  const due = (): Timer | undefined => nextTimer(theCase.state);
  const over = (): boolean => isClosed(theCase.state.status);
  while (!over()) {
    const timer = due();
    if (!timer) {
      await condition(() => over() || due() !== undefined);
      continue;
    }
    const isStillNext = (): boolean => isSameTimer(due(), timer);
    const left = timer.at - Date.now();
    if (left > 0 && (await condition(() => !isStillNext(), left, { summary: describeTimer(timer) }))) continue;
    if (timer.timer === 'expiry') await storedCommandsArrived(theCase, () => !isStillNext());
    theCase.take({ kind: 'timer', timer });
  }
}

/**
 * Before an alert comes down by itself: somebody may have told the API otherwise while Temporal was away. Unanswered, the expiry
 * goes on.
 */
async function storedCommandsArrived(theCase: RunningCase, overtaken: () => boolean): Promise<void> {
  try {
    const newest = await newestStoredCommand(theCase.state.caseNumber);
    if (newest <= theCase.state.newestCommand) return;
    await condition(() => overtaken() || theCase.state.newestCommand >= newest, COMMANDS_ARRIVE_WITHIN, {
      summary: 'stored commands still on their way',
    });
  } catch {
    // PostgreSQL did not answer within the bound: an alert that outstays its time is the greater harm.
  }
}

function isSameTimer(a: Timer | undefined, b: Timer): boolean {
  if (a?.timer === 'rung' && b.timer === 'rung') {
    return a.at === b.at && a.notice === b.notice && a.about === b.about && a.channel === b.channel;
  }
  return a?.timer === b.timer && a.at === b.at;
}
