import { condition, workflowInfo } from '@temporalio/workflow';
import type { RunningCase } from './running-case.js';

/** How long the history of one run may grow before the case goes on in a new one. */
export interface HistoryLimit {
  readonly events: number;
}

/** Far from what the server allows (51,200), and seldom reached: a case that lives for a day has a hundred events or two. */
export const LONGEST_HISTORY: HistoryLimit = { events: 4_000 };

/**
 * Resolves when the history has grown long and the case has come to rest: every command that arrived is in its state by then, and no
 * step on a channel is in flight whose outcome would be lost.
 */
export async function isToGoOnInANewRun(theCase: RunningCase, limit: HistoryLimit): Promise<void> {
  await condition(() => {
    const { historyLength, continueAsNewSuggested } = workflowInfo();
    return historyLength >= limit.events || continueAsNewSuggested;
  });
  await theCase.comesToRest();
}
