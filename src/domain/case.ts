import type { AreaSteps } from './area.js';
import type { CaseNumber } from './case-number.js';
import type { CancelReason, FoundOutcome } from './command.js';
import type { LadderProgress } from './ladder.js';
import type { RunKind, Tier, TierPolicy } from './policy.js';
import type { NamedRevision, Publication, Wanted } from './publication.js';
import type { Language } from './report.js';
import { CHANNELS, type ChannelName } from './channel.js';
import type { Sha256 } from './revision.js';
import type { Instant } from './time.js';

/** Where a case is in its life. The last five are for good. */
export const CASE_STATUSES = [
  'awaiting_approval',
  'returned',
  'active',
  'standing_down',
  'resolved',
  'expired',
  'cancelled',
  'rejected',
  'withdrawn',
] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

/** How a case ended: what it becomes once every channel has let go. */
export type Ending =
  | { readonly as: 'resolved'; readonly at: Instant; readonly outcome: FoundOutcome }
  | { readonly as: 'cancelled'; readonly at: Instant; readonly reason: CancelReason }
  | { readonly as: 'expired' | 'rejected' | 'withdrawn'; readonly at: Instant };

/** A revision as the case knows it. The content stays in PostgreSQL, bound by the digest. */
export interface RevisionRef {
  readonly number: number;
  readonly digest: Sha256;
  /** The author's staff id. */
  readonly author: string;
  readonly area: AreaSteps;
  /** In which languages it is not complete; it cannot be approved before none is left. */
  readonly languagesMissing: readonly Language[];
}

/** Who approved which revision, and when. */
export interface Approval {
  readonly revision: RevisionRef;
  readonly by: string;
  readonly at: Instant;
}

/** A new version of an alert that is live, waiting for its approval. */
export interface Amendment {
  readonly revision: RevisionRef;
  /** When it was stored: the ladder for its approval counts from here. */
  readonly since: Instant;
}

/** All that a case decides by. It holds no personal data, free text or place. */
export interface CaseState {
  readonly caseNumber: CaseNumber;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  /** The ended case whose content this one continues. */
  readonly reissueOf: CaseNumber | null;
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  readonly status: CaseStatus;
  /** When the report, its correction or its return was stored: before approval the ladder counts from here. */
  readonly waitingSince: Instant;
  /** The newest revision of the report before its approval; afterwards the approved one. */
  readonly revision: RevisionRef;
  /** The highest number that any revision had: a lower one comes too late. */
  readonly newestRevision: number;
  readonly amendment: Amendment | null;
  /** Revisions below this number show the wrong child or photo. */
  readonly wrongBefore: number;
  /** The approval of the revision that ought to be public: the newest one. */
  readonly approval: Approval | null;
  /** When the alert was first approved: widening and reviews count from here. */
  readonly activeSince: Instant | null;
  /** How many steps of the approved area plan have been taken. */
  readonly widened: number;
  readonly reviewedAt: Instant | null;
  readonly expiresAt: Instant | null;
  readonly ending: Ending | null;
  readonly publications: Readonly<Record<ChannelName, Publication>>;
  readonly ladders: readonly LadderProgress[];
  /** Every command that was ever answered: the same id again has no second effect. */
  readonly answered: readonly string[];
  /** The highest number among the stored commands that arrived; a higher one in PostgreSQL is still on its way. */
  readonly newestCommand: number;
}

/** Whether nothing can happen to the case any more. */
export function isClosed(status: CaseStatus): boolean {
  return isUnpublished(status) ? false : status !== 'active' && status !== 'standing_down';
}

/** Whether the case has not been decided on yet. */
export function isUnpublished(status: CaseStatus): boolean {
  return status === 'awaiting_approval' || status === 'returned';
}

/**
 * What ought to be on a channel, where the policy uses it: the approved revision while the case is active, and before nothing. Where the policy pre-stages,
 * what waits for its approval is staged as well, seen by nobody: alone before the first one, later beside what is live.
 */
export function wanted(state: CaseState, channel: ChannelName): Wanted {
  const { status, approval, revision, amendment, policy, wrongBefore } = state;
  if (!policy.channels.includes(channel)) return null;
  const common = { wrongBefore, radiusKm: radiusKm(state) };
  if (status === 'active' && approval) {
    const next = amendment && preStaged(amendment.revision, policy);
    return { ...nameOf(approval.revision), live: true, next, ...common };
  }
  const first = status === 'awaiting_approval' ? preStaged(revision, policy) : null;
  return first && { ...first, live: false, next: null, ...common };
}

/** What is to be staged of a revision that waits for its approval: nothing of one that could not be approved as it is. */
function preStaged(revision: RevisionRef, { preStaging }: TierPolicy): NamedRevision | null {
  return preStaging && revision.languagesMissing.length === 0 ? nameOf(revision) : null;
}

function nameOf({ number, digest }: RevisionRef): NamedRevision {
  return { revision: number, digest };
}

/** The radius that the alert is to be seen in now, in kilometres. */
export function radiusKm({ revision, widened }: CaseState): number {
  return revision.area.widening[widened - 1]?.radiusKm ?? revision.area.radiusKm;
}

/** The channels on which the public sees the alert, as far as is known. */
export function liveChannels({ publications }: CaseState): ChannelName[] {
  return CHANNELS.filter((channel) => publications[channel].objects.some(({ state }) => state === 'live'));
}
