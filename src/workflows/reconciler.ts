import {
  ActivityCancellationType,
  ActivityFailure,
  condition,
  isCancellation,
  proxyActivities,
  TimeoutFailure,
} from '@temporalio/workflow';
import type { ChannelActivities } from '../activities/channel-activities.js';
import { type CaseState, isClosed, radiusKm, wanted } from '../domain/case.js';
import { isOvertaken, type Step, type StepOutcome } from '../domain/publication.js';
import { postNeed } from '../domain/quota.js';
import type { ChannelName } from '../domain/channel.js';
import type { RunningCase } from './running-case.js';
import { TASK_QUEUES } from './task-queues.js';

const FIRST = { priority: { priorityKey: 1 }, cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED };

/** Harmless steps retry by themselves, for ever: lives depend on it, and the ladder tells people when it takes too long. */
const { stageAlert, updateAlert, lookAtAlert } = proxyActivities<ChannelActivities>({
  ...FIRST,
  taskQueue: TASK_QUEUES.cases,
  startToCloseTimeout: '90 seconds',
  heartbeatTimeout: '15 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '30 seconds' },
});

/**
 * Steps that cannot be undone have one attempt and return their outcome. Their HTTP time-out (8 s) is shorter than this, so an
 * attempt that is lost has nothing in flight any more.
 */
const ONE_ATTEMPT = { ...FIRST, retry: { maximumAttempts: 1 } };
const { publishAlert } = proxyActivities<ChannelActivities>({
  ...ONE_ATTEMPT,
  taskQueue: TASK_QUEUES.cases,
  startToCloseTimeout: '12 seconds',
});
/** Longer: on Instagram the post may have to be searched for first, and a removal that comes late harms nobody. */
const { expireAlert } = proxyActivities<ChannelActivities>({
  ...ONE_ATTEMPT,
  taskQueue: TASK_QUEUES.removals,
  startToCloseTimeout: '45 seconds',
  // Lost with its worker, a removal is taken up again soon: somebody may be looking at the post.
  heartbeatTimeout: '12 seconds',
});

/** Brings one channel to what is wanted on it and keeps it there: one step at a time, until the case is closed or moves on to a new run. */
export async function reconcile(theCase: RunningCase, channel: ChannelName): Promise<void> {
  const over = (): boolean => isClosed(theCase.state.status) || theCase.movesOn;
  while (!over()) {
    const next = theCase.next(channel);
    switch (next.do) {
      case 'nothing':
        await condition(() => over() || theCase.next(channel).do !== 'nothing');
        break;
      case 'wait': {
        // Seen from when the wait began: only a change of state ends it early. The passing of time is the timer's to tell, or the
        // two would race to end the same wait.
        const began = Date.now();
        const changed = (): boolean => {
          const now = theCase.next(channel, began);
          return now.do !== 'wait' || now.until !== next.until;
        };
        await condition(() => over() || changed(), Math.max(1, next.until - began), {
          summary: `${channel}: next try`,
        });
        break;
      }
      case 'step': {
        const { step } = next;
        theCase.take({ kind: 'stepStarts', channel, step });
        const outcome = await run(theCase, channel, step);
        theCase.take({ kind: 'stepEnded', channel, step, outcome });
        break;
      }
    }
  }
}

/**
 * Takes a step. When what is wanted changes meanwhile the step is called off if it has not started; one in flight is waited for,
 * and its effect undone by the next step. A step that may retry for ever does not keep the case from moving on to a new run, which takes
 * it again.
 */
async function run(theCase: RunningCase, channel: ChannelName, step: Step): Promise<StepOutcome> {
  const overtaken = (): boolean => isOvertaken(theCase.state.publications[channel], wanted(theCase.state, channel));
  const putOff = (): boolean => theCase.handsOver && isHarmless(step);
  try {
    return await theCase.underWay.begin(
      () => execute(theCase.state, channel, step),
      () => overtaken() || putOff(),
    ).result;
  } catch (error) {
    return outcomeOfFailure(error);
  }
}

function execute(state: CaseState, channel: ChannelName, step: Step): Promise<StepOutcome> {
  const { caseNumber, runKind } = state;
  const { kind, revision, digest, objectId } = step;
  const summary = `${channel}: ${kind} revision ${revision}`;
  if (kind === 'stage') {
    const target = { channel, caseNumber, revision, digest, radiusKm: radiusKm(state) };
    return stageAlert.executeWithOptions({ summary }, [target]);
  }
  const object = state.publications[channel].objects.find(({ id }) => id === objectId);
  if (!object) return Promise.resolve({ result: 'notSent' });
  const target = { channel, caseNumber, runKind, object };
  switch (kind) {
    case 'publish':
      return publishAlert.executeWithOptions({ summary }, [{ ...target, need: postNeed(state, channel) }]);
    case 'update':
      return updateAlert.executeWithOptions({ summary }, [{ ...target, revision, digest, radiusKm: radiusKm(state) }]);
    case 'look':
      return lookAtAlert.executeWithOptions({ summary }, [target]);
    case 'expire':
      return expireAlert.executeWithOptions({ summary }, [target]);
  }
}

/** Whether a step may be taken again and again, and so may take for ever. */
function isHarmless({ kind }: Step): boolean {
  return kind === 'stage' || kind === 'update' || kind === 'look';
}

/** A step without an answer: called off before it began, or lost with its worker, which says nothing about its effect. */
function outcomeOfFailure(error: unknown): StepOutcome {
  if (isCancellation(error)) return { result: 'notSent' };
  const lost = error instanceof ActivityFailure && error.cause instanceof TimeoutFailure;
  return { result: 'unknown', code: lost ? 'step/lost' : 'step/failed' };
}
