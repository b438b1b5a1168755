import { type CaseState, wanted } from './case.js';
import type { EscalationAbout, LadderProgress } from './ladder.js';
import type { LadderName } from './policy.js';
import { isClear, objectFor, type Publication, type Wanted } from './publication.js';
import { CHANNELS, type ChannelName } from './channel.js';
import type { Instant } from './time.js';

/** Something a person has to see to. It is open for as long as the state says so, and by nothing else. */
export type Escalation =
  | {
      readonly about: Exclude<EscalationAbout, 'notLive' | 'notStoodDown'>;
      readonly channel: null;
      readonly since: Instant;
    }
  | { readonly about: 'notLive' | 'notStoodDown'; readonly channel: ChannelName; readonly since: Instant };

/** The people of a rung, due to be notified of an escalation. */
export interface DueRung {
  readonly about: EscalationAbout;
  readonly channel: ChannelName | null;
  /** Counts on while the last rung repeats. */
  readonly notice: number;
  readonly people: readonly string[];
  readonly at: Instant;
}

/** Which ladder is climbed for what. */
export const LADDER_FOR: Readonly<Record<EscalationAbout, LadderName>> = {
  approval: 'supervisors',
  correction: 'supervisors',
  amendment: 'supervisors',
  review: 'supervisors',
  expiry: 'supervisors',
  notLive: 'administrators',
  notStoodDown: 'administrators',
};

/** Everything a person has to see to now or will have to if nothing changes: an escalation may begin in the future. */
export function escalations(state: CaseState): Escalation[] {
  const { status, waitingSince } = state;
  switch (status) {
    case 'awaiting_approval':
      return [{ about: 'approval', channel: null, since: waitingSince }];
    case 'returned':
      return [{ about: 'correction', channel: null, since: waitingSince }];
    case 'active':
      return [...whileActive(state), ...CHANNELS.flatMap((channel) => onActiveChannel(state, channel))];
    case 'standing_down':
      return CHANNELS.flatMap((channel) => onEndedChannel(state, channel));
    default:
      return [];
  }
}

function whileActive({ amendment, activeSince, reviewedAt, expiresAt, policy }: CaseState): Escalation[] {
  const open: Escalation[] = [];
  if (amendment) open.push({ about: 'amendment', channel: null, since: amendment.since });
  const lookedAt = reviewedAt ?? activeSince;
  if (lookedAt !== null) open.push({ about: 'review', channel: null, since: lookedAt + policy.reviewEveryMs });
  if (expiresAt !== null) open.push({ about: 'expiry', channel: null, since: expiresAt - policy.expiryWarningMs });
  return open;
}

function onActiveChannel(state: CaseState, channel: ChannelName): Escalation[] {
  const { approval, policy } = state;
  const publication = state.publications[channel];
  const revision = wanted(state, channel);
  if (!approval || !revision) return [];
  const shown = objectFor(publication.objects, revision);
  if (shown?.state !== 'live') {
    return [{ about: 'notLive', channel, since: raisedAt(approval.at + policy.notLiveAfterMs, publication) }];
  }
  if (!hasLeftover(publication, revision)) return [];
  const replacedAt = shown.flippedAt ?? shown.stagedAt;
  return [{ about: 'notStoodDown', channel, since: raisedAt(replacedAt + policy.notStoodDownAfterMs, publication) }];
}

/** Whether the public may see an older revision beside the one that is wanted. */
function hasLeftover({ objects }: Publication, revision: NonNullable<Wanted>): boolean {
  return objects.some((object) => object.revision !== revision.revision && object.state !== 'staged');
}

function onEndedChannel({ ending, policy, publications }: CaseState, channel: ChannelName): Escalation[] {
  const publication = publications[channel];
  if (!ending || isClear(publication)) return [];
  return [{ about: 'notStoodDown', channel, since: raisedAt(ending.at + policy.notStoodDownAfterMs, publication) }];
}

/** A refusal that waiting does not mend is raised at once; anything else has the time the policy gives it. */
function raisedAt(allowedUntil: Instant, { refusedSince }: Publication): Instant {
  return Math.min(allowedUntil, refusedSince ?? allowedUntil);
}

/** Whether two name the same escalation. */
export function isSameEscalation(
  a: { about: EscalationAbout; channel: ChannelName | null },
  b: { about: EscalationAbout; channel: ChannelName | null },
): boolean {
  return a.about === b.about && a.channel === b.channel;
}

/** The next rung of every open ladder, with the moment it is due; one already acknowledged has none. */
export function dueRungs(state: CaseState): DueRung[] {
  return escalations(state).flatMap((escalation) => {
    const ladder = state.policy.ladders[LADDER_FOR[escalation.about]];
    const progress = state.ladders.find((candidate) => isSameEscalation(candidate, escalation));
    if (progress && isQuiet(progress)) return [];
    const notified = progress?.notified ?? 0;
    const rung = ladder.rungs[notified] ?? ladder.rungs.at(-1);
    if (!rung) return [];
    const at =
      notified < ladder.rungs.length
        ? escalation.since + rung.afterMs
        : (progress?.lastAt ?? escalation.since) + ladder.repeatEveryMs;
    return [{ about: escalation.about, channel: escalation.channel, notice: notified + 1, people: rung.people, at }];
  });
}

/**
 * Whether an acknowledgement has quietened a ladder. A post that stays up after its case ended is never quiet: only the removal
 * ends that ladder.
 */
export function isQuiet({ about, acknowledgedBy }: LadderProgress): boolean {
  return acknowledgedBy !== null && about !== 'notStoodDown';
}

/** How high the highest open ladder has been climbed: 0 when nobody had to be notified. */
export function escalationLevel(state: CaseState): number {
  return Math.max(0, ...openLadders(state).map(({ notified }) => notified));
}

/** The ladders on which somebody has been notified of something that is still open. */
export function openLadders(state: CaseState): LadderProgress[] {
  const open = escalations(state);
  return state.ladders.filter((progress) => open.some((escalation) => isSameEscalation(progress, escalation)));
}

/** Whether somebody should look at the case: it escalated about a channel, or nobody answered the first rung. */
export function needsAttention(state: CaseState): boolean {
  return openLadders(state).some(({ about, notified, acknowledgedBy }) =>
    LADDER_FOR[about] === 'supervisors' ? notified > 1 && acknowledgedBy === null : true,
  );
}

/** Everyone on any ladder of the policy: the people told when a case ends. */
export function everyone({ policy }: CaseState): string[] {
  const people = Object.values(policy.ladders).flatMap((ladder) => ladder.rungs.flatMap((rung) => rung.people));
  return [...new Set(people)];
}
