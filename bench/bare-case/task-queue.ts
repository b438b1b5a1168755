/** The bare case's own task queue. */
export const BARE_TASK_QUEUE = 'bare-case';
