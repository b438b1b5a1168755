import type { Client } from '@temporalio/client';
import { SECOND } from '../domain/time.js';

/** How long Temporal has to say that it is there. */
const ANSWER_WITHIN = SECOND;

/** Asks whether Temporal can be reached. */
export function temporalReachability(client: Client): () => Promise<boolean> {
  return async () => {
    try {
      await client.withDeadline(Date.now() + ANSWER_WITHIN, () => client.workflowService.getSystemInfo({}));
      return true;
    } catch {
      return false;
    }
  };
}
