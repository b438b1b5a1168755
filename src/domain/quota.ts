import type { CaseState } from './case.js';
import type { ChannelName } from './channel.js';

/**
 * What a post is needed for, where all cases share the posts that a channel takes in a day.
 * - `urgent`: an `amber` alert, or whatever follows a post that has been live, such as a correction. It may take the last post there is.
 * - `routine`: the first post of a `missing` alert.
 * - `drill`: an exercise or a test.
 */
export type PostNeed = 'urgent' | 'routine' | 'drill';

/** What the next post of a case on a channel is needed for. */
export function postNeed({ runKind, tier, publications }: CaseState, channel: ChannelName): PostNeed {
  if (runKind !== 'actual') return 'drill';
  return tier === 'amber' || publications[channel].liveSince !== null ? 'urgent' : 'routine';
}

/** How many posts an account has taken of those that it takes within a day. */
export interface Quota {
  readonly used: number;
  readonly total: number;
}

/** The share of a day's posts that is left for what is needed more. */
const LEAVES: Readonly<Record<PostNeed, number>> = { urgent: 0, routine: 0.2, drill: 0.5 };

/** Whether a post may take what is left, whatever that is. */
export function mayTakeTheLast(need: PostNeed): boolean {
  return LEAVES[need] === 0;
}

/** Whether all that is left is reserved for what is needed more than this. */
export function isReserved({ used, total }: Quota, need: PostNeed): boolean {
  return total - used <= Math.ceil(total * LEAVES[need]);
}
