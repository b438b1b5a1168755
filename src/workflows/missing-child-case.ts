import { ApplicationFailure } from '@temporalio/workflow';
import type { CaseStatus } from '../domain/case.js';
import type { ReportCommand } from '../domain/decide.js';
import { CHANNELS } from '../domain/revision.js';
import { showAdministrators } from './administrators-view.js';
import { keepTime } from './clock.js';
import { keepJournal } from './journal.js';
import { sendNotices } from './notices.js';
import { reconcile } from './reconciler.js';
import { RunningCase } from './running-case.js';
import { listenForCommands } from './signals.js';

/**
 * The life of one missing-child case, from its report until nothing of it is left on any channel.
 * Its rules are in `domain/`; here they are given time, people and channels.
 * @param report the report that opens the case: no personal data, free text or place, which stay in PostgreSQL
 * @returns how the case ended
 */
export async function missingChildCase(report: ReportCommand): Promise<CaseStatus> {
  if (!isReport(report)) throw ApplicationFailure.nonRetryable('a case starts with a report', 'malformed_report');
  const theCase = new RunningCase(report);

  // All through its life a case listens to people, lets fall due what is due, holds each channel to what is wanted there, tells
  // people what waits for them, and leaves a record of everything.
  listenForCommands(theCase);
  void keepTime(theCase);
  for (const channel of CHANNELS) void reconcile(theCase, channel);
  void sendNotices(theCase);
  void keepJournal(theCase);
  void showAdministrators(theCase);

  // A supervisor decides. Until one does, the ladder is climbed. Found, cancelled or rejected now, it never becomes public.
  await theCase.leaves('awaiting_approval');

  // Approved: live on every channel, until the child is found, the alert is cancelled, or its time is up.
  await theCase.leaves('active');

  // Ended: taken down everywhere, whatever fails on the way, for as long as it takes.
  await theCase.leaves('standing_down');

  // Nothing of it is left. Everybody has been told, and everything is written down.
  await theCase.hasNothingLeftToSay();
  return theCase.state.status;
}

/** Started by hand a workflow may be given anything; what is no report must end there, and not fail for ever. */
function isReport(value: unknown): value is ReportCommand {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'report';
}
