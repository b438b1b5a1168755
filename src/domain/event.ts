import type { RevisionRef } from './case.js';
import type { CaseNumber } from './case-number.js';
import type { CancelReason, Checklist, CommandKind, FoundOutcome, Role } from './command.js';
import type { EscalationAbout } from './ladder.js';
import type { RunKind, Tier, TierPolicy } from './policy.js';
import type { Hold, Reach, StagedObject, Step } from './publication.js';
import type { ChannelName } from './channel.js';
import type { Sha256 } from './revision.js';
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
      readonly reissueOf: CaseNumber | null;
      readonly reportedAt: Instant;
      readonly revision: RevisionRef;
    }
  | { readonly type: 'returned'; readonly by: string; readonly since: Instant }
  | { readonly type: 'resubmitted'; readonly revision: RevisionRef; readonly since: Instant }
  | {
      readonly type: 'approved';
      readonly revision: RevisionRef;
      readonly by: string;
      readonly at: Instant;
      readonly expiresAt: Instant;
      readonly criteria: Checklist;
    }
  | { readonly type: 'amendmentProposed'; readonly revision: RevisionRef; readonly since: Instant }
  | {
      readonly type: 'amendmentApproved';
      readonly revision: RevisionRef;
      readonly removeFirst: boolean;
      readonly by: string;
      readonly at: Instant;
    }
  | { readonly type: 'amendmentRejected'; readonly revision: RevisionRef; readonly by: string; readonly at: Instant }
  /** By the area plan when nobody is named. */
  | {
      readonly type: 'widened';
      /** Counts the steps of the plan from 1. */
      readonly step: number;
      readonly radiusKm: number;
      readonly by: string | null;
      readonly at: Instant;
    }
  | { readonly type: 'extended'; readonly expiresAt: Instant; readonly by: string; readonly at: Instant }
  /** Where and when stays in PostgreSQL, with the command. */
  | { readonly type: 'sighted'; readonly by: string; readonly at: Instant }
  | { readonly type: 'withdrawn'; readonly by: string; readonly at: Instant }
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
      readonly at: Instant;
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
      /** Until when it is not tried again; left out where it is looked at at once. */
      readonly hold?: Hold;
      readonly at: Instant;
    }
  /** The people who publish on the channel have the alert, or have what it is to be shown in. */
  | { readonly type: 'alertHandedOver'; readonly channel: ChannelName; readonly objectId: string; readonly at: Instant }
  /** They have been asked to take it down. */
  | { readonly type: 'alertAskedBack'; readonly channel: ChannelName; readonly objectId: string; readonly at: Instant }
  /** A live object was edited in place and now shows another revision, or is shown in another radius. */
  | {
      readonly type: 'alertUpdated';
      readonly channel: ChannelName;
      readonly objectId: string;
      readonly revision: number;
      readonly digest: Sha256;
      readonly radiusKm?: number;
      readonly at: Instant;
    }
  /** An object cannot be edited into the revision that is wanted: it is replaced. */
  | { readonly type: 'alertNotEditable'; readonly channel: ChannelName; readonly objectId: string }
  /** A named person saw the alert on the channel, or put it there by hand. */
  | {
      readonly type: 'publicationConfirmed';
      readonly channel: ChannelName;
      readonly revision: number;
      readonly digest: Sha256;
      readonly postId: string | null;
      readonly by: string;
      readonly at: Instant;
    }
  /** A named person made sure that these are gone. */
  | {
      readonly type: 'removalConfirmed';
      readonly channel: ChannelName;
      readonly objectIds: readonly string[];
      readonly by: string;
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
