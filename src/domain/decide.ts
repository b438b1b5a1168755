import { type CaseState, isClosed, wanted } from './case.js';
import type { Malformed, SignalCommand } from './command.js';
import { decideBeforeApproval } from './decide-before-approval.js';
import { decideStep } from './decide-step.js';
import { decideTimer } from './decide-timer.js';
import { decideWhileActive } from './decide-while-active.js';
import { LADDER_FOR, openLadders } from './escalation.js';
import type { CaseEvent } from './event.js';
import { evolveAll } from './evolve.js';
import { roleMay } from './permissions.js';
import { type ChannelObject, isInDoubt, isSettled, type Step, type StepOutcome } from './publication.js';
import { type Refusal, refuse } from './refusal.js';
import type { ReportCommand } from './report-command.js';
import { CHANNELS, type ChannelName } from './channel.js';
import type { Instant } from './time.js';
import type { Timer } from './timer.js';

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
  if (isOpening(input)) return state ? refuse('already_reported') : open(input);
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

function isOpening(input: Input): input is ReportCommand {
  return input.kind === 'report' || input.kind === 'reissue';
}

function open(command: ReportCommand): CaseEvent[] | Refusal {
  if (!mayAsk(command)) return refuse('role_may_not');
  const { caseNumber, tier, runKind, jurisdiction, reissueOf, policyVersion, policy, revision } = command;
  const { actor: author, at: reportedAt, commandId: reportCommandId } = command;
  return [
    {
      type: 'caseOpened',
      reportCommandId,
      caseNumber,
      tier,
      runKind,
      jurisdiction,
      policyVersion,
      policy,
      reissueOf,
      reportedAt,
      revision: { ...revision, author },
    },
  ];
}

function decideSignal(state: CaseState, command: SignalCommand, now: Instant): CaseEvent[] | Refusal {
  if (!mayAsk(command)) return refuse('role_may_not');
  const by = command.actor;
  switch (command.kind) {
    case 'acknowledge':
      return acknowledge(state, by, now);
    case 'confirmRemoved':
      return confirmRemoved(state, command, now);
    default:
      break;
  }
  if (isClosed(state.status) || state.status === 'standing_down') return refuse('case_ended');
  switch (command.kind) {
    case 'childFound':
      return [{ type: 'found', by, at: now, outcome: command.outcome }];
    case 'cancel':
      return [{ type: 'cancelled', by, at: now, reason: command.reason }];
    case 'reportSighting':
      return [{ type: 'sighted', by, at: now }];
    case 'approve':
    case 'reject':
    case 'return':
    case 'resubmit':
    case 'withdraw':
      return decideBeforeApproval(state, command, now);
    default:
      return state.status === 'active' ? decideWhileActive(state, command, now) : refuse('not_active');
  }
}

/** Quietens every ladder that somebody was notified on and that the person stands on. */
function acknowledge(state: CaseState, by: string, now: Instant): CaseEvent[] | Refusal {
  const open = openLadders(state);
  if (open.length === 0) return refuse('nothing_to_acknowledge');
  const theirs = open.filter(({ about }) =>
    state.policy.ladders[LADDER_FOR[about]].rungs.some(({ people }) => people.includes(by)),
  );
  if (theirs.length === 0) return refuse('not_on_ladder');
  return theirs.map(({ about, channel }) => ({ type: 'acknowledged', about, channel, by, at: now }));
}

/**
 * Lets go of what a person made sure is gone, or never came to be: a post that was sent and is not found, too, which is then posted
 * again. What a step in flight may just be publishing, or finding, is not among it.
 */
function confirmRemoved(
  state: CaseState,
  { channel, ofRevision, actor: by }: Extract<SignalCommand, { kind: 'confirmRemoved' }>,
  now: Instant,
): CaseEvent[] | Refusal {
  const { objects, inFlight } = state.publications[channel];
  const shown = wanted(state, channel);
  const busy = inFlight?.kind === 'expire' ? null : inFlight?.objectId;
  const isWanted = ({ revision }: ChannelObject): boolean =>
    revision === shown?.revision || revision === shown?.next?.revision;
  const isUnwanted = (object: ChannelObject): boolean => !isWanted(object) || isInDoubt(object);
  const isMeant = (object: ChannelObject): boolean => ofRevision === undefined || object.revision === ofRevision;
  const gone = objects.filter((object) => object.id !== busy && isUnwanted(object) && isMeant(object));
  if (gone.length === 0) return refuse('nothing_to_confirm');
  return [{ type: 'removalConfirmed', channel, objectIds: gone.map(({ id }) => id), by, at: now }];
}

function mayAsk(command: ReportCommand | SignalCommand): boolean {
  const { kind, role } = command;
  // Of the channel that they publish on, and no other.
  if (role === 'partner' && 'channel' in command && command.channel !== 'meta-partner') return false;
  return roleMay(role, kind);
}

/** A case that has ended closes with the very event that lets go of its last channel. */
function withClosing(state: CaseState | null, events: CaseEvent[], now: Instant): CaseEvent[] {
  const after = evolveAll(state, events);
  if (after?.status !== 'standing_down') return events;
  const settled = CHANNELS.every((channel) => isSettled(after.publications[channel]));
  return settled ? [...events, { type: 'closed', at: now }] : events;
}
