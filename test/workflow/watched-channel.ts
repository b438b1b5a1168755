import type { Step, StepKind, StepOutcome } from '../../src/domain/publication.js';
import type { ChannelName } from '../../src/domain/channel.js';
import type { Instant } from '../../src/domain/time.js';
import {
  type AlertChannel,
  ChannelFailure,
  type LivePost,
  type PlacedObject,
  type StepRun,
} from '../../src/ports/alert-channel.js';
import type { ChannelWorld, Manner } from '../given/channel-world.js';

/** How a channel takes a step: by channel, kind of step, and how many of that kind came before on that channel. */
export type Manners = (channel: ChannelName, kind: StepKind, before: number) => Manner;

/** What a step on a channel waits for before it has any effect. */
export type HoldUp = (channel: ChannelName, kind: StepKind, before: number, run: StepRun) => Promise<void>;

/** What a watched channel is told of a test. */
export interface Told {
  readonly manners: Manners;
  readonly holdUp: HoldUp;
  readonly now: () => Promise<Instant>;
}

/** A channel over a world that the test looks into. What it is told may change from step to step. */
export function watchedChannel(world: ChannelWorld, told: Told): AlertChannel {
  const name = world.channel;
  const taken: StepKind[] = [];
  const take = async (kind: StepKind, run: StepRun, placed?: PlacedObject, to?: number): Promise<StepOutcome> => {
    const before = taken.filter((earlier) => earlier === kind).length;
    taken.push(kind);
    await told.holdUp(name, kind, before, run);
    const { id, revision, digest } = placed?.object ?? { id: null, revision: 1, digest: '' };
    const step: Step = { kind, revision: to ?? revision, digest, objectId: id };
    const outcome = world.take(step, placed?.object, told.manners(name, kind, before), await told.now());
    if (outcome.result === 'throttled') throw new ChannelFailure('throttled', outcome.code, outcome.retryAfterMs);
    if (outcome.result === 'refused' || outcome.result === 'unknown')
      throw new ChannelFailure(outcome.result, outcome.code);
    if (outcome.result === 'notSent') throw new ChannelFailure('notSent', 'called_off');
    return outcome;
  };
  const post = (outcome: StepOutcome): LivePost => {
    if (outcome.result !== 'live') throw new Error(`no post: ${outcome.result}`);
    return { postId: outcome.postId, permalink: outcome.permalink };
  };
  return {
    name,
    async stage({ revision }, run) {
      const outcome = await take('stage', run, undefined, revision);
      if (outcome.result !== 'staged') throw new Error(outcome.result);
      return { object: outcome.object, reach: outcome.reach };
    },
    async publish(placed, run) {
      world.needs.push(placed.need);
      const outcome = await take('publish', run, placed);
      return outcome.result === 'absent' ? 'absent' : post(outcome);
    },
    async update(placed, { revision }, run) {
      const { result } = await take('update', run, placed, revision);
      if (result === 'updated' || result === 'notEditable' || result === 'absent') return result;
      throw new Error(result);
    },
    async look(placed, run) {
      const outcome = await take('look', run, placed);
      return outcome.result === 'absent' || outcome.result === 'notLive' ? outcome.result : post(outcome);
    },
    async expire(placed, run) {
      const { result } = await take('expire', run, placed);
      if (result === 'removed' || result === 'absent' || result === 'notSeen') return result;
      throw new Error(result);
    },
  };
}
