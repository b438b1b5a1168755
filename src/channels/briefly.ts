import type { Milliseconds } from '../domain/time.js';

/**
 * Makes a call that nothing depends on, and breaks it off when it takes too long or the step is called off.
 * @throws what the call throws when its signal aborts
 */
export async function briefly<T>(
  withinMs: Milliseconds,
  signal: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const enough = new AbortController();
  const stop = (): void => enough.abort();
  // A plain timer: AbortSignal.any can lose an AbortSignal.timeout to the garbage collector before it fires (nodejs/node#57736).
  const timer = setTimeout(stop, withinMs);
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return await call(enough.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}
