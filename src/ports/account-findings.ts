import type { CaseOnChannel, MarkedPost, Sighting, Verdict } from '../domain/account-watch.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { AccountProblem } from '../domain/notice.js';
import type { RunKind, Tier } from '../domain/policy.js';
import type { ChannelName } from '../domain/channel.js';
import type { Instant } from '../domain/time.js';

/** What the read model knows of a case on one channel, and how far its journal has come. */
export interface CaseReading extends Omit<CaseOnChannel, 'caughtUp'> {
  readonly journalSeq: number;
}

/** A finding that is not settled: a post that its case does not know. */
export interface OpenFinding {
  readonly post: MarkedPost;
  readonly sighting: Sighting;
  /** How often its removal was tried. */
  readonly attempts: number;
  /** The run of the watch that saw it last. */
  readonly run: string;
}

/** A post, and what the watch makes of it. */
export interface Judged {
  readonly post: MarkedPost;
  readonly verdict: Verdict;
}

/** Posts of one case on one channel that wait for a person who has not been told lately. */
export interface DueReport {
  readonly channel: ChannelName;
  readonly caseNumber: CaseNumber;
  /** Null when the database does not know the case. */
  readonly tier: Tier | null;
  readonly runKind: RunKind | null;
  readonly problem: AccountProblem;
  readonly objectIds: readonly string[];
  /** Changes with what is to be told and with every time it was told: the same until this report is marked as made. */
  readonly id: string;
}

/** What the account watch has found, and the cases as it compares them. All moments are the watch's own. */
export interface AccountFindings {
  /** The cases that the database knows, read at one moment. */
  readCases(channel: ChannelName, caseNumbers: readonly CaseNumber[]): Promise<ReadonlyMap<CaseNumber, CaseReading>>;
  openFindings(channel: ChannelName): Promise<readonly OpenFinding[]>;
  /**
   * Records what a run saw of an account since a moment. An open finding that it did not see, or that turned out `ours`, is settled.
   * The same run again counts once.
   */
  record(
    seen: {
      readonly channel: ChannelName;
      readonly run: string;
      readonly since: Instant;
      readonly judged: readonly Judged[];
    },
    now: Instant,
  ): Promise<void>;
  /** How an attempt to remove a post ended: a stable code, whether the post is gone, and whether only a person can mend it. */
  recordRemoval(
    channel: ChannelName,
    objectId: string,
    ended: { readonly code: string; readonly gone: boolean; readonly refused: boolean },
    now: Instant,
  ): Promise<void>;
  /** What a run saw that waits for a person, unless somebody was told of it since a moment. */
  dueReports(run: string, toldBefore: Instant): Promise<readonly DueReport[]>;
  markReported(report: DueReport, now: Instant): Promise<void>;
}
