import { ActivityCancellationType, ActivityFailure, proxyActivities, workflowInfo } from '@temporalio/workflow';
import type { AccountWatchActivities, LookCounts, RemovalOutcome } from '../activities/account-watch-activities.js';
import type { Quota } from '../domain/quota.js';
import { type AccountChannel, ACCOUNT_CHANNELS } from '../domain/channel.js';
import { HOUR, type Instant } from '../domain/time.js';
import { TASK_QUEUES } from './task-queues.js';

const { lookOverAccount } = proxyActivities<AccountWatchActivities>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '5 minutes',
  heartbeatTimeout: '30 seconds',
  // What does not pass in a minute is for the next run.
  retry: { initialInterval: '2 seconds', backoffCoefficient: 3, maximumAttempts: 3 },
  priority: { priorityKey: 5 },
});

/** One attempt at what cannot be undone; its HTTP time-out is shorter than this. */
const { removeUnwanted } = proxyActivities<AccountWatchActivities>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '40 seconds',
  retry: { maximumAttempts: 1 },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
});

const { tellAdministrators } = proxyActivities<AccountWatchActivities>({
  taskQueue: TASK_QUEUES.background,
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '2 seconds', backoffCoefficient: 3, maximumAttempts: 3 },
});

/** An account with a long past costs hundreds of calls to list: the whole of it is looked at this often. */
const WHOLE_EVERY = 24 * HOUR;

/** Bounds a run's history; the rest is for the next run, and what could not be removed comes last. */
const MOST_REMOVALS = 50;

/** What a run did on one channel, in numbers, and what the next run has to know. */
export interface ChannelWatch {
  readonly counts: LookCounts | null;
  /** Of the posts that the account takes in a day, where it says so. */
  readonly quota?: Quota;
  readonly removals: Readonly<Partial<Record<RemovalOutcome['result'], number>>>;
  /** Why the account could not be looked at; null when it was. */
  readonly problem: string | null;
  /** When the whole account was last looked at. */
  readonly wholeAt: Instant | null;
  /** The channel asks not to be called before this. */
  readonly notBefore: Instant;
}

export type AccountWatch = Readonly<Partial<Record<AccountChannel, ChannelWatch>>>;

/**
 * One round of the account watch, started by its schedule: compares what is really on each account with what the cases want, removes
 * what no case wants, and tells administrators what they have to see to. So a case may close as soon as its channels have settled.
 * How it is judged, and why a post that is being published is safe, is written in `domain/account-watch`.
 */
export async function accountWatch(): Promise<AccountWatch> {
  const { runId, lastResult } = workflowInfo();
  const before = (lastResult ?? {}) as AccountWatch;
  // Each on its own: a channel that does not answer keeps nothing up on the others.
  const watched = await Promise.all(
    ACCOUNT_CHANNELS.map(async (channel) => [channel, await watch(channel, runId, before[channel])] as const),
  );
  try {
    const quotas = Object.fromEntries(watched.flatMap(([name, seen]) => (seen?.quota ? [[name, seen.quota]] : [])));
    await tellAdministrators({ run: runId, quotas });
  } catch (error) {
    // Nobody was told, which the next run mends; what was learned of the channels must not be lost with it.
    if (!(error instanceof ActivityFailure)) throw error;
  }
  return Object.fromEntries(watched.filter(([, result]) => result !== undefined));
}

async function watch(
  channel: AccountChannel,
  run: string,
  before: ChannelWatch | undefined,
): Promise<ChannelWatch | undefined> {
  const began = Date.now();
  const last = { wholeAt: before?.wholeAt ?? null, notBefore: before?.notBefore ?? 0 };
  const nothing = { ...last, counts: null, removals: {} };
  // Calling while throttled prolongs the throttle.
  if (began < last.notBefore) return { ...nothing, problem: before?.problem ?? 'throttled' };
  const whole = last.wholeAt === null || began - last.wholeAt >= WHOLE_EVERY;
  try {
    const look = await lookOverAccount({ channel, run, whole });
    if (look.result === 'noAccount') return undefined;
    if (look.result === 'notSeen') {
      return { ...nothing, problem: look.code, notBefore: began + look.retryAfterMs };
    }
    const removals: Partial<Record<RemovalOutcome['result'], number>> = {};
    let notBefore = 0;
    for (const { objectId, attachments } of look.unwanted.slice(0, MOST_REMOVALS)) {
      const outcome = await remove(channel, objectId, attachments);
      removals[outcome.result] = (removals[outcome.result] ?? 0) + 1;
      if (outcome.result !== 'throttled') continue;
      notBefore = Date.now() + outcome.retryAfterMs;
      break;
    }
    const quota = look.quota && { quota: look.quota };
    return { counts: look.counts, ...quota, removals, problem: null, wholeAt: whole ? began : last.wholeAt, notBefore };
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { ...nothing, problem: 'look/failed' };
  }
}

/** A removal that was lost with its worker says nothing about its effect: the next run sees. */
async function remove(
  channel: AccountChannel,
  objectId: string,
  attachments: readonly string[],
): Promise<RemovalOutcome> {
  try {
    const summary = `${channel}: remove ${objectId}`;
    return await removeUnwanted.executeWithOptions({ summary }, [{ channel, objectId, attachments }]);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    return { result: 'unknown', code: 'step/lost' };
  }
}
