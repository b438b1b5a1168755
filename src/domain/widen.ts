import type { CaseState } from './case.js';
import type { CaseEvent } from './event.js';
import type { Instant } from './time.js';

/**
 * Takes the next step of the approved area plan; nothing when there is none left.
 * @param by who asked for it; null when the plan's own time has come
 */
export function widenOnce({ revision, widened }: CaseState, by: string | null, now: Instant): CaseEvent[] {
  const step = revision.area.widening[widened];
  return step ? [{ type: 'widened', step: widened + 1, radiusKm: step.radiusKm, by, at: now }] : [];
}
