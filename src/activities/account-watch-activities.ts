import { Context } from '@temporalio/activity';
import {
  type CaseOnChannel,
  isKnown,
  isOver,
  judge,
  type MarkedPost,
  type Sighting,
  type Verdict,
} from '../domain/account-watch.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { Notice } from '../domain/notice.js';
import type { Tier } from '../domain/policy.js';
import type { StepOutcome } from '../domain/publication.js';
import { isReserved, type Quota } from '../domain/quota.js';
import type { AccountChannel } from '../domain/channel.js';
import { HOUR, type Instant, type Milliseconds } from '../domain/time.js';
import type { Account, AccountPost } from '../ports/account.js';
import type { AccountFindings, DueReport, Judged, OpenFinding } from '../ports/account-findings.js';
import { type AlertChannel, ChannelFailure, type PlacedObject } from '../ports/alert-channel.js';
import type { Notifier } from '../ports/notifier.js';
import { irreversible, stepRun } from './channel-activities.js';

/** What the account watch needs. */
export interface AccountWatchPorts {
  /** Of the channels whose accounts can be listed. */
  readonly accounts: Readonly<Partial<Record<AccountChannel, Account>>>;
  readonly channels: Readonly<Record<AccountChannel, Pick<AlertChannel, 'expire'>>>;
  readonly findings: AccountFindings;
  /** How far a case has come: the number of the newest entry of its journal, written or not; null when it does not say. */
  readonly newestEntry: (caseNumber: CaseNumber) => Promise<number | null>;
  readonly notifier: Notifier;
  /** Who is told first of what needs an administrator. */
  readonly administrators: (tier: Tier) => readonly string[];
  readonly now?: () => Instant;
}

/** A look over one account. */
export interface LookTarget {
  readonly channel: AccountChannel;
  /** Which run of the watch it is: tried again, it counts once. */
  readonly run: string;
  /** Back to the first post there is, and not only over the last weeks. */
  readonly whole: boolean;
}

/** What is on an account, in numbers. */
export interface LookCounts {
  readonly unmarked: number;
  readonly ours: number;
  readonly later: number;
  readonly report: number;
  readonly remove: number;
}

/** What is to be removed: its id, and the ids of what it is made of. */
export interface Unwanted {
  readonly objectId: string;
  readonly attachments: readonly string[];
}

export type Look =
  | {
      readonly result: 'seen';
      readonly counts: LookCounts;
      readonly unwanted: readonly Unwanted[];
      readonly quota?: Quota;
    }
  /** The channel does not let itself be looked at now; when it is throttled, not before a while has passed. */
  | { readonly result: 'notSeen'; readonly code: string; readonly retryAfterMs: Milliseconds }
  /** The channel has no account that can be listed. */
  | { readonly result: 'noAccount' };

/** What came of an attempt to remove a post; `kept` when a second judgement found that it is not, or no longer, to be removed. */
export type RemovalOutcome = StepOutcome | { readonly result: 'kept' };

/** What administrators are to be told. */
export interface TellTarget {
  readonly run: string;
  /** Of the channels that say it. */
  readonly quotas?: Readonly<Partial<Record<AccountChannel, Quota>>>;
}

/** What the account watch does. Texts of posts stay inside: only ids and numbers come back. */
export interface AccountWatchActivities {
  /** Lists an account, judges what carries a marker, and records what is found. Changes nothing on the account. */
  readonly lookOverAccount: (target: LookTarget) => Promise<Look>;
  /** Judges a post again and removes it: at most one call that cannot be undone, and its outcome. */
  readonly removeUnwanted: (target: { readonly channel: AccountChannel } & Unwanted) => Promise<RemovalOutcome>;
  /** Tells administrators what needs a person, unless they were told within the hour, and once a day that few posts are left. Returns how many notices went out. */
  readonly tellAdministrators: (target: TellTarget) => Promise<number>;
}

/** Late effects and leftovers are young. What is older was looked at when it was young, and again by the look over the whole. */
const LOOK_BACK: Milliseconds = 30 * 24 * HOUR;

/** How far Meta's clock and ours may lie apart. */
const CLOCKS_APART: Milliseconds = HOUR;

