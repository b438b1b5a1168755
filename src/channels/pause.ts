import { setTimeout as delay } from 'node:timers/promises';
import type { Milliseconds } from '../domain/time.js';
import { ChannelFailure } from '../ports/alert-channel.js';

/**
 * Waits between two calls of a step.
 * @throws ChannelFailure `notSent` as soon as the step is called off
 */
export async function pause(ms: Milliseconds, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw new ChannelFailure('notSent', 'called_off');
  }
}
