import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy, type ScheduleOptions } from '@temporalio/client';
import { TASK_QUEUES } from '../workflows/task-queues.js';

/** The id of the schedule, and of the workflows it starts, with the time behind it. */
export const ACCOUNT_WATCH = 'account-watch';

const OPTIONS = {
  scheduleId: ACCOUNT_WATCH,
  spec: { intervals: [{ every: '2 minutes' }] },
  action: {
    type: 'startWorkflow',
    workflowType: 'accountWatch',
    workflowId: ACCOUNT_WATCH,
    taskQueue: TASK_QUEUES.background,
    // A run that hangs must not hold up those after it for ever.
    workflowExecutionTimeout: '30 minutes',
  },
  policies: {
    // Each run looks at everything: the next makes up for one that is left out.
    overlap: ScheduleOverlapPolicy.SKIP,
    catchupWindow: '1 minute',
  },
} satisfies ScheduleOptions;

/** Sees to it that the account watch runs, as this version wants it. Harmless to repeat; paused by a person, it stays paused. */
export async function scheduleAccountWatch(client: Client): Promise<void> {
  try {
    await client.schedule.create(OPTIONS);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    const { spec, action, policies } = OPTIONS;
    await client.schedule.getHandle(ACCOUNT_WATCH).update(({ state }) => ({ spec, action, policies, state }));
  }
}
