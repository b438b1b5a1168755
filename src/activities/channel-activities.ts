import { ApplicationFailure, Context } from '@temporalio/activity';
import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind } from '../domain/policy.js';
import type { ChannelObject, StepOutcome } from '../domain/publication.js';
import type { ChannelName, Sha256 } from '../domain/revision.js';
import {
  type AlertChannel,
  ChannelFailure,
  type LivePost,
  type PlacedObject,
  type StepRun,
} from '../ports/alert-channel.js';
import { ContentMismatch, type ContentStore } from '../ports/content-store.js';

/** The alert to stage: which revision, bound by its digest, on which channel. */
export interface StageTarget {
  readonly channel: ChannelName;
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly digest: Sha256;
}

/** The object a step acts on. */
export interface StepTarget {
  readonly channel: ChannelName;
  readonly caseNumber: CaseNumber;
  readonly runKind: RunKind;
  readonly object: ChannelObject;
}

/** What the steps on channels need. */
export interface ChannelActivitiesPorts {
  readonly channels: Readonly<Record<ChannelName, AlertChannel>>;
  readonly content: ContentStore;
}

/** The steps on channels, as the reconciler calls them. */
export interface ChannelActivities {
  /** Makes an object nobody can see. Retries by itself; refusals that a person must mend are returned. */
  readonly stageAlert: (target: StageTarget) => Promise<StepOutcome>;
  /** Makes the staged object public: at most one call that cannot be undone, and its outcome. */
  readonly publishAlert: (target: StepTarget) => Promise<StepOutcome>;
  /** Looks at this very object. Retries by itself. */
  readonly lookAtAlert: (target: StepTarget) => Promise<StepOutcome>;
  /** Takes the object off the channel: at most one call that cannot be undone, and its outcome. */
  readonly expireAlert: (target: StepTarget) => Promise<StepOutcome>;
}

/** Nothing irreversible is sent when less than this is left of an attempt: a call has to end before the attempt counts as lost. */
const LAST_CALL_MS = 9_000;

/** Makes the activities that act on channels. */
export function createChannelActivities({ channels, content }: ChannelActivitiesPorts): ChannelActivities {
  return {
    async stageAlert(target) {
      return harmless(async () => {
        const alert = await content.load(target);
        return { result: 'staged', ...(await channels[target.channel].stage(alert, stepRun())) };
      });
    },

    async publishAlert(target) {
      return irreversible(async () => {
        const post = await channels[target.channel].publish(placed(target), stepRun());
        return post === 'absent' ? { result: 'absent' } : live(post);
      });
    },

    async lookAtAlert(target) {
      return harmless(async () => {
        const seen = await channels[target.channel].look(placed(target), stepRun());
        return typeof seen === 'string' ? { result: seen } : live(seen);
      });
    },

    async expireAlert(target) {
      return irreversible(async () => ({ result: await channels[target.channel].expire(placed(target), stepRun()) }));
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
    if (error instanceof ContentMismatch) return { result: 'refused', code: 'content/mismatch' };
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
async function irreversible(step: () => Promise<StepOutcome>): Promise<StepOutcome> {
  try {
    return await step();
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    const { kind, code, retryAfterMs } = error;
    switch (kind) {
      case 'throttled':
        return { result: 'throttled', code, retryAfterMs };
      case 'refused':
        return { result: 'refused', code };
      case 'notSent':
        return { result: 'notSent' };
      case 'unknown':
        return { result: 'unknown', code };
    }
  }
}

/**
 * The moment is the worker's own: a worker that was stopped and woke up finds its time over by its own clock, whatever the server's
 * clock says.
 */
function stepRun(): StepRun {
  const { info, cancellationSignal } = Context.current();
  return {
    signal: cancellationSignal,
    sendBefore: Date.now() + info.startToCloseTimeoutMs - LAST_CALL_MS,
    heartbeat: () => Context.current().heartbeat(),
  };
}
