import type { RevisionRef } from './case.js';
import type { CaseNumber } from './case-number.js';
import type { CancelReason, CommandKind, FoundOutcome, Role } from './command.js';
import type { EscalationAbout } from './ladder.js';
import type { RunKind, Tier, TierPolicy } from './policy.js';
import type { Hold, Reach, StagedObject, Step } from './publication.js';
import type { ChannelName, Sha256 } from './revision.js';
import type { RefusalCode } from './refusal.js';
import type { Instant } from './time.js';

/** Who sent a command, as it is recorded. A malformed signal names nobody. */
export interface Sender {
  readonly commandId: string;
  readonly number: number | null;
  readonly command: CommandKind;
  readonly actor: string | null;
  readonly role: Role | null;
  readonly noteDigest: Sha256 | null;
}

/**
 * What happened in a case. Each is one entry of its journal: one for every command, accepted or refused, and one for every
 * change of state. Events hold no personal data, free text or place.
 */
export type CaseEvent =
  | (Sender & { readonly type: 'commandAccepted' })
  | (Sender & { readonly type: 'commandRefused'; readonly code: RefusalCode; readonly problem: string | null })
  | {
      readonly type: 'caseOpened';
      readonly reportCommandId: string;
      readonly caseNumber: CaseNumber;
      readonly tier: Tier;
      readonly runKind: RunKind;
      readonly jurisdiction: string;
      readonly policyVersion: string;
      readonly policy: TierPolicy;
      readonly reportedAt: Instant;
      readonly askedRadiusKm: number;
      readonly revision: RevisionRef;
    }
  | {
      readonly type: 'approved';
      readonly revision: RevisionRef;
      readonly by: string;
      readonly at: Instant;
      readonly expiresAt: Instant;
    }
  | { readonly type: 'rejected'; readonly by: string; readonly at: Instant }
  | { readonly type: 'found'; readonly by: string; readonly at: Instant; readonly outcome: FoundOutcome }
  | { readonly type: 'cancelled'; readonly by: string; readonly at: Instant; readonly reason: CancelReason }
  | { readonly type: 'expired'; readonly at: Instant }
  | { readonly type: 'closed'; readonly at: Instant }
  | {
      readonly type: 'rungNotified';
      readonly about: EscalationAbout;
      readonly channel: ChannelName | null;
      readonly notice: number;
      readonly people: readonly string[];
      readonly at: Instant;
    }
  | {
      readonly type: 'acknowledged';
      readonly about: EscalationAbout;
      readonly channel: ChannelName | null;
      readonly by: string;
    }
  /** A notice could not be delivered for so long that it was given up. */
  | { readonly type: 'noticeAbandoned'; readonly noticeId: string; readonly at: Instant }
  | { readonly type: 'stepStarted'; readonly channel: ChannelName; readonly step: Step }
  | { readonly type: 'stepCalledOff'; readonly channel: ChannelName; readonly step: Step }
  | {
      readonly type: 'alertStaged';
      readonly channel: ChannelName;
      readonly step: Step;
      readonly object: StagedObject;
      readonly reach: Reach;
      readonly at: Instant;
    }
  | {
      readonly type: 'alertLive';
      readonly channel: ChannelName;
      readonly objectId: string;
      readonly postId: string | null;
      readonly permalink: string | null;
      readonly at: Instant;
    }
  | {
      readonly type: 'publicationUncertain';
      readonly channel: ChannelName;
      readonly objectId: string;
      readonly code: string;
      readonly at: Instant;
    }
  | { readonly type: 'alertNotLive'; readonly channel: ChannelName; readonly objectId: string; readonly hold: Hold }
  | { readonly type: 'objectLost'; readonly channel: ChannelName; readonly objectId: string }
  | { readonly type: 'alertNotSeen'; readonly channel: ChannelName; readonly objectId: string; readonly hold: Hold }
  | { readonly type: 'alertRemoved'; readonly channel: ChannelName; readonly objectId: string; readonly at: Instant }
  | {
      readonly type: 'stepHeld';
      readonly channel: ChannelName;
      readonly step: Step;
      readonly hold: Hold;
      readonly at: Instant;
    };

/** An event in its place in the journal of a case. */
export interface JournalEntry {
  /** Counts from 1 without a gap. */
  readonly seq: number;
  readonly at: Instant;
  readonly event: CaseEvent;
}
