import type { FacebookStrategy } from '../src/channels/facebook-strategy.js';
import { ACCOUNT_CHANNELS, CHANNELS, type ChannelName } from '../src/domain/channel.js';
import { seenNow, type Sighting } from './sightings.js';

/** What people did in a storm, as far as it says what may be public. Times are those of the simulator's clock, in milliseconds. */
export interface Conduct {
  readonly strategy: FacebookStrategy;
  /** When the approval of each revision was sent, by its number. */
  readonly approvedAt: ReadonlyMap<number, number>;
  /** When somebody, having looked, said that a post which was sent is not there: the fallback strategy then sends it again. */
  readonly confirmedAt: readonly number[];
}

/**
 * Which of the invariants was broken at any moment of a storm, each in a sentence; empty when none was.
 *
 * A revision is one post a channel, ever: nothing that was seen and taken down comes up a second time. While one revision replaces another
 * the old and the new may be there, and never three. Nothing is seen before its approval was sent. The fallback strategy may make a second
 * post of a revision after a person said that the first is not there: it did not know of two. At the partner desk, whose people publish and
 * take down in their own time, an alert stays until they have published its successor (ADR 34): how many are there is counted once
 * things have settled.
 */
export function breachesOf(sightings: readonly Sighting[], conduct: Conduct): string[] {
  return [
    ...CHANNELS.flatMap((channel) => repeated(on(channel, sightings), conduct)),
    ...ACCOUNT_CHANNELS.flatMap((channel) => crowded(channel, on(channel, sightings), conduct)),
    ...unapproved(sightings, conduct),
  ];
}

/** What is wrong with what the public sees of an active case once everything has settled: it is to be one post on each of its channels, of this revision. */
export function breachesWhileActive(
  sightings: readonly Sighting[],
  revision: number,
  channels: readonly ChannelName[] = ACCOUNT_CHANNELS,
): string[] {
  return channels.flatMap((channel) => {
    const seen = on(channel, seenNow(sightings));
    if (seen.length === 1 && seen[0]?.revision === revision) return [];
    return [`${channel} shows ${named(seen)} in place of revision ${revision} alone`];
  });
}

/** What is wrong with what the public sees of a case that has let go of its channels: it is to be nothing. */
export function breachesAfterTheEnd(sightings: readonly Sighting[]): string[] {
  const seen = seenNow(sightings);
  return seen.length === 0 ? [] : [`the case has ended, and the public sees ${named(seen)}`];
}

/**
 * What is wrong with what was seen when a case closed: then the case gave up in silence. Only what surfaces later is the account watch's to
 * remove.
 * @param closedAt in milliseconds
 */
export function breachesOfClosing(sightings: readonly Sighting[], closedAt: number): string[] {
  const left = seenNow(sightings).filter(({ from }) => !(from.at > closedAt));
  return left.length === 0 ? [] : [`the case has closed, and left ${named(left)}`];
}

function on(channel: ChannelName, sightings: readonly Sighting[]): Sighting[] {
  return sightings.filter((one) => one.channel === channel);
}

function repeated(sightings: readonly Sighting[], conduct: Conduct): string[] {
  return sightings.flatMap((later, index) =>
    sightings.slice(0, index).flatMap((earlier) => {
      if (earlier.revision !== later.revision || earlier.id === later.id) return [];
      if (isUnknowing(earlier, later, conduct)) return [];
      return [`${later.channel}: revision ${later.revision} was published as ${earlier.id}, and again as ${later.id}`];
    }),
  );
}

/** Whether a second post was made because a person said that the first is not there. */
function isUnknowing(earlier: Sighting, later: Sighting, { strategy, confirmedAt }: Conduct): boolean {
  if (strategy !== 'single-post' || later.channel !== 'facebook') return false;
  const [first, second] = [earlier.from.at, later.from.at].sort((a, b) => a - b);
  return confirmedAt.some((at) => at < (second ?? 0)) && first !== second;
}

function crowded(channel: ChannelName, sightings: readonly Sighting[], { confirmedAt }: Conduct): string[] {
  const most = 2 + confirmedAt.length;
  return sightings.flatMap(({ from }) => {
    const seen = sightings.filter(
      (one) => one.from.seq <= from.seq && (one.until === null || one.until.seq > from.seq),
    );
    return seen.length > most ? [`${channel} showed ${named(seen)} at a time`] : [];
  });
}

function unapproved(sightings: readonly Sighting[], { approvedAt }: Conduct): string[] {
  return sightings.flatMap(({ channel, id, revision, from }) =>
    from.at < (approvedAt.get(revision) ?? Infinity)
      ? [`${channel} showed revision ${revision} (${id}) before its approval was sent`]
      : [],
  );
}

function named(sightings: readonly Sighting[]): string {
  if (sightings.length === 0) return 'nothing';
  return sightings.map(({ channel, id, revision }) => `${channel} ${id} with revision ${revision}`).join(' and ');
}
