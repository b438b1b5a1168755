import type { GraphClient } from '../channels/graph-client.js';
import { pause } from '../channels/pause.js';
import { type CaseNumber, marker } from '../domain/case-number.js';
import { HOUR, MINUTE, type Milliseconds, SECOND } from '../domain/time.js';
import type { Account, AccountPost } from '../ports/account.js';
import type { AlertContent, ObjectToPublish, StepRun } from '../ports/alert-channel.js';
import type { StagedObject } from '../domain/publication.js';

/** How long the probe waits for what a channel shows late. */
export interface Patience {
  /** Until what was published is seen. */
  readonly seenWithin: Milliseconds;
  /** For a second post to appear that should not. */
  readonly secondWithin: Milliseconds;
}

export const PATIENCE: Patience = { seenWithin: 30 * SECOND, secondWithin: 5 * SECOND };

const LOOK_EVERY: Milliseconds = 500;

/** What the probe of a channel works with. */
export interface ProbeTools {
  readonly graph: GraphClient;
  /** Ids of what was made unpublished, whether or not a list shows it. */
  readonly hidden: readonly string[];
  readonly account: Account;
  /** A number that no case has: whatever carries it is the probe's. */
  readonly caseNumber: CaseNumber;
  readonly imageUrl: string;
  readonly countries: readonly string[];
  readonly patience: Patience;
  readonly signal: AbortSignal;
}

/** A step of the probe. */
export function stepOf({ signal }: Pick<ProbeTools, 'signal'>): StepRun {
  return { signal, sendBefore: Date.now() + MINUTE, heartbeat: () => undefined };
}

/** Neutral text, in both languages. */
export function contentOf({ caseNumber, imageUrl, countries }: ProbeTools, revision: number): AlertContent {
  const text = [
    'اختبار تقني لنظام نشر. لم يحدث شيء، ويُرجى تجاهله. سيُحذف خلال دقيقة.',
    'A technical test of a publishing system. Nothing has happened; please ignore it. It is deleted within a minute.',
    '',
    marker(caseNumber, revision),
  ].join('\n');
  return {
    caseNumber,
    revision,
    digest: '',
    runKind: 'test',
    text,
    altText: 'A test picture of plain shapes',
    imageUrl,
    askedRadiusKm: 1,
    countries,
  };
}

/** A staged object as the adapters take it. */
export function placedOf(
  { caseNumber }: ProbeTools,
  staged: StagedObject,
  changes: Partial<ObjectToPublish['object']> = {},
): ObjectToPublish {
  const object = {
    revision: 1,
    digest: '',
    state: 'staged',
    flippedAt: null,
    postId: null,
    permalink: null,
    stagedAt: Date.now(),
    byHand: false,
    notEditable: false,
    postsAnew: false,
    radiusKm: null,
    ...staged,
    ...changes,
  } as const;
  // It leaves of the day's posts what a drill has to leave.
  return { caseNumber, runKind: 'test', need: 'drill', object };
}

/** What of the probe is on the account, seen or not, as far as the channel lists it. */
export async function madeByProbe({ account, caseNumber, signal }: ProbeTools): Promise<AccountPost[]> {
  const all = await account.list(Date.now() - HOUR, { signal, heartbeat: () => undefined });
  return all.filter((post) => post.marker?.caseNumber === caseNumber);
}

/** What of the probe the public sees. */
export async function shownByProbe(tools: ProbeTools): Promise<AccountPost[]> {
  return (await madeByProbe(tools)).filter(({ live }) => live);
}

/** Asks until the answer is not false, for so long and no longer. */
export async function eventually<T>(
  ask: () => Promise<T | false>,
  within: Milliseconds,
  signal: AbortSignal,
): Promise<T | false> {
  const deadline = Date.now() + within;
  for (;;) {
    const answer = await ask();
    if (answer !== false || Date.now() >= deadline) return answer;
    await pause(Math.min(LOOK_EVERY, within), signal);
  }
}