/** As seldom as a person can be reminded who has other things to do at night. */
const TELL_AGAIN_AFTER: Milliseconds = HOUR;

/** Makes the activities of the account watch. */
export function createAccountWatchActivities(ports: AccountWatchPorts): AccountWatchActivities {
  const { accounts, channels, findings, newestEntry, notifier, administrators, now = Date.now } = ports;

  /**
   * The cases of posts that have been seen. Those that are open and do not know a post are asked how far they have come, and read again
   * after they have answered: what is read then holds all that they knew when they were asked.
   */
  async function readCases(
    channel: AccountChannel,
    posts: readonly MarkedPost[],
  ): Promise<Map<CaseNumber, CaseOnChannel>> {
    const numbers = [...new Set(posts.map(({ marker }) => marker.caseNumber))];
    const first = await findings.readCases(channel, numbers);
    const isDoubtful = (post: MarkedPost): boolean => {
      const theCase = first.get(post.marker.caseNumber);
      return theCase !== undefined && !isOver(theCase) && !isKnown(post, theCase);
    };
    const doubtful = [...new Set(posts.filter(isDoubtful).map(({ marker }) => marker.caseNumber))];
    const newest = new Map<CaseNumber, number | null>();
    for (const number of doubtful) newest.set(number, await newestEntry(number));
    const second = doubtful.length > 0 ? await findings.readCases(channel, doubtful) : first;
    return new Map(
      [...first, ...second].map(([number, { journalSeq, ...reading }]) => {
        const asked = newest.get(number) ?? null;
        return [number, { ...reading, caughtUp: asked !== null && journalSeq >= asked }];
      }),
    );
  }

  async function look(account: Account, { channel, run, whole }: LookTarget): Promise<Look> {
    const context = Context.current();
    const open = new Map((await findings.openFindings(channel)).map((finding) => [finding.post.id, finding]));
    const began = now();
    const since = whole ? 0 : Math.min(began - LOOK_BACK, ...[...open.values()].map(({ post }) => post.createdAt));
    // What is on the account first, what the cases know of it after: `judge` rests on this order.
    const posts = await account.list(since - CLOCKS_APART, {
      signal: context.cancellationSignal,
      heartbeat: () => context.heartbeat(),
    });
    const marked = posts.flatMap((post) => markedPost(channel, post) ?? []);
    const cases = await readCases(channel, marked);
    const judged = marked.map((post): Judged => {
      const sighting = sightingOf(open.get(post.id), run, began);
      return { post, verdict: judge(post, cases.get(post.marker.caseNumber) ?? null, sighting, began) };
    });
    await findings.record({ channel, run, since, judged }, began);
    const unwanted = new Set(judged.flatMap(({ post, verdict }) => (verdict === 'remove' ? [post.id] : [])));
    const quota = await quotaOf(account, context.cancellationSignal);
    const attempts = (id: string): number => open.get(id)?.attempts ?? 0;
    return {
      result: 'seen',
      counts: { unmarked: posts.length - marked.length, ...countsOf(judged) },
      unwanted: posts
        .filter(({ id }) => unwanted.has(id))
        .sort((a, b) => attempts(a.id) - attempts(b.id))
        .map((post) => ({ objectId: post.id, attachments: post.attachments })),
      ...(quota && { quota }),
    };
  }

  return {
    async lookOverAccount(target) {
      const account = accounts[target.channel];
      if (!account) return { result: 'noAccount' };
      try {
        return await look(account, target);
      } catch (error) {
        if (!(error instanceof ChannelFailure)) throw error;
        const { kind, code, retryAfterMs } = error;
        // What passes by itself is tried again at once; what does not, in a later run.
        if (kind === 'throttled' || kind === 'refused') return { result: 'notSeen', code, retryAfterMs };
        throw error;
      }
    },

    async removeUnwanted({ channel, objectId, attachments }) {
      const finding = (await findings.openFindings(channel)).find(({ post }) => post.id === objectId);
      if (!finding) return { result: 'kept' };
      const { post, sighting } = finding;
      const theCase = (await readCases(channel, [post])).get(post.marker.caseNumber) ?? null;
      if (judge(post, theCase, sighting, now()) !== 'remove') return { result: 'kept' };
      const outcome = await irreversible(async () => ({
        result: await channels[channel].expire(asPlaced(post, attachments, now()), stepRun()),
      }));
      if (outcome.result !== 'notSent') await findings.recordRemoval(channel, objectId, ended(outcome), now());
      return outcome;
    },

    async tellAdministrators({ run, quotas = {} }) {
      const { cancellationSignal } = Context.current();
      const due = await findings.dueReports(run, now() - TELL_AGAIN_AFTER);
      const failures: unknown[] = [];
      for (const report of due) {
        try {
          // The urgent tier's people, when the case is not known and so may be urgent.
          const people = administrators(report.tier ?? 'amber');
          await notifier.notify(noticeOf(report, people, now()), cancellationSignal);
          await findings.markReported(report, now());
        } catch (error) {
          failures.push(error);
        }
      }
      const few = fewLeft(quotas, administrators('amber'), now());
      for (const notice of few) {
        await notifier.notify(notice, cancellationSignal).catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw failures[0];
      return due.length + few.length;
    },
  };
}

function markedPost(channel: AccountChannel, { id, marker, live, createdAt }: AccountPost): MarkedPost | undefined {
  return marker ? { channel, id, marker, live, createdAt } : undefined;
}

function sightingOf(finding: OpenFinding | undefined, run: string, now: Instant): Sighting {
  if (!finding) return { since: now, runs: 1 };
  const { since, runs } = finding.sighting;
  return { since, runs: finding.run === run ? runs : runs + 1 };
}

function countsOf(judged: readonly Judged[]): Record<Verdict, number> {
  const counts: Record<Verdict, number> = { ours: 0, later: 0, report: 0, remove: 0 };
  for (const { verdict } of judged) counts[verdict] += 1;
  return counts;
}

/**
 * A post as the channel's own removal takes it: seen on the account by this very id, so that nothing has to be looked for, and flipped,
 * so that it is not taken for something that nobody has seen. Its digest plays no part in a removal.
 */
function asPlaced(post: MarkedPost, attachments: readonly string[], now: Instant): PlacedObject {
  const { id, marker, live, createdAt } = post;
  return {
    caseNumber: marker.caseNumber,
    runKind: 'actual',
    object: {
      id,
      revision: marker.revision,
      digest: '',
      state: live ? 'live' : 'staged',
      flippedAt: now,
      postId: id,
      permalink: null,
      stagedAt: createdAt,
      attachments,
      lapsesAt: null,
      byHand: false,
      notEditable: false,
      postsAnew: false,
      radiusKm: null,
    },
  };
}

function ended(outcome: StepOutcome): { code: string; gone: boolean; refused: boolean } {
  const gone = outcome.result === 'removed' || outcome.result === 'absent';
  return { code: 'code' in outcome ? outcome.code : outcome.result, gone, refused: outcome.result === 'refused' };
}

/** Nothing of an account depends on what it says of its quota. */
async function quotaOf(account: Account, signal: AbortSignal): Promise<Quota | undefined> {
  try {
    return await account.quota?.({ signal });
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return undefined;
  }
}

/** A notice of each account that has only its reserve left. Its id is that of the day, under which nobody is told twice. */
function fewLeft(quotas: TellTarget['quotas'] & object, people: readonly string[], at: Instant): Notice[] {
  const day = new Date(at).toISOString().slice(0, 10);
  return Object.entries(quotas)
    .filter(([, quota]) => isReserved(quota, 'routine'))
    .map(([channel, quota]) => ({
      id: `quota:${channel}:${day}`,
      caseNumber: null,
      tier: 'amber',
      runKind: 'actual',
      people,
      subject: { about: 'quota', channel: channel as AccountChannel, ...quota },
      at,
    }));
}

function noticeOf(report: DueReport, people: readonly string[], at: Instant): Notice {
  const { id, caseNumber, channel, problem, objectIds, tier, runKind } = report;
  return {
    id,
    caseNumber,
    tier: tier ?? 'amber',
    runKind: runKind ?? 'actual',
    people,
    subject: { about: 'account', channel, problem, posts: objectIds.length },
    at,
  };
}
