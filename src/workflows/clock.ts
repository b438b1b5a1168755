import { condition, proxyActivities } from '@temporalio/workflow';
import type { JournalActivities } from '../activities/journal-activities.js';
import { isClosed } from '../domain/case.js';
import { type Instant, MINUTE, type Milliseconds } from '../domain/time.js';
import { describeTimer, type Timer, timers } from '../domain/timer.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

/** How long a timer that changes what the public sees waits for stored commands that are still on their way. */
const COMMANDS_ARRIVE_WITHIN = '30 seconds';
/** A widening that could not make sure of them is put off by this. */
const PUT_OFF_BY: Milliseconds = 5 * MINUTE;

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
  let noWideningBefore: Instant = 0;
  const due = (): Timer | undefined =>
    timers(theCase.state)
      .map((timer) => (timer.timer === 'widening' ? { ...timer, at: Math.max(timer.at, noWideningBefore) } : timer))
      .sort((a, b) => a.at - b.at)[0];
  const over = (): boolean => isClosed(theCase.state.status) || theCase.movesOn;
  while (!over()) {
    const timer = due();
    if (!timer) {
      await condition(() => over() || due() !== undefined);
      continue;
    }
    const left = timer.at - Date.now();
    if (left > 0) {
      // The timer of a case that has closed ends with its workflow, without being called off first.
      const isAnother = (): boolean => !isClosed(theCase.state.status) && due()?.at !== timer.at;
      await condition(() => theCase.movesOn || isAnother(), left, { summary: summaryOf(timer) });
      continue;
    }
    const isStillNext = (): boolean => !over() && isSameTimer(due(), timer);
    if (timer.timer !== 'rung') {
      const arrived = await storedCommandsArrived(theCase, () => !isStillNext());
      if (!isStillNext()) continue;
      // Not knowing, an alert that outstays its time is the greater harm, and so is one that is shown wider than somebody asked for.
      if (!arrived && timer.timer === 'widening') {
        noWideningBefore = Date.now() + PUT_OFF_BY;
        continue;
      }
    }
    theCase.take({ kind: 'timer', timer });
  }
}

/**
 * Before the public sees something change by itself: somebody may have told the API otherwise while Temporal was away.
 * @returns whether every stored command is known to have arrived
 */
async function storedCommandsArrived(theCase: RunningCase, overtaken: () => boolean): Promise<boolean> {
  try {
    const summary = 'commands stored so far';
    const newest = await newestStoredCommand.executeWithOptions({ summary }, [theCase.state.caseNumber]);
    const arrived = (): boolean => theCase.state.newestCommand >= newest;
    if (arrived()) return true;
    await condition(() => overtaken() || arrived(), COMMANDS_ARRIVE_WITHIN, {
      summary: 'stored commands still on their way',
    });
    return arrived();
  } catch {
    // PostgreSQL did not answer within the bound.
    return false;
  }
}

/** Without its channel: what falls due at the same moment on another one waits on with the same timer. */
function summaryOf(timer: Timer): string {
  return describeTimer(timer.timer === 'rung' ? { ...timer, channel: null } : timer);
}

function isSameTimer(a: Timer | undefined, b: Timer): boolean {
  if (a?.timer === 'rung' && b.timer === 'rung') {
    return a.at === b.at && a.notice === b.notice && a.about === b.about && a.channel === b.channel;
  }
  return a?.timer === b.timer && a.at === b.at;
}
