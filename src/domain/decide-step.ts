import type { CaseState } from './case.js';
import type { CaseEvent } from './event.js';
import type { ChannelObject, Hold, Publication, Step, StepOutcome } from './publication.js';
import type { ChannelName } from './revision.js';
import { type Instant, MINUTE, type Milliseconds, SECOND } from './time.js';

// How long the next step waits, doubling from the first to the second with every failure in a row.
const UNCERTAIN: Waits = { first: SECOND, most: 30 * SECOND };
/** What a person must mend is tried again now and then, so that the alert moves on by itself once it is mended. */
const REFUSED: Waits = { first: 30 * SECOND, most: 5 * MINUTE };
/** A late flip is most likely soon after it was sent. */
const LINGERING: Waits = { first: 5 * SECOND, most: 15 * MINUTE };

/** "No such object" right after it was made or flipped can be a lie of the platform (100/33); past this age it is believed. */
const BELIEVED_ABSENT_AFTER: Milliseconds = 30 * SECOND;

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
    until: now + Math.min(waits.most, waits.first * 2 ** Math.min(publication.failures, 20)),
  });
  const held = (cause: Hold['cause'], code: string, waits: Waits): CaseEvent[] => [
    { type: 'stepHeld', channel, step, hold: hold(cause, code, waits), at: now },
  ];

  switch (outcome.result) {
    case 'notSent':
      return [{ type: 'stepCalledOff', channel, step }];
    case 'throttled': {
      const until = now + Math.max(SECOND, outcome.retryAfterMs);
      return [{ type: 'stepHeld', channel, step, hold: { cause: 'throttled', code: outcome.code, until }, at: now }];
    }
    case 'refused':
      return held('refused', outcome.code, REFUSED);
    case 'staged':
      return [{ type: 'alertStaged', channel, step, object: outcome.object, reach: outcome.reach, at: now }];
    default:
      break;
  }

  const object = objectOf(publication, step);
  if (!object) return held('uncertain', `${outcome.result}_without_object`, UNCERTAIN);
  const objectId = object.id;
  switch (outcome.result) {
    case 'live':
      return [{ type: 'alertLive', channel, objectId, postId: outcome.postId, permalink: outcome.permalink, at: now }];
    case 'notLive':
      return [{ type: 'alertNotLive', channel, objectId, hold: hold('uncertain', 'not_live', UNCERTAIN) }];
    case 'unknown':
      // Only a flip leaves the object itself in doubt; a look or a removal is simply done again.
      return step.kind === 'publish'
        ? [{ type: 'publicationUncertain', channel, objectId, code: outcome.code, at: now }]
        : held('uncertain', outcome.code, UNCERTAIN);
    case 'removed':
      return [{ type: 'alertRemoved', channel, objectId, at: now }];
    case 'absent':
      if (now - Math.max(object.stagedAt, object.flippedAt ?? 0) < BELIEVED_ABSENT_AFTER)
        return held('uncertain', 'absent', UNCERTAIN);
      return step.kind === 'expire'
        ? [{ type: 'alertRemoved', channel, objectId, at: now }]
        : [{ type: 'objectLost', channel, objectId }];
    case 'notSeen':
      return object.lapsesAt === null || object.lapsesAt <= now
        ? [{ type: 'alertRemoved', channel, objectId, at: now }]
        : [{ type: 'alertNotSeen', channel, objectId, hold: hold('lingering', 'not_seen', LINGERING) }];
  }
}

function objectOf({ objects }: Publication, step: Step): ChannelObject | undefined {
  return objects.find((object) => object.id === step.objectId);
}
