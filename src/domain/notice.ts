import type { CaseState, Ending } from './case.js';
import type { CaseNumber } from './case-number.js';
import { everyone, openLadders, isQuiet, isSameEscalation } from './escalation.js';
import type { CaseEvent } from './event.js';
import type { EscalationAbout } from './ladder.js';
import type { RunKind, Tier } from './policy.js';
import type { ChannelName } from './revision.js';
import type { Instant } from './time.js';

/** What people are told: something waits for them, or the case has ended. Never who the child is. */
export type NoticeSubject =
  | { readonly about: EscalationAbout; readonly channel: ChannelName | null; readonly notice: number }
  | { readonly about: 'ended'; readonly as: Ending['as'] };

/** A notice to staff, by staff id. How each is reached is not the case's to know. */
export interface Notice {
  /** The same for every attempt to send it. */
  readonly id: string;
  readonly caseNumber: CaseNumber;
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
      return { ...notice, people, at, subject: { about, channel, notice: count } };
    }
    case 'rejected':
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
  if (subject.about === 'ended') return true;
  return openLadders(state).some((open) => isSameEscalation(open, subject) && !isQuiet(open));
}
