import { setTimeout } from 'node:timers/promises';
import type { Logger } from 'pino';
import { MINUTE, type Milliseconds, SECOND } from '../domain/time.js';
import type { DeliveryQueue } from '../store/delivery-queue.js';
import type { Delivery } from './delivery.js';

/** What was never delivered is tried again this often: with Temporal back, a stored approval waits no longer. */
const EVERY: Milliseconds = 2 * SECOND;

/**
 * What was delivered and has no outcome is delivered again after this. Temporal keeps what it accepted, so this is only for a Temporal
 * that was restored from an older backup; each time is one more signal in the case's history.
 */
const REDELIVERED_AFTER: Milliseconds = 5 * MINUTE;

/** Delivers, again and again, what was stored and has not reached its case. Returns what stops it, after the round under way. */
export function startDeliverySweep(deps: {
  readonly queue: DeliveryQueue;
  readonly delivery: Delivery;
  readonly logger: Logger;
}): () => Promise<void> {
  const { queue, delivery, logger } = deps;
  const stopping = new AbortController();
  const isStopping = (): boolean => stopping.signal.aborted;

  async function sweep(): Promise<void> {
    while (!isStopping()) {
      try {
        for (const caseNumber of await queue.casesToDeliver({ undeliveredFor: REDELIVERED_AFTER })) {
          if (isStopping()) return;
          await delivery.deliver(caseNumber);
        }
      } catch (error) {
        logger.warn({ reason: error instanceof Error ? error.name : 'unknown' }, 'the delivery sweep could not look');
      }
      await pause(EVERY, stopping.signal);
    }
  }

  const running = sweep();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function pause(ms: Milliseconds, signal: AbortSignal): Promise<void> {
  await setTimeout(ms, undefined, { signal }).catch(() => undefined);
}
