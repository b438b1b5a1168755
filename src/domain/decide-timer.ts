import type { CaseState } from './case.js';
import { dueRungs, isSameEscalation } from './escalation.js';
import type { CaseEvent } from './event.js';
import type { Instant } from './time.js';
import type { Timer } from './timer.js';
import { widenOnce } from './widen.js';

/** What a timer that went off means: nothing, once the state no longer waits for it. */
export function decideTimer(state: CaseState, timer: Timer, now: Instant): CaseEvent[] {
  switch (timer.timer) {
    case 'expiry':
      return state.expiresAt !== null && state.expiresAt <= now ? [{ type: 'expired', at: now }] : [];
    case 'widening': {
      if (state.status !== 'active' || timer.step !== state.widened + 1 || timer.at > now) return [];
      return widenOnce(state, null, now);
    }
    case 'rung': {
      const due = dueRungs(state).find((rung) => isSameEscalation(rung, timer) && rung.notice === timer.notice);
      if (!due || due.at > now) return [];
      const { about, channel, notice, people } = due;
      return [{ type: 'rungNotified', about, channel, notice, people, at: now }];
    }
  }
}
