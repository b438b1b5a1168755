import type { CaseNumber } from './case-number.js';
import type { CancelReason, FoundOutcome } from './command.js';
import type { LadderProgress } from './ladder.js';
import type { RunKind, Tier, TierPolicy } from './policy.js';
import type { Publication, Wanted } from './publication.js';
import { CHANNELS, type ChannelName, type Sha256 } from './revision.js';
import type { Instant } from './time.js';

/** Where a case is in its life. The last four are for good. */
export const CASE_STATUSES = [
  'awaiting_approval',
  'active',
  'standing_down',
  'resolved',
  'expired',
  'cancelled',
  'rejected',
] as const;
export type CaseStatus = (typeof CASE_STATUSES)[number];

/** How a case ended: what it becomes once every channel has let go. */
export type Ending =
  | { readonly as: 'resolved'; readonly at: Instant; readonly outcome: FoundOutcome }
  | { readonly as: 'expired'; readonly at: Instant }
  | { readonly as: 'cancelled'; readonly at: Instant; readonly reason: CancelReason }
  | { readonly as: 'rejected'; readonly at: Instant };

/** A revision as the case knows it: its number, its digest and who wrote it. The content stays in PostgreSQL. */
export interface RevisionRef {
  readonly number: number;
  readonly digest: Sha256;
  /** The author's staff id. */
  readonly author: string;
}

/** Who approved which revision, and when. */
export interface Approval {
  readonly revision: RevisionRef;
  readonly by: string;
  readonly at: Instant;
}

/** All that a case decides by. It holds no personal data, free text or place. */
export interface CaseState {
  readonly caseNumber: CaseNumber;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  readonly status: CaseStatus;
  /** When the report was stored: the ladder for its approval counts from here. */
  readonly reportedAt: Instant;
  readonly askedRadiusKm: number;
  readonly revision: RevisionRef;
  readonly approval: Approval | null;
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
  return status === 'resolved' || status === 'expired' || status === 'cancelled' || status === 'rejected';
}

/** What ought to be on the channels: the approved revision while the case is active, else nothing. */
export function wanted({ status, approval }: CaseState): Wanted {
  if (status !== 'active' || !approval) return null;
  return { revision: approval.revision.number, digest: approval.revision.digest };
}

/** The channels on which the public sees the alert, as far as is known. */
export function liveChannels({ publications }: CaseState): ChannelName[] {
  return CHANNELS.filter((channel) => publications[channel].objects.some(({ state }) => state === 'live'));
}
