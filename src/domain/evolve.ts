import { type CaseState, type CaseStatus, type Ending, radiusKm, wanted } from './case.js';
import type { CaseEvent } from './event.js';
import { isSameEscalation, openLadders } from './escalation.js';
import type { EscalationAbout } from './ladder.js';
import {
  type ChannelObject,
  emptyPublication,
  type Hold,
  nextStep,
  objectFor,
  type Publication,
} from './publication.js';
import { CHANNELS, type ChannelName } from './channel.js';

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
  const { caseNumber, tier, runKind, jurisdiction, reissueOf, policyVersion, policy, reportedAt, revision } = event;
  return {
    caseNumber,
    tier,
    runKind,
    jurisdiction,
    reissueOf,
    policyVersion,
    policy,
    status: 'awaiting_approval',
    waitingSince: reportedAt,
    revision,
    newestRevision: revision.number,
    amendment: null,
    wrongBefore: 0,
    approval: null,
    activeSince: null,
    widened: 0,
    reviewedAt: null,
    expiresAt: null,
    ending: null,
    publications: {
      facebook: emptyPublication('facebook'),
      instagram: emptyPublication('instagram'),
      'meta-partner': emptyPublication('meta-partner'),
    },
    ladders: [],
    answered: [event.reportCommandId],
    newestCommand: 1,
  };
}

function apply(state: CaseState, event: Exclude<CaseEvent, { type: 'caseOpened' }>): CaseState {
  switch (event.type) {
    case 'commandAccepted':
    case 'commandRefused': {
      const answered = [...state.answered, event.commandId];
      // Stored commands are numbered from 1 and come in their order, each answered once: a higher number was made up, in a signal by hand.
      const number = event.number !== null && event.number <= answered.length ? event.number : 0;
      return { ...state, answered, newestCommand: Math.max(state.newestCommand, number) };
    }
    case 'returned':
      return { ...state, status: 'returned', waitingSince: event.since };
    case 'resubmitted': {
      const { revision, since } = event;
      const waiting = { ...state, status: 'awaiting_approval', waitingSince: since, revision } as const;
      return withoutLadder({ ...waiting, newestRevision: revision.number }, 'approval');
    }
    case 'approved': {
      const { revision, by, at, expiresAt } = event;
      const approved: CaseState = {
        ...state,
        status: 'active',
        approval: { revision, by, at },
        activeSince: at,
        expiresAt,
      };
      // What held up its staging before does not hold up its publication.
      return onEveryChannel(approved, startAfresh);
    }
    case 'amendmentProposed': {
      const { revision, since } = event;
      return withoutLadder({ ...state, amendment: { revision, since }, newestRevision: revision.number }, 'amendment');
    }
    case 'amendmentApproved': {
      const { revision, removeFirst, by, at } = event;
      const wrongBefore = removeFirst ? revision.number : state.wrongBefore;
      // The area plan is part of what was approved: what was taken of the old one says nothing about the new.
      const approved = { ...state, revision, approval: { revision, by, at }, amendment: null, widened: 0, wrongBefore };
      return askReach(onEveryChannel(approved, startAfresh));
    }
    case 'amendmentRejected': {
      const rejected = { ...state, amendment: null };
      // What held up nothing but its staging is over with it.
      return onEveryChannel(rejected, (publication) => {
        const { do: left } = nextStep(publication, wanted(rejected, publication.channel), event.at);
        return left === 'nothing' ? startAfresh(publication) : publication;
      });
    }
    case 'widened':
      return askReach({ ...state, widened: event.step });
    case 'extended':
      return withoutLadder({ ...state, expiresAt: event.expiresAt }, 'expiry');
    case 'rejected':
      return end(state, { as: 'rejected', at: event.at });
    case 'withdrawn':
      return end(state, { as: 'withdrawn', at: event.at });
    case 'found':
      return end(state, { as: 'resolved', at: event.at, outcome: event.outcome });
    case 'cancelled':
      return end(state, { as: 'cancelled', at: event.at, reason: event.reason });
    case 'expired':
      return end(state, { as: 'expired', at: event.at });
    case 'sighted':
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
      // A review is over when somebody has looked: the next one is climbed from its first rung.
      if (event.about === 'review') return withoutLadder({ ...state, reviewedAt: event.at }, 'review');
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
      const { id, attachments, lapsesAt, postsAnew = false, radiusKm = null } = event.object;
      const { revision, digest } = event.step;
      const object: ChannelObject = {
        ...UNTOUCHED,
        id,
        revision,
        digest,
        attachments,
        stagedAt: event.at,
        lapsesAt,
        postsAnew,
        radiusKm,
      };
      return { ...succeeded(publication), objects: [...publication.objects, object], reach: event.reach };
    }
    case 'alertLive': {
      const { objectId, postId, permalink, at } = event;
      return {
        ...withObject(succeeded(publication), objectId, { state: 'live', flippedAt: at, postId, permalink }),
        ...liveAt(publication, at),
      };
    }
    case 'alertUpdated': {
      const { objectId, revision, digest, radiusKm, at } = event;
      const updated = withObject(succeeded(publication), objectId, { revision, digest, flippedAt: at });
      return radiusKm === undefined ? updated : shownIn(updated, objectId, radiusKm);
    }
    case 'alertNotEditable':
      return withObject(succeeded(publication), event.objectId, { notEditable: true });
    case 'publicationConfirmed':
      return confirmed(publication, event);
    case 'publicationUncertain': {
      const uncertain = withObject(failed(publication), event.objectId, { state: 'unknown', flippedAt: event.at });
      return { ...uncertain, hold: event.hold ?? null };
    }
    case 'alertHandedOver':
      return withObject(succeeded(publication), event.objectId, { state: 'handedOver', flippedAt: event.at });
    case 'alertAskedBack':
      return withObject(succeeded(publication), event.objectId, { state: 'takenBack' });
    case 'alertNotLive':
      return { ...withObject(failed(publication), event.objectId, { state: 'staged' }), hold: event.hold };
    case 'alertNotSeen':
      return { ...withObject(failed(publication), event.objectId, { state: 'watched' }), hold: event.hold };
    case 'objectLost':
      return withoutObjects(succeeded(publication), [event.objectId]);
    case 'alertRemoved':
      return { ...withoutObjects(succeeded(publication), [event.objectId]), removedAt: event.at };
    case 'removalConfirmed':
      // Whatever was held up for their sake has been seen to.
      return { ...startAfresh(withoutObjects(publication, event.objectIds)), removedAt: event.at };
    case 'stepHeld':
      return {
        ...failed(publication),
        hold: event.hold,
        refusedSince: WAITS_FOR_A_PERSON.has(event.hold.cause)
          ? (publication.refusedSince ?? event.at)
          : publication.refusedSince,
      };
  }
}

