import type { CaseState, Ending } from './case.js';
import type { CaseNumber } from './case-number.js';
import { everyone, openLadders, isQuiet, isSameEscalation } from './escalation.js';
import type { CaseEvent } from './event.js';
import type { EscalationAbout } from './ladder.js';
import type { RunKind, Tier } from './policy.js';
import type { ChannelName } from './channel.js';
import type { Instant } from './time.js';

/** What people are told: something waits for them, or the case has ended. Never who the child is. */
export type NoticeSubject =
  | {
      readonly about: EscalationAbout;
      readonly channel: ChannelName | null;
      readonly notice: number;
      /** Of what holds the channel up, where something does. */
      readonly code?: string;
      /** Whether the newest approved revision waits for the removal that is held up. */
      readonly newestWaits?: true;
    }
  /** To the author: a supervisor sent the revision back. */
  | { readonly about: 'returned'; readonly revision: number }
  | { readonly about: 'amendmentRejected'; readonly revision: number }
  | { readonly about: 'ended'; readonly as: Ending['as'] }
  /** Posts on an account that the account watch leaves to a person. */
  | {
      readonly about: 'account';
      readonly channel: ChannelName;
      readonly problem: AccountProblem;
      readonly posts: number;
    }
  /** What is left of the posts that an account takes in a day is reserved for what is urgent. */
  | { readonly about: 'quota'; readonly channel: ChannelName; readonly used: number; readonly total: number };

/** Why the account watch needs a person: a post cannot be removed, its case is not known here, or it cannot be judged. */
export type AccountProblem = 'notRemoved' | 'unknownCase' | 'unsettled';

/** A notice to staff, by staff id. How each is reached is not the case's to know. */
export interface Notice {
  /** The same for every attempt to send it. */
  readonly id: string;
  /** Null of what is about an account and no case. */
  readonly caseNumber: CaseNumber | null;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly people: readonly string[];
  readonly subject: NoticeSubject;
  readonly at: Instant;
}

/**
 * The notice an event calls for, if any.
 * @param state the case after the event
 * @param seq the event's place in the journal, which makes the notice's id
 */
export function noticeFor(state: CaseState, event: CaseEvent, seq: number): Notice | undefined {
  const { caseNumber, tier, runKind } = state;
  const notice = { id: `${caseNumber}:${seq}`, caseNumber, tier, runKind };
  switch (event.type) {
    case 'rungNotified': {
      const { about, channel, notice: count, people, at } = event;
      const hold = channel && state.publications[channel].hold;
      const waits = hold?.newestWaits ? ({ newestWaits: true } as const) : {};
      const heldBy = hold ? { code: hold.code, ...waits } : {};
      return { ...notice, people, at, subject: { about, channel, notice: count, ...heldBy } };
    }
    case 'returned': {
      const { author, number } = state.revision;
      return { ...notice, people: [author], at: event.since, subject: { about: 'returned', revision: number } };
    }
    case 'amendmentRejected': {
      const { author, number } = event.revision;
      return { ...notice, people: [author], at: event.at, subject: { about: 'amendmentRejected', revision: number } };
    }
    case 'rejected':
    case 'withdrawn':
    case 'found':
    case 'cancelled':
    case 'expired':
      if (!state.ending) return undefined;
      return { ...notice, people: everyone(state), at: event.at, subject: { about: 'ended', as: state.ending.as } };
    default:
      return undefined;
  }
}

/** Whether a notice still tells the truth. One about something that is over is called off, however often it was tried. */
export function isStillDue(state: CaseState, { subject }: Notice): boolean {
  switch (subject.about) {
    case 'ended':
    case 'account':
    case 'quota':
      return true;
    case 'returned':
      return state.status === 'returned' && state.revision.number === subject.revision;
    case 'amendmentRejected':
      return state.status === 'active' && state.amendment === null;
    default:
      return openLadders(state).some((open) => isSameEscalation(open, subject) && !isQuiet(open));
  }
}

/** A notice as an administrator reads it in the Temporal UI. */
export function describeNotice({ subject, people }: Notice): string {
  const what = subject.about === 'ended' ? `case ${subject.as}` : subject.about;
  const where = 'channel' in subject && subject.channel !== null ? ` on ${subject.channel}` : '';
  return `${what}${where}: tell ${people.join(', ')}`;
}
