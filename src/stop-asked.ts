import { once } from 'node:events';

/** Resolves when the process is told to stop, or when the embedded stack that forked it is gone. */
export async function stopAsked(): Promise<void> {
  const asked = new AbortController();
  const { signal } = asked;
  await Promise.race([
    once(process, 'SIGINT', { signal }),
    once(process, 'SIGTERM', { signal }),
    once(process, 'disconnect', { signal }),
  ]);
  // Whoever listens for 'disconnect' keeps the process alive.
  asked.abort();
}
