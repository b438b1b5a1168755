import { type CaseState, wanted } from './case.js';
import type { CaseEvent } from './event.js';
import {
  type ChannelObject,
  type Hold,
  isInDoubt,
  isOvertaken,
  isThroughPeople,
  keepsNewestWaiting,
  type Publication,
  type Step,
  type StepOutcome,
} from './publication.js';
import type { ChannelName } from './channel.js';
import { HOUR, type Instant, MINUTE, type Milliseconds, SECOND } from './time.js';

// How long the next step waits, doubling from the first to the second with every failure in a row.
const UNCERTAIN: Waits = { first: SECOND, most: 30 * SECOND };
/** What a person must mend is tried again now and then, so that the alert moves on by itself once it is mended. */
const REFUSED: Waits = { first: 30 * SECOND, most: 5 * MINUTE };
/** When the channel does not say for how long. */
const THROTTLED: Waits = { first: SECOND, most: MINUTE };
/** A late flip is most likely soon after it was sent. */
const LINGERING: Waits = { first: 5 * SECOND, most: 15 * MINUTE };

/** What was sent and is not found may come late, and only a person can say that it is not there. */
const NOT_FOUND: Waits = { first: SECOND, most: 2 * MINUTE };

/** "No such object" right after it was made or flipped can be a lie of the platform (100/33); past this age it is believed. */
const BELIEVED_ABSENT_AFTER: Milliseconds = 30 * SECOND;

/**
 * How long a post that was sent and never seen is looked for once nothing is wanted any more. What appears later is the account
 * watch's to remove.
 */
const APPEARS_WITHIN: Milliseconds = HOUR;

interface Waits {
  readonly first: Milliseconds;
  readonly most: Milliseconds;
}

/** What the outcome of a step means for a channel. The step must be the one in flight. */
export function decideStep(
  state: CaseState,
  channel: ChannelName,
  step: Step,
  outcome: StepOutcome,
  now: Instant,
): CaseEvent[] {
  const publication = state.publications[channel];
  const hold = (cause: Hold['cause'], code: string, waits: Waits): Hold => ({
    cause,
    code,
    until: now + backOff(waits, publication),
  });
  const stepHeld = (why: Hold): CaseEvent[] => {
    const newest = keepsNewestWaiting(publication, wanted(state, channel)) ? ({ newestWaits: true } as const) : {};
    return [{ type: 'stepHeld', channel, step, hold: { ...why, ...newest }, at: now }];
  };
  const held = (cause: Hold['cause'], code: string, waits: Waits): CaseEvent[] => stepHeld(hold(cause, code, waits));

  /**
   * Neither published nor known not to be. It is not sent again: that could make two posts of one. It is looked for on and on, and once
   * it is no longer merely late a person is asked.
   */
  const notFound = ({ flippedAt }: ChannelObject): CaseEvent[] =>
    now - (flippedAt ?? 0) < BELIEVED_ABSENT_AFTER
      ? held('uncertain', 'not_found', UNCERTAIN)
      : held('notFound', 'not_found', NOT_FOUND);

  switch (outcome.result) {
    case 'notSent':
      // Called off because something else is wanted now; or it came to nothing by itself, and must not spin.
      return isOvertaken(publication, wanted(state, channel))
        ? [{ type: 'stepCalledOff', channel, step }]
        : held('uncertain', 'not_sent', UNCERTAIN);
    case 'throttled': {
      const until = now + Math.max(outcome.retryAfterMs, backOff(THROTTLED, publication));
      return stepHeld({ cause: 'throttled', code: outcome.code, until });
    }
    case 'refused': {
      const refused = hold('refused', outcome.code, REFUSED);
      const { commentsClosed } = outcome;
      return stepHeld(commentsClosed ? { ...refused, commentsClosed } : refused);
    }
    case 'staged':
      return [{ type: 'alertStaged', channel, step, object: outcome.object, reach: outcome.reach, at: now }];
    default:
      break;
  }

  const object = objectOf(publication, step);
  // A person confirmed meanwhile that it is gone.
  if (!object) return [{ type: 'stepCalledOff', channel, step }];
  const objectId = object.id;
  switch (outcome.result) {
    case 'live':
      return [{ type: 'alertLive', channel, objectId, postId: outcome.postId, permalink: outcome.permalink, at: now }];
    case 'updated': {
      const { revision, digest, radiusKm } = step;
      const shownIn = radiusKm === undefined ? {} : { radiusKm };
      return [{ type: 'alertUpdated', channel, objectId, revision, digest, ...shownIn, at: now }];
    }
    case 'handedOver':
      return step.kind === 'expire'
        ? [{ type: 'alertAskedBack', channel, objectId, at: now }]
        : [{ type: 'alertHandedOver', channel, objectId, at: now }];
    case 'notEditable':
      return [{ type: 'alertNotEditable', channel, objectId }];
    case 'notLive':
      if (isInDoubt(object)) return notFound(object);
      return [{ type: 'alertNotLive', channel, objectId, hold: hold('uncertain', 'not_live', UNCERTAIN) }];
    case 'unknown': {
      // Only a flip leaves the object itself in doubt; a look or a removal is simply done again.
      if (step.kind !== 'publish') return held('uncertain', outcome.code, UNCERTAIN);
      const { code } = outcome;
      // Looking settles it and need not wait; handing it over once more waits for whoever did not take it.
      const again = isThroughPeople(publication) ? { hold: hold('uncertain', code, UNCERTAIN) } : {};
      return [{ type: 'publicationUncertain', channel, objectId, code, ...again, at: now }];
    }
    case 'removed':
      return [{ type: 'alertRemoved', channel, objectId, at: now }];
    case 'absent':
      if (isInDoubt(object) && step.kind === 'look') return notFound(object);
      if (now - Math.max(object.stagedAt, object.flippedAt ?? 0) < BELIEVED_ABSENT_AFTER)
        return held('uncertain', 'absent', UNCERTAIN);
      return step.kind === 'expire'
        ? [{ type: 'alertRemoved', channel, objectId, at: now }]
        : [{ type: 'objectLost', channel, objectId }];
    case 'notSeen':
      return appearsUntil(object) <= now
        ? [{ type: 'alertRemoved', channel, objectId, at: now }]
        : [{ type: 'alertNotSeen', channel, objectId, hold: hold('lingering', 'not_seen', LINGERING) }];
  }
}

function backOff({ first, most }: Waits, { failures }: Publication): Milliseconds {
  return Math.min(most, first * 2 ** Math.min(failures, 20));
}

/** Until when something that was sent, and is not seen, may still be seen. */
function appearsUntil({ postsAnew, flippedAt, lapsesAt }: ChannelObject): Instant {
  return postsAnew && flippedAt !== null ? flippedAt + APPEARS_WITHIN : (lapsesAt ?? 0);
}

function objectOf({ objects }: Publication, step: Step): ChannelObject | undefined {
  return objects.find((object) => object.id === step.objectId);
}
