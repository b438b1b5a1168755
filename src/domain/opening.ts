import type { CaseState } from './case.js';
import type { ReportCommand } from './report-command.js';
import { decideTimer } from './decide-timer.js';
import type { CaseEvent } from './event.js';
import { evolveAll } from './evolve.js';
import { handle } from './handle.js';
import type { Instant } from './time.js';
import { timers } from './timer.js';

/** A case at its beginning, and what has happened in it by then. */
export interface Opening {
  readonly state: CaseState;
  readonly events: readonly CaseEvent[];
}

/** Opens the case that a report is about: with what is due at once, which is that somebody is asked to approve it. */
export function opening(report: ReportCommand, now: Instant): Opening | undefined {
  const events = handle(null, report, report.commandId, now);
  const state = evolveAll(null, events);
  if (!state) return undefined;
  const dueNow = timers(state).flatMap((timer) => decideTimer(state, timer, now));
  return { state: evolveAll(state, dueNow) ?? state, events: [...events, ...dueNow] };
}
