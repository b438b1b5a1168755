import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until `check` no longer throws, at most 30 seconds; then throws what it threw last. */
export async function eventually(check: () => void | Promise<void>): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    await sleep(50);
  }
}
