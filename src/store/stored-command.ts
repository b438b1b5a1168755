import type { CommandKind, DraftRevision, Envelope, OpeningKind, Role, SignalName } from '../domain/command.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind, Tier, TierPolicy } from '../domain/policy.js';
import type { RefusalCode } from '../domain/refusal.js';
import type { Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';

/** What a case is started with, besides who reported it and when. */
export interface ReportPayload {
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  readonly reissueOf: CaseNumber | null;
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  readonly revision: DraftRevision;
}

/** What a command that reaches a running case says, besides its kind and its sender: as it travels. */
export type SignalPayload = Pick<
  Envelope,
  'digest' | 'criteria' | 'revision' | 'until' | 'outcome' | 'reason' | 'channel' | 'postId' | 'ofRevision'
>;

interface PendingStamp {
  readonly commandId: string;
  readonly caseNumber: CaseNumber;
  /** Its place among the stored commands of the case, from 1 without a gap. */
  readonly number: number;
  readonly actor: string;
  readonly role: Role;
  readonly storedAt: Instant;
  readonly noteDigest: Sha256 | null;
  /** When it was last handed to the workflow; null before the first time. */
  readonly deliveredAt: Instant | null;
}

/** A stored command that the case has not answered yet, as it is to be delivered. */
export type PendingCommand =
  | (PendingStamp & { readonly kind: OpeningKind; readonly payload: ReportPayload })
  | (PendingStamp & { readonly kind: SignalName; readonly payload: SignalPayload });

/** The case's answer to a command. The first answer stands. */
export type CommandOutcome =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly code: RefusalCode; readonly problem: string | null };

/** That a command is stored: from here on it is never lost. */
export interface StoredCommand {
  readonly commandId: string;
  readonly caseNumber: CaseNumber;
  readonly number: number;
  readonly storedAt: Instant;
  /** Whether it had been stored before under the same idempotency key. */
  readonly replayed: boolean;
}

/** How far a command has come. */
export interface CommandRecord {
  readonly commandId: string;
  readonly kind: CommandKind;
  readonly storedAt: Instant;
  /** When it was last handed to the workflow; null before the first time. */
  readonly deliveredAt: Instant | null;
  readonly outcome: CommandOutcome | null;
}
