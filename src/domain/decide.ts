import { type CaseState, isClosed } from './case.js';
import type { CaseNumber } from './case-number.js';
import { COMMANDS, type Malformed, type SignalCommand, type Stamp } from './command.js';
import { decideStep } from './decide-step.js';
import { decideTimer } from './decide-timer.js';
import { LADDER_FOR, openLadders } from './escalation.js';
import type { CaseEvent } from './event.js';
import { evolveAll } from './evolve.js';
import type { RunKind, Tier, TierPolicy } from './policy.js';
import { isSettled, type Step, type StepOutcome } from './publication.js';
import { type Refusal, refuse } from './refusal.js';
import { CHANNELS, type ChannelName, type Sha256 } from './revision.js';
import type { Instant } from './time.js';
import type { Timer } from './timer.js';

/** The report that opens a case: what the workflow is started with. Content stays in PostgreSQL, bound by the digest. */
export type ReportCommand = Stamp & {
  readonly kind: 'report';
  readonly caseNumber: CaseNumber;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  readonly askedRadiusKm: number;
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  /** The digest of revision 1, written by the actor. */
  readonly digest: Sha256;
};

export type Command = ReportCommand | SignalCommand | Malformed;

/** Everything a case decides on: what people ask, what falls due, and what came of a step on a channel. */
export type Input =
  | Command
  | { readonly kind: 'timer'; readonly timer: Timer }
  | { readonly kind: 'noticeAbandoned'; readonly noticeId: string }
  | { readonly kind: 'stepStarts'; readonly channel: ChannelName; readonly step: Step }
  | { readonly kind: 'stepEnded'; readonly channel: ChannelName; readonly step: Step; readonly outcome: StepOutcome };

/**
 * What a case makes of an input: the events that follow from it, or for a command the reason why it is refused.
 * Pure; nothing else decides. A timer or an outcome that the state no longer waits for has no events.
 */
export function decide(state: CaseState | null, input: Input, now: Instant): CaseEvent[] | Refusal {
  const decided = rule(state, input, now);
  return Array.isArray(decided) ? withClosing(state, decided, now) : decided;
}

function rule(state: CaseState | null, input: Input, now: Instant): CaseEvent[] | Refusal {
  if (input.kind === 'malformed') return refuse('malformed_command', input.problem);
  if (input.kind === 'report') return state ? refuse('already_reported') : report(input);
  if (state === null) return refuse('case_unknown');
  switch (input.kind) {
    case 'timer':
      return decideTimer(state, input.timer, now);
    case 'noticeAbandoned':
      return [{ type: 'noticeAbandoned', noticeId: input.noticeId, at: now }];
    case 'stepStarts':
      return [{ type: 'stepStarted', channel: input.channel, step: input.step }];
    case 'stepEnded':
      return decideStep(state, input.channel, input.step, input.outcome, now);
    default:
      return decideSignal(state, input, now);
  }
}

function report(command: ReportCommand): CaseEvent[] | Refusal {
  if (!roleMay(command)) return refuse('role_may_not');
  const {
    caseNumber,
    tier,
    runKind,
    jurisdiction,
    askedRadiusKm,
    policyVersion,
    policy,
    digest,
    actor,
    at,
    commandId,
  } = command;
  return [
    {
      type: 'caseOpened',
      reportCommandId: commandId,
      caseNumber,
      tier,
      runKind,
      jurisdiction,
      policyVersion,
      policy,
      reportedAt: at,
      askedRadiusKm,
      revision: { number: 1, digest, author: actor },
    },
  ];
}

function decideSignal(state: CaseState, command: SignalCommand, now: Instant): CaseEvent[] | Refusal {
  if (!roleMay(command)) return refuse('role_may_not');
  if (command.kind === 'acknowledge') return acknowledge(state, command.actor);
  if (isClosed(state.status) || state.status === 'standing_down') return refuse('case_ended');
  const by = command.actor;
  switch (command.kind) {
    case 'approve': {
      if (state.status !== 'awaiting_approval') return refuse('not_awaiting_approval');
      if (by === state.revision.author) return refuse('own_revision');
      if (command.digest !== state.revision.digest) return refuse('stale_digest');
      return [
        { type: 'approved', revision: state.revision, by, at: now, expiresAt: now + state.policy.expiresAfterMs },
      ];
    }
    case 'reject':
      if (state.status !== 'awaiting_approval') return refuse('not_awaiting_approval');
      return [{ type: 'rejected', by, at: now }];
    case 'childFound':
      return [{ type: 'found', by, at: now, outcome: command.outcome }];
    case 'cancel':
      return [{ type: 'cancelled', by, at: now, reason: command.reason }];
  }
}

/** Quietens every ladder that somebody was notified on and that the person stands on. */
function acknowledge(state: CaseState, by: string): CaseEvent[] | Refusal {
  const open = openLadders(state);
  if (open.length === 0) return refuse('nothing_to_acknowledge');
  const theirs = open.filter(({ about }) =>
    state.policy.ladders[LADDER_FOR[about]].rungs.some(({ people }) => people.includes(by)),
  );
  if (theirs.length === 0) return refuse('not_on_ladder');
  return theirs.map(({ about, channel }) => ({ type: 'acknowledged', about, channel, by }));
}

function roleMay({ kind, role }: ReportCommand | SignalCommand): boolean {
  return (COMMANDS[kind].roles as readonly string[]).includes(role);
}

/** A case that has ended closes with the very event that lets go of its last channel. */
function withClosing(state: CaseState | null, events: CaseEvent[], now: Instant): CaseEvent[] {
  const after = evolveAll(state, events);
  if (after?.status !== 'standing_down') return events;
  const settled = CHANNELS.every((channel) => isSettled(after.publications[channel]));
  return settled ? [...events, { type: 'closed', at: now }] : events;
}
