import { setTimeout as wait } from 'node:timers/promises';

/**
 * The result of some work, if there is one in time. The work itself goes on.
 * @throws Error when the time is over first
 */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const done = new AbortController();
  const tooLate = wait(milliseconds, undefined, { signal: done.signal }).then(() => {
    throw new Error('timed out');
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    done.abort();
  }
}
