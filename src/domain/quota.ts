import type { CaseState } from './case.js';
import type { ChannelName } from './revision.js';

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
