import { ApplicationFailure, CancellationScope, continueAsNew } from '@temporalio/workflow';
import type { CaseStatus } from '../domain/case.js';
import { isReportCommand, type ReportCommand } from '../domain/report-command.js';
import { showAdministrators } from './administrators-view.js';
import { keepTime } from './clock.js';
import { type HistoryLimit, isToGoOnInANewRun, LONGEST_HISTORY } from './continuation.js';
import { keepJournal } from './journal.js';
import { sendNotices } from './notices.js';
import { reconcile } from './reconciler.js';
import { type CarriedCase, isCarriedCase, RunningCase } from './running-case.js';
import { listenForCommands } from './signals.js';

/**
 * The life of one missing-child case, from its report until nothing of it is left on any channel.
 * Its rules are in `domain/`; here they are given time, people and channels.
 * @param start the report that opens the case (no personal data, free text or place, which stay in PostgreSQL), or the case as an
 * earlier run of it left it
 * @param limit how long the history of one run may grow
 * @returns how the case ended
 */
export async function missingChildCase(
  start: ReportCommand | CarriedCase,
  limit: HistoryLimit = LONGEST_HISTORY,
): Promise<CaseStatus> {
  // Started by hand a workflow may be given anything; what is no report must end there, and not fail for ever.
  if (!isStart(start)) throw ApplicationFailure.nonRetryable('a case starts with a report', 'malformed_report');
  // A cancellation asked for in the Temporal UI ends no case: it would leave the alert up. A command ends it, and takes that down.
  return CancellationScope.nonCancellable(() => run(new RunningCase(start), limit));
}

async function run(theCase: RunningCase, limit: HistoryLimit): Promise<CaseStatus> {
  // All through its life a case listens to people, lets fall due what is due, holds each channel to what is wanted there, tells
  // people what waits for them, leaves a record of everything, and calls off what is no longer wanted.
  listenForCommands(theCase);
  void keepTime(theCase);
  for (const channel of theCase.state.policy.channels) void reconcile(theCase, channel);
  void sendNotices(theCase);
  void keepJournal(theCase);
  void theCase.underWay.callOffWhatIsOver();
  void showAdministrators(theCase);

  return Promise.race([live(theCase), goOnInANewRun(theCase, limit)]);
}

async function live(theCase: RunningCase): Promise<CaseStatus> {
  // A supervisor decides, or sends it back to be corrected. Until one does, the ladder is climbed. Found, cancelled, rejected or
  // withdrawn now, it never becomes public.
  await theCase.leaves('awaiting_approval', 'returned');

  // Approved: live on every channel, amended, widened and extended, until the child is found, the alert is cancelled, or its time is up.
  await theCase.leaves('active');

  // Ended: taken down everywhere, whatever fails on the way, for as long as it takes.
  await theCase.leaves('standing_down');

  // Nothing of it is left. Everybody has been told, and everything is written down.
  await theCase.hasNothingLeftToSay();
  return theCase.state.status;
}

async function goOnInANewRun(theCase: RunningCase, limit: HistoryLimit): Promise<never> {
  await isToGoOnInANewRun(theCase, limit);
  return continueAsNew<typeof missingChildCase>(theCase.carried(), limit);
}

function isStart(value: unknown): value is ReportCommand | CarriedCase {
  return isReportCommand(value) || isCarriedCase(value);
}
