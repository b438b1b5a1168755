import { ApplicationFailure, Context } from '@temporalio/activity';
import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind } from '../domain/policy.js';
import type { ChannelObject, StepOutcome } from '../domain/publication.js';
import type { PostNeed } from '../domain/quota.js';
import type { ChannelName } from '../domain/channel.js';
import type { Sha256 } from '../domain/revision.js';
import {
  type AlertChannel,
  type AlertContent,
  type Audience,
  ChannelFailure,
  type LivePost,
  type PlacedObject,
  RemovalRefused,
  type StepRun,
} from '../ports/alert-channel.js';
import { ContentMismatch, type ContentStore } from '../ports/content-store.js';
import { refuseUnlessItCounts } from './still-counts.js';
import { whileBeating } from './while-beating.js';

/** The alert to stage: which revision, bound by its digest, on which channel. */
export interface StageTarget {
  readonly channel: ChannelName;
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly digest: Sha256;
  /** The radius that is asked for: the revision's, or what it has been widened to since. */
  readonly radiusKm: number;
}

/** The object a step acts on. */
export interface StepTarget {
  readonly channel: ChannelName;
  readonly caseNumber: CaseNumber;
  readonly runKind: RunKind;
  readonly object: ChannelObject;
}

/** The object to publish, and what it is needed for where all cases share a quota. */
export interface PublishTarget extends StepTarget {
  readonly need?: PostNeed;
}

/** The object to edit, and the revision it is to show afterwards. */
export interface UpdateTarget extends StepTarget {
  readonly revision: number;
  readonly digest: Sha256;
  /** The radius that is asked for. */
  readonly radiusKm: number;
}

/** What the steps on channels need. */
export interface ChannelActivitiesPorts {
  readonly channels: Readonly<Partial<Record<ChannelName, AlertChannel>>>;
  readonly content: ContentStore;
  /** Whom the credentials of the channels reach. */
  readonly audience: Audience;
}

/** The steps on channels, as the reconciler calls them. */
export interface ChannelActivities {
  /** Makes an object nobody can see. Retries by itself; refusals that a person must mend are returned. */
  readonly stageAlert: (target: StageTarget) => Promise<StepOutcome>;
  /** Makes the staged object public: at most one call that cannot be undone, and its outcome. */
  readonly publishAlert: (target: PublishTarget) => Promise<StepOutcome>;
  /** Makes a live object show another revision, where only its text differs. The same text again changes nothing, so it retries by itself. */
  readonly updateAlert: (target: UpdateTarget) => Promise<StepOutcome>;
  /** Looks at this very object. Retries by itself. */
  readonly lookAtAlert: (target: StepTarget) => Promise<StepOutcome>;
  /** Takes the object off the channel: at most one call that cannot be undone, and its outcome. */
  readonly expireAlert: (target: StepTarget) => Promise<StepOutcome>;
}

/** Nothing irreversible is sent when less than this is left of an attempt: a call has to end before the attempt counts as lost. */
const LAST_CALL_MS = 9_000;

/** What is stored is not what was approved. */
const CONTENT_MISMATCH = 'content/mismatch';

