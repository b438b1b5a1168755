import { type CaseState, type CaseStatus, type Ending } from './case.js';
import type { CaseEvent } from './event.js';
import { isSameEscalation, openLadders } from './escalation.js';
import { type ChannelObject, emptyPublication, type Publication } from './publication.js';
import type { ChannelName } from './revision.js';

/** The state after one more event. The first event of a case is `caseOpened`, preceded only by the record of its report. */
export function evolve(state: CaseState | null, event: CaseEvent): CaseState | null {
  if (event.type === 'caseOpened') return openCase(event);
  // The record of the report comes before the case it opens: `openCase` counts it as answered.
  if (state === null) return null;
  return keepOpenLadders(apply(state, event));
}

/** The state after several events. */
export function evolveAll(state: CaseState | null, events: readonly CaseEvent[]): CaseState | null {
  return events.reduce(evolve, state);
}

function openCase(event: Extract<CaseEvent, { type: 'caseOpened' }>): CaseState {
  const { caseNumber, tier, runKind, jurisdiction, policyVersion, policy, reportedAt, askedRadiusKm, revision } = event;
  return {
    caseNumber,
    tier,
    runKind,
    jurisdiction,
    policyVersion,
    policy,
    status: 'awaiting_approval',
    reportedAt,
    askedRadiusKm,
    revision,
    approval: null,
    expiresAt: null,
    ending: null,
    publications: { facebook: emptyPublication('facebook'), instagram: emptyPublication('instagram') },
    ladders: [],
    answered: [event.reportCommandId],
    newestCommand: 1,
  };
}

function apply(state: CaseState, event: Exclude<CaseEvent, { type: 'caseOpened' }>): CaseState {
  switch (event.type) {
    case 'commandAccepted':
    case 'commandRefused':
      return {
        ...state,
        answered: [...state.answered, event.commandId],
        newestCommand: Math.max(state.newestCommand, event.number ?? 0),
      };
    case 'approved':
      return {
        ...state,
        status: 'active',
        approval: { revision: event.revision, by: event.by, at: event.at },
        expiresAt: event.expiresAt,
      };
    case 'rejected':
      return end(state, { as: 'rejected', at: event.at });
    case 'found':
      return end(state, { as: 'resolved', at: event.at, outcome: event.outcome });
    case 'cancelled':
      return end(state, { as: 'cancelled', at: event.at, reason: event.reason });
    case 'expired':
      return end(state, { as: 'expired', at: event.at });
    case 'noticeAbandoned':
      return state;
    case 'closed':
      return { ...state, status: closedStatus(state) };
    case 'rungNotified': {
      const { about, channel, notice, at } = event;
      const before = state.ladders.find((progress) => isSameEscalation(progress, event));
      const others = state.ladders.filter((progress) => !isSameEscalation(progress, event));
      const acknowledgedBy = before?.acknowledgedBy ?? null;
      return { ...state, ladders: [...others, { about, channel, notified: notice, lastAt: at, acknowledgedBy }] };
    }
    case 'acknowledged':
      return {
        ...state,
        ladders: state.ladders.map((progress) =>
          isSameEscalation(progress, event) ? { ...progress, acknowledgedBy: event.by } : progress,
        ),
      };
    default:
      return onChannel(state, event.channel, (publication) => evolvePublication(publication, event));
  }
}

type ChannelEvent = Extract<CaseEvent, { channel: ChannelName }>;

function evolvePublication(publication: Publication, event: ChannelEvent): Publication {
  switch (event.type) {
    case 'stepStarted':
      return { ...publication, inFlight: event.step, hold: null };
    case 'stepCalledOff':
      return { ...publication, inFlight: null };
    case 'alertStaged': {
      const { id, attachments, lapsesAt } = event.object;
      const { revision, digest } = event.step;
      const object: ChannelObject = {
        id,
        revision,
        digest,
        state: 'staged',
        flippedAt: null,
        attachments,
        postId: null,
        permalink: null,
        stagedAt: event.at,
        lapsesAt,
      };
      return { ...succeeded(publication), objects: [...publication.objects, object], reach: event.reach };
    }
    case 'alertLive': {
      const { postId, permalink } = event;
      const liveSince = publication.liveSince ?? event.at;
      return {
        ...withObject(succeeded(publication), event.objectId, {
          state: 'live',
          flippedAt: event.at,
          postId,
          permalink,
        }),
        liveSince,
        removedAt: null,
      };
    }
    case 'publicationUncertain':
      return withObject(failed(publication), event.objectId, { state: 'unknown', flippedAt: event.at });
    case 'alertNotLive':
      return { ...withObject(failed(publication), event.objectId, { state: 'staged' }), hold: event.hold };
    case 'alertNotSeen':
      return { ...withObject(failed(publication), event.objectId, { state: 'watched' }), hold: event.hold };
    case 'objectLost':
      return withoutObject(succeeded(publication), event.objectId);
    case 'alertRemoved':
      return { ...withoutObject(succeeded(publication), event.objectId), removedAt: event.at };
    case 'stepHeld':
      return {
        ...failed(publication),
        hold: event.hold,
        refusedSince:
          event.hold.cause === 'refused' ? (publication.refusedSince ?? event.at) : publication.refusedSince,
      };
  }
}

function succeeded(publication: Publication): Publication {
  return { ...publication, inFlight: null, hold: null, failures: 0, refusedSince: null };
}

function failed(publication: Publication): Publication {
  return { ...publication, inFlight: null, failures: publication.failures + 1 };
}

function withObject(publication: Publication, id: string, change: Partial<ChannelObject>): Publication {
  const objects = publication.objects.map((object) => (object.id === id ? { ...object, ...change } : object));
  return { ...publication, objects };
}

function withoutObject(publication: Publication, id: string): Publication {
  return { ...publication, objects: publication.objects.filter((object) => object.id !== id) };
}

function onChannel(
  state: CaseState,
  channel: ChannelName,
  change: (publication: Publication) => Publication,
): CaseState {
  return { ...state, publications: { ...state.publications, [channel]: change(state.publications[channel]) } };
}

function end(state: CaseState, ending: Ending): CaseState {
  const ended: CaseState = { ...state, status: 'standing_down', ending, expiresAt: null };
  return (Object.keys(state.publications) as ChannelName[]).reduce(
    (before, channel) => onChannel(before, channel, startRemoval),
    ended,
  );
}

/** A removal begins afresh: it waits for nothing that publishing waited for, but for a throttle, which waiting alone ends. */
function startRemoval(publication: Publication): Publication {
  const hold = publication.hold?.cause === 'throttled' ? publication.hold : null;
  return { ...publication, hold, failures: 0, refusedSince: null };
}

function closedStatus({ ending }: CaseState): CaseStatus {
  if (!ending) throw new TypeError('a case closes only after it ended');
  return ending.as;
}

/** What a ladder was climbed for is over: should it come again, the ladder is climbed from its first rung. */
function keepOpenLadders(state: CaseState): CaseState {
  const ladders = openLadders(state);
  return ladders.length === state.ladders.length ? state : { ...state, ladders };
}
