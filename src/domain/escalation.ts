import { type CaseState, wanted } from './case.js';
import type { EscalationAbout, LadderProgress } from './ladder.js';
import type { LadderName } from './policy.js';
import { isClear } from './publication.js';
import { CHANNELS, type ChannelName } from './revision.js';
import type { Instant } from './time.js';

/** Something a person has to see to. It is open for as long as the state says so, and by nothing else. */
export type Escalation =
  | { readonly about: 'approval'; readonly channel: null; readonly since: Instant }
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
  notLive: 'administrators',
  notStoodDown: 'administrators',
};

/** Everything a person has to see to now or will have to if nothing changes: an escalation may begin in the future. */
export function escalations(state: CaseState): Escalation[] {
  if (state.status === 'awaiting_approval') return [{ about: 'approval', channel: null, since: state.reportedAt }];
  const { policy, approval, ending, publications } = state;
  const open: Escalation[] = [];
  for (const channel of CHANNELS) {
    const publication = publications[channel];
    // A refusal that waiting does not mend is raised at once; anything else has the time the policy gives it.
    const since = (allowedUntil: Instant): Instant => Math.min(allowedUntil, publication.refusedSince ?? allowedUntil);
    if (state.status === 'active' && approval) {
      const revision = wanted(state)?.revision;
      const isLive = publication.objects.some((object) => object.state === 'live' && object.revision === revision);
      if (!isLive) open.push({ about: 'notLive', channel, since: since(approval.at + policy.notLiveAfterMs) });
    }
    if (state.status === 'standing_down' && ending && !isClear(publication)) {
      open.push({ about: 'notStoodDown', channel, since: since(ending.at + policy.notStoodDownAfterMs) });
    }
  }
  return open;
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

/** Whether an administrator should look at the case: it escalated about a channel, or nobody answered the first rung. */
export function needsAttention(state: CaseState): boolean {
  return openLadders(state).some(({ about, notified, acknowledgedBy }) =>
    about === 'approval' ? notified > 1 && acknowledgedBy === null : true,
  );
}

/** Everyone on any ladder of the policy: the people told when a case ends. */
export function everyone({ policy }: CaseState): string[] {
  const people = Object.values(policy.ladders).flatMap((ladder) => ladder.rungs.flatMap((rung) => rung.people));
  return [...new Set(people)];
}
