import type { ChannelName } from './channel.js';
import type { Instant } from './time.js';

/**
 * What a ladder is climbed for: an approval, a correction or an amendment that waits, an alert that is not live or does not come down,
 * one that has been up for long enough to be looked at again, and one that is about to expire.
 */
export const ESCALATIONS = [
  'approval',
  'correction',
  'amendment',
  'notLive',
  'notStoodDown',
  'review',
  'expiry',
] as const;
export type EscalationAbout = (typeof ESCALATIONS)[number];

/** How far the ladder of an open escalation has been climbed. */
export interface LadderProgress {
  readonly about: EscalationAbout;
  readonly channel: ChannelName | null;
  /** How many notices went out: one a rung, then one each time the last rung repeats. */
  readonly notified: number;
  readonly lastAt: Instant;
  readonly acknowledgedBy: string | null;
}
