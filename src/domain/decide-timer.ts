import type { CaseState } from './case.js';
import { dueRungs, isSameEscalation } from './escalation.js';
import type { CaseEvent } from './event.js';
import type { Instant } from './time.js';
import type { Timer } from './timer.js';

/** What a timer that went off means: nothing, once the state no longer waits for it. */
export function decideTimer(state: CaseState, timer: Timer, now: Instant): CaseEvent[] {
  if (timer.timer === 'expiry') {
    return state.expiresAt !== null && state.expiresAt <= now ? [{ type: 'expired', at: now }] : [];
  }
  const due = dueRungs(state).find((rung) => isSameEscalation(rung, timer) && rung.notice === timer.notice);
  if (!due || due.at > now) return [];
  const { about, channel, notice, people } = due;
  return [{ type: 'rungNotified', about, channel, notice, people, at: now }];
}
