/** The task queues of the workers. */
export const TASK_QUEUES = {
  /** Workflows and the steps that publish. It has no rate limit: a throttled channel waits by a timer. */
  cases: 'cases',
  /** Removals have slots of their own, so that no number of slow publications keeps a post up. */
  removals: 'removals',
  /** Journal and notices. */
  background: 'background',
} as const;
