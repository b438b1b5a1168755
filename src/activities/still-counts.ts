import { Context } from '@temporalio/activity';
import { isGrpcServiceError } from '@temporalio/client';
import proto from '@temporalio/proto';
import { ChannelFailure } from '../ports/alert-channel.js';

const { PENDING_ACTIVITY_STATE_CANCEL_REQUESTED: CANCEL_REQUESTED } = proto.temporal.api.enums.v1.PendingActivityState;

/** How long Temporal is given to say whether an attempt still counts. */
const COUNTS_WITHIN_MS = 1_000;

/** gRPC's status for what is not there (any more). */
const NOT_FOUND = 5;

/**
 * A task can lie unread in a worker that is frozen. When that one wakes, the attempt may be long lost and the child found, though by
 * the worker's own clock it has only begun, and the server's clock cannot be compared with it. So the server is asked before the one
 * call that must not come late. Unanswered, the alert goes out: a flip by its id makes no second post, and what posts anew has one
 * attempt. Asking changes nothing there, where a heartbeat is written down each time (docs/adr/0014).
 * @throws ChannelFailure `notSent` when the attempt of this activity is over, or called off
 */
export async function refuseUnlessItCounts(): Promise<void> {
  try {
    const { client, info } = Context.current();
    const { activityId, attempt, namespace, workflowExecution: execution } = info;
    const { pendingActivities } = await client.withDeadline(Date.now() + COUNTS_WITHIN_MS, () =>
      client.workflowService.describeWorkflowExecution({ namespace, execution: execution ?? null }),
    );
    const own = pendingActivities.find((pending) => pending.activityId === activityId && pending.attempt === attempt);
    if (!own) throw new ChannelFailure('notSent', 'attempt_over');
    if (own.state === CANCEL_REQUESTED) throw new ChannelFailure('notSent', 'called_off');
  } catch (error) {
    if (error instanceof ChannelFailure) throw error;
    if (isGrpcServiceError(error) && (error.code as number) === NOT_FOUND) {
      throw new ChannelFailure('notSent', 'attempt_over');
    }
  }
}
