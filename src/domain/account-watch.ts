import { type CaseStatus, isClosed } from './case.js';
import type { Marker } from './case-number.js';
import type { ObjectState } from './publication.js';
import type { ChannelName } from './channel.js';
import { HOUR, type Instant, type Milliseconds, MINUTE } from './time.js';

/** A post of ours, by its marker, as it is on an account. */
export interface MarkedPost {
  readonly channel: ChannelName;
  /** The id under which it is removed: a Facebook post's, or an Instagram media's. */
  readonly id: string;
  readonly marker: Marker;
  /** Whether the public sees it. */
  readonly live: boolean;
  readonly createdAt: Instant;
}

/** What a case knows and wants of a channel, read **after** the post was seen there. */
export interface CaseOnChannel {
  readonly status: CaseStatus | 'accepted';
  /** The revision that ought to be there; null when nothing may be. */
  readonly wanted: number | null;
  readonly objects: readonly {
    readonly objectId: string;
    readonly postId: string | null;
    readonly revision: number;
    readonly state: ObjectState;
    /** Whether a person put it there, under an id that nobody has told the case. */
    readonly byHand: boolean;
    /** Whether what the public sees is made when it is published, under an id that its case learns only then. */
    readonly postsAnew: boolean;
  }[];
  readonly stepInFlight: boolean;
  /** Whether all this is as the case itself sees it: its journal has come as far as the case had when it was asked. */
  readonly caughtUp: boolean;
}

/** Since when, and in how many runs of the watch without a gap, a post has been seen that its case does not know; this run included. */
export interface Sighting {
  readonly since: Instant;
  readonly runs: number;
}

/**
 * - `ours`: the case knows it, and sees to it.
 * - `remove`: no case wants it.
 * - `report`: a person has to judge.
 * - `later`: it cannot be told yet.
 */
export type Verdict = 'ours' | 'remove' | 'report' | 'later';

/** A staged object is made known to its case by the answer of a step that lasts seconds: one this old has been forgotten. */
export const LEFTOVER_AFTER: Milliseconds = HOUR;

/** A live post that cannot be judged for so long is shown to a person. */
export const UNSETTLED_AFTER: Milliseconds = 30 * MINUTE;

const ENOUGH_RUNS = 2;

/** The channels on which what the public sees has another id than what was staged, so that a case may not know it at once. */
const NAMED_ANEW: ReadonlySet<ChannelName> = new Set(['instagram']);

/**
 * The one rule of the account watch: what is to be done about a post that is on an account. A post that a case is publishing, or has
 * published, must never be removed, and this is why none is:
 *
 * 1. *The post was seen before the case was read.* A post is flipped by an id that its case knows before the flip is sent, so whatever
 *    was live when it was seen was known to its case, if ever, at a moment before the case was read. (What is posted anew has an id that
 *    nobody knows before; see 6.)
 * 2. *A closed case has let go of every channel for good.* Whatever carries its marker is unwanted, at once: a late effect, an orphan.
 * 3. *What an open case does not know may only be missing from what was read of it*: flipped and not journalled yet, or forgotten by a
 *    database restored from a backup. So nothing is removed unless `caughtUp`, which compares the journal with the case itself, asked
 *    between the two readings: then what was read is younger than the post, and holds whatever the case knew of it. A restored
 *    database never gets there, because its journal stays behind its case and takes no entry after a gap.
 * 4. *Nor while a step is in flight on the channel, nor at first sight*: two runs in a row, each by itself sufficient, guard against
 *    a channel that shows what it should not.
 * 5. *The last live post of the wanted revision stays*, whoever made it: the case may have lost sight of it, and a child is sought. It
 *    is a duplicate only beside one that the case knows to be live.
 * 6. On Instagram a case knows its container and finds the media by its marker. So a media of a revision of which the case has an
 *    object whose media it has not identified yet may be that very media, and counts as known. So may, on any channel, a post of a
 *    revision of which the case has an object that posts anew and whose post it has not identified, or that a person said to have
 *    published by hand, without its id.
 *
 * Nothing is left in silence: a live post that cannot be judged within `UNSETTLED_AFTER` is reported, as is one of a case that the
 * database does not know. The latter is never removed, for it may be another installation's on the same account.
 * @param theCase null when the database does not know the case
 */
export function judge(post: MarkedPost, theCase: CaseOnChannel | null, sighting: Sighting, now: Instant): Verdict {
  const age = now - post.createdAt;
  if (theCase === null) return post.live || age > LEFTOVER_AFTER ? 'report' : 'later';
  if (isOver(theCase)) return 'remove';
  if (isKnown(post, theCase)) return 'ours';
  if (!post.live && age <= LEFTOVER_AFTER) return 'later';
  const certain = theCase.caughtUp && !theCase.stepInFlight && sighting.runs >= ENOUGH_RUNS;
  if (certain && !isPerhapsTheOnlyOne(post, theCase)) return 'remove';
  return post.live && now - sighting.since > UNSETTLED_AFTER ? 'report' : 'later';
}

/** Whether a case wants nothing on any channel ever again. */
export function isOver({ status }: Pick<CaseOnChannel, 'status'>): boolean {
  return status !== 'accepted' && isClosed(status);
}

/** Whether a post is, or may be, one of the objects that its case knows. */
export function isKnown({ channel, id, marker }: MarkedPost, { objects }: Pick<CaseOnChannel, 'objects'>): boolean {
  return objects.some(
    ({ objectId, postId, revision, byHand, postsAnew }) =>
      objectId === id ||
      postId === id ||
      (postId === null && revision === marker.revision && (byHand || postsAnew || NAMED_ANEW.has(channel))),
  );
}

function isPerhapsTheOnlyOne({ live, marker }: MarkedPost, { wanted, objects }: CaseOnChannel): boolean {
  const hasAnother = objects.some(({ revision, state }) => revision === wanted && state === 'live');
  return live && marker.revision === wanted && !hasAnother;
}