/** Makes the activities that act on channels. */
export function createChannelActivities({ channels, content, audience }: ChannelActivitiesPorts): ChannelActivities {
  const adapter = (channel: ChannelName): AlertChannel => {
    const found = channels[channel];
    // A case goes on with the channels of its policy, whatever this worker was started with since.
    if (!found) throw new ChannelFailure('refused', 'channel/not_set_up');
    return found;
  };

  /**
   * The channel, for a step that shows the public something: whoever is not an actual case is given none that reaches it. Each
   * adapter refuses it a second time.
   */
  const channelFor = ({ channel, runKind }: Pick<StepTarget, 'channel' | 'runKind'>): AlertChannel => {
    if (audience === 'public' && runKind !== 'actual') {
      throw new ChannelFailure('refused', 'no_channel_for_this_run_kind');
    }
    return adapter(channel);
  };

  /** What an object shows that is posted only when it is published. Without it nothing is sent. */
  const contentToPost = async ({ channel, caseNumber, object }: StepTarget): Promise<AlertContent> => {
    const { revision, digest } = object;
    try {
      return await content.load({ channel, caseNumber, revision, digest });
    } catch (error) {
      if (error instanceof ContentMismatch) throw new ChannelFailure('refused', CONTENT_MISMATCH);
      throw new ChannelFailure('notSent', 'content/unavailable');
    }
  };

  return {
    async stageAlert(target) {
      return harmless(async () => {
        const alert = { ...(await content.load(target)), askedRadiusKm: target.radiusKm };
        // By the run kind that stands in the approved manifest.
        const channel = channelFor({ channel: target.channel, runKind: alert.runKind });
        return { result: 'staged', ...(await channel.stage(alert, stepRun())) };
      });
    },

    async publishAlert(target) {
      return irreversible(async () => {
        const run = stepRun();
        const alert = target.object.postsAnew ? await contentToPost(target) : undefined;
        await refuseUnlessItCounts();
        const { need = 'urgent' } = target;
        const post = await channelFor(target).publish({ ...placed(target), need }, run, alert);
        return typeof post === 'string' ? { result: post } : live(post);
      });
    },

    async updateAlert(target) {
      return harmless(async () => {
        const { caseNumber, channel, object, revision } = target;
        const alert = { ...(await content.load(target)), askedRadiusKm: target.radiusKm };
        const shownOn = channelFor({ channel, runKind: alert.runKind });
        const isEdit = await content.hasSameImage({ caseNumber, channel, revisions: [object.revision, revision] });
        const result = isEdit ? await shownOn.update(placed(target), alert, stepRun()) : 'notEditable';
        return { result };
      });
    },

    async lookAtAlert(target) {
      return harmless(async () => {
        const seen = await adapter(target.channel).look(placed(target), stepRun());
        return typeof seen === 'string' ? { result: seen } : live(seen);
      });
    },

    async expireAlert(target) {
      return irreversible(async () => ({
        result: await whileBeating(() => adapter(target.channel).expire(placed(target), stepRun())),
      }));
    },
  };
}

function live(post: LivePost): StepOutcome {
  return { result: 'live', ...post };
}

function placed({ caseNumber, runKind, object }: StepTarget): PlacedObject {
  return { caseNumber, runKind, object };
}

/**
 * A step that may be taken again: what passes by itself is thrown for Temporal to retry, after the time the channel gave; what a
 * person must mend is returned.
 */
async function harmless(step: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await step();
  } catch (error) {
    if (error instanceof ContentMismatch) return { result: 'refused', code: CONTENT_MISMATCH };
    if (!(error instanceof ChannelFailure)) throw error;
    const { kind, code, retryAfterMs } = error;
    if (kind === 'refused') return { result: 'refused', code };
    throw ApplicationFailure.create({
      type: code,
      message: error.message,
      ...(kind === 'throttled' ? { nextRetryDelay: Math.max(1_000, retryAfterMs) } : {}),
    });
  }
}

/** A step with one attempt: whatever happens is an outcome, and what is not known to have failed is unknown. */
export async function irreversible(step: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    const { kind, code, retryAfterMs } = error;
    switch (kind) {
      case 'throttled':
        return { result: 'throttled', code, retryAfterMs };
      case 'refused':
        return error instanceof RemovalRefused && error.commentsClosed
          ? { result: 'refused', code, commentsClosed: true }
          : { result: 'refused', code };
      case 'notSent':
        return { result: 'notSent' };
      case 'unknown':
        return { result: 'unknown', code };
    }
  }
}

/**
 * The moment is the worker's own: a worker that was stopped after this and woke up finds its time over by its own clock, whatever
 * the server's clock says.
 */
export function stepRun(): StepRun {
  const { info, cancellationSignal } = Context.current();
  return {
    signal: cancellationSignal,
    sendBefore: Date.now() + info.startToCloseTimeoutMs - LAST_CALL_MS,
    heartbeat: () => Context.current().heartbeat(),
  };
}
