import { Context } from '@temporalio/activity';
import type { ChannelObject, StagedObject } from '../../src/domain/publication.js';
import type { AccountChannel } from '../../src/domain/channel.js';
import type { AlertChannel, AlertContent, PlacedObject, StepRun } from '../../src/ports/alert-channel.js';

/** What goes out, which is the same on both channels but for its text and image. */
export type BareAlert = Readonly<Record<AccountChannel, AlertContent>>;

interface On {
  readonly channel: AccountChannel;
  readonly alert: BareAlert;
}

/** The three steps on a channel: our own adapters' HTTP calls, and nothing but them. */
export interface BareActivities {
  stage(target: On): Promise<StagedObject>;
  /** Returns the object as it is live. */
  publish(target: On & { readonly staged: StagedObject }): Promise<ChannelObject>;
  expire(target: On & { readonly post: ChannelObject }): Promise<void>;
}

/** Makes the activities of the bare case. */
export function createBareActivities(channels: Readonly<Record<AccountChannel, AlertChannel>>): BareActivities {
  return {
    async stage({ channel, alert }) {
      return (await channels[channel].stage(alert[channel], stepRun())).object;
    },

    async publish({ channel, alert, staged }) {
      const placed = placedAs(alert[channel], staged);
      const post = await channels[channel].publish(placed, stepRun());
      if (typeof post === 'string') throw new Error(`the staged object is ${post}`);
      return { ...placed.object, ...post, state: 'live', flippedAt: Date.now() };
    },

    async expire({ channel, alert, post: object }) {
      const { caseNumber, runKind } = alert[channel];
      await channels[channel].expire({ caseNumber, runKind, object }, stepRun());
    },
  };
}

/** What was just staged of an alert, as its adapter publishes it. */
export function placedAs({ caseNumber, revision, digest, runKind }: AlertContent, staged: StagedObject): PlacedObject {
  const object: ChannelObject = {
    ...staged,
    revision,
    digest,
    state: 'staged',
    flippedAt: null,
    postId: null,
    radiusKm: null,
    permalink: null,
    stagedAt: Date.now(),
    byHand: false,
    notEditable: false,
    postsAnew: false,
  };
  return { caseNumber, runKind, object };
}

function stepRun(): StepRun {
  const { cancellationSignal } = Context.current();
  return { signal: cancellationSignal, sendBefore: Infinity, heartbeat: () => undefined };
}