const WAITS_FOR_A_PERSON: ReadonlySet<Hold['cause']> = new Set(['refused', 'notFound']);

/** What is so of an object that nothing has happened to. */
const UNTOUCHED = {
  state: 'staged',
  flippedAt: null,
  postId: null,
  permalink: null,
  attachments: [],
  lapsesAt: null,
  byHand: false,
  notEditable: false,
  postsAnew: false,
  radiusKm: null,
} as const;

/**
 * What a person saw is live: the object we know of, or one that was made by hand. Which of them it is cannot be told of one that is only
 * staged, unless the post's id says so: it is taken for another, which a person has to take down again.
 */
function confirmed(
  publication: Publication,
  { revision, digest, postId, at }: Extract<CaseEvent, { type: 'publicationConfirmed' }>,
): Publication {
  const ours = objectFor(publication.objects, { revision });
  const known = postId === null && ours?.state === 'staged' ? undefined : ours;
  const live = { state: 'live', flippedAt: at, ...(postId === null ? {} : { postId }) } as const;
  const object: ChannelObject = {
    ...UNTOUCHED,
    ...live,
    id: postId ?? `by-hand/${revision}`,
    revision,
    digest,
    stagedAt: at,
    byHand: postId === null,
  };
  const seen = known
    ? withObject(publication, known.id, live)
    : { ...publication, objects: [...publication.objects, object] };
  return { ...seen, hold: null, failures: 0, refusedSince: null, ...liveAt(publication, at) };
}

function shownIn(publication: Publication, objectId: string, radiusKm: number): Publication {
  const { reach } = publication;
  return {
    ...withObject(publication, objectId, { radiusKm }),
    reach: reach && { ...reach, deliveredRadiusKm: radiusKm },
  };
}

function liveAt({ liveSince }: Publication, at: number): Pick<Publication, 'liveSince' | 'removedAt'> {
  return { liveSince: liveSince ?? at, removedAt: null };
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

function withoutObjects(publication: Publication, ids: readonly string[]): Publication {
  return { ...publication, objects: publication.objects.filter((object) => !ids.includes(object.id)) };
}

function onChannel(
  state: CaseState,
  channel: ChannelName,
  change: (publication: Publication) => Publication,
): CaseState {
  return { ...state, publications: { ...state.publications, [channel]: change(state.publications[channel]) } };
}

function onEveryChannel(state: CaseState, change: (publication: Publication) => Publication): CaseState {
  return CHANNELS.reduce((before, channel) => onChannel(before, channel, change), state);
}

/** The radius asked of a channel that has been asked for one. What it delivers, countries, does not change with it. */
function askReach(state: CaseState): CaseState {
  const askedRadiusKm = radiusKm(state);
  return onEveryChannel(state, (publication) =>
    publication.reach ? { ...publication, reach: { ...publication.reach, askedRadiusKm } } : publication,
  );
}

function end(state: CaseState, ending: Ending): CaseState {
  const ended: CaseState = { ...state, status: 'standing_down', ending, amendment: null, expiresAt: null };
  return onEveryChannel(ended, startAfresh);
}

/** What is wanted has changed: nothing waits for what held up the old, but for a throttle, which waiting alone ends. */
function startAfresh(publication: Publication): Publication {
  const hold = publication.hold?.cause === 'throttled' ? publication.hold : null;
  return { ...publication, hold, failures: 0, refusedSince: null };
}

function closedStatus({ ending }: CaseState): CaseStatus {
  if (!ending) throw new TypeError('a case closes only after it ended');
  return ending.as;
}

/** A ladder that is to be climbed from its first rung again: what it was climbed for has begun anew. */
function withoutLadder(state: CaseState, about: EscalationAbout): CaseState {
  return { ...state, ladders: state.ladders.filter((progress) => progress.about !== about) };
}

/** What a ladder was climbed for is over: should it come again, the ladder is climbed from its first rung. */
function keepOpenLadders(state: CaseState): CaseState {
  const ladders = openLadders(state);
  return ladders.length === state.ladders.length ? state : { ...state, ladders };
}
