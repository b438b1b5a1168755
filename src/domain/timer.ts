import type { CaseState } from './case.js';
import { type DueRung, dueRungs } from './escalation.js';
import type { Instant } from './time.js';

/** Something that happens by itself unless the state changes first. */
export type Timer = { readonly timer: 'expiry'; readonly at: Instant } | (DueRung & { readonly timer: 'rung' });

/** What is due next, derived from the state alone: a state that no longer wants a timer has cancelled it by that. */
export function nextTimer(state: CaseState): Timer | undefined {
  const due: Timer[] = dueRungs(state).map((rung) => ({ timer: 'rung', ...rung }));
  if (state.expiresAt !== null) due.push({ timer: 'expiry', at: state.expiresAt });
  return due.sort((a, b) => a.at - b.at)[0];
}

/** What a timer waits for, in words for the Temporal UI. */
export function describeTimer(timer: Timer): string {
  if (timer.timer === 'expiry') return 'the alert expires';
  const what = timer.channel ? `${timer.about} on ${timer.channel}` : timer.about;
  return `notice ${timer.notice} about ${what}`;
}
