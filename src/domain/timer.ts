import type { CaseState } from './case.js';
import { type DueRung, dueRungs } from './escalation.js';
import type { Instant } from './time.js';

/** Something that happens by itself unless the state changes first. */
export type Timer =
  | { readonly timer: 'expiry'; readonly at: Instant }
  | { readonly timer: 'widening'; readonly step: number; readonly at: Instant }
  | (DueRung & { readonly timer: 'rung' });

/**
 * Everything that is due, the next first, derived from the state alone: a state that no longer wants a timer has cancelled it by
 * that.
 */
export function timers(state: CaseState): Timer[] {
  const due: Timer[] = dueRungs(state).map((rung) => ({ timer: 'rung', ...rung }));
  if (state.expiresAt !== null) due.push({ timer: 'expiry', at: state.expiresAt });
  if (state.status === 'active' && state.activeSince !== null) {
    const step = state.widened + 1;
    const widening = state.revision.area.widening[step - 1];
    if (widening) due.push({ timer: 'widening', step, at: state.activeSince + widening.afterMs });
  }
  return due.sort((a, b) => a.at - b.at);
}

/** What is due next. */
export function nextTimer(state: CaseState): Timer | undefined {
  return timers(state)[0];
}

/** What a timer waits for, in words for the Temporal UI. */
export function describeTimer(timer: Timer): string {
  switch (timer.timer) {
    case 'expiry':
      return 'the alert expires';
    case 'widening':
      return `the area widens, step ${timer.step}`;
    case 'rung': {
      const what = timer.channel ? `${timer.about} on ${timer.channel}` : timer.about;
      return `notice ${timer.notice} about ${what}`;
    }
  }
}
