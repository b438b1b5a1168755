import type { Client } from '@temporalio/client';
import type { CaseNumber } from '../domain/case-number.js';
import { NEWEST_ENTRY } from '../workflows/queries.js';
import { caseWorkflowId } from './case-workflow-id.js';
import { CALL_TIMEOUT_MS } from './client.js';

/**
 * Asks a case how far it has come: the number of the newest entry of its journal, whether written or not. Null when it does not say:
 * there is no such workflow, or no worker to answer for it.
 */
export async function newestEntry(client: Client, caseNumber: CaseNumber): Promise<number | null> {
  const handle = client.workflow.getHandle(caseWorkflowId(caseNumber));
  try {
    return await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => handle.query<number>(NEWEST_ENTRY));
  } catch {
    // Whatever the reason, it is no answer, and the watch does nothing without one.
    return null;
  }
}
