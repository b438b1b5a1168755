import type { ChannelName } from './revision.js';
import type { Instant } from './time.js';

/** What a ladder is climbed for: an approval that waits, an alert that is not live, or one that does not come down. */
export type EscalationAbout = 'approval' | 'notLive' | 'notStoodDown';

/** How far the ladder of an open escalation has been climbed. */
export interface LadderProgress {
  readonly about: EscalationAbout;
  readonly channel: ChannelName | null;
  /** How many notices went out: one a rung, then one each time the last rung repeats. */
  readonly notified: number;
  readonly lastAt: Instant;
  readonly acknowledgedBy: string | null;
}
