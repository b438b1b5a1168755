/** The task queues of the workers. */
export const TASK_QUEUES = {
  /** Workflows, the steps that publish, and the first attempt at journal and notices. It has no rate limit: a throttled channel waits by a timer. */
  cases: 'cases',
  /** Removals have slots of their own, so that no number of slow publications keeps a post up. */
  removals: 'removals',
  /** Journal and notices that the first attempt did not see through, and whatever no case waits for. */
  background: 'background',
} as const;
