import {
  type CaseState,
  type CaseStatus,
  type Ending,
  liveChannels,
  radiusKm,
  type RevisionRef,
  wanted,
} from './case.js';
import type { CaseNumber } from './case-number.js';
import { escalationLevel, needsAttention } from './escalation.js';
import { type Hold, type Reach, type StepKind } from './publication.js';
import type { ChannelName } from './channel.js';
import type { Sha256 } from './revision.js';
import type { Instant } from './time.js';
import { nextTimer, type Timer } from './timer.js';

/** One alert on one channel, as the read model shows it. */
export interface PublicationView {
  readonly channel: ChannelName;
  /** The revision that ought to be there; null when nothing may be. */
  readonly wanted: number | null;
  readonly there: readonly {
    readonly objectId: string;
    readonly postId: string | null;
    readonly revision: number;
    readonly state: string;
    readonly permalink: string | null;
    readonly byHand: boolean;
    readonly postsAnew: boolean;
  }[];
  readonly inFlight: StepKind | null;
  readonly hold: Hold | null;
  readonly reach: Reach | null;
  readonly liveSince: Instant | null;
  readonly removedAt: Instant | null;
}

/** A revision, as the read model shows it. */
export interface RevisionView {
  readonly number: number;
  readonly digest: Sha256;
  readonly author: string;
}

/** What the read model knows of a case: everything but its content. Written whole with every batch of the journal. */
export interface CaseView {
  readonly caseNumber: CaseNumber;
  readonly status: CaseStatus;
  readonly revision: RevisionView;
  /** The revision that waits for its approval while another is live. */
  readonly amendment: RevisionView | null;
  readonly approvedAt: Instant | null;
  readonly approvedBy: string | null;
  /** When the alert was first approved. */
  readonly activeSince: Instant | null;
  readonly radiusKm: number;
  readonly expiresAt: Instant | null;
  readonly ending: Ending | null;
  readonly escalationLevel: number;
  readonly needsAttention: boolean;
  readonly liveChannels: readonly ChannelName[];
  readonly nextTimer: Timer | null;
  readonly publications: readonly PublicationView[];
}

/** Draws the read model's view from the state. */
export function viewOf(state: CaseState): CaseView {
  return {
    caseNumber: state.caseNumber,
    status: state.status,
    revision: revisionView(state.revision),
    amendment: state.amendment && revisionView(state.amendment.revision),
    approvedAt: state.approval?.at ?? null,
    approvedBy: state.approval?.by ?? null,
    activeSince: state.activeSince,
    radiusKm: radiusKm(state),
    expiresAt: state.expiresAt,
    ending: state.ending,
    escalationLevel: escalationLevel(state),
    needsAttention: needsAttention(state),
    liveChannels: liveChannels(state),
    nextTimer: nextTimer(state) ?? null,
    publications: state.policy.channels.map((channel) => {
      const target = wanted(state, channel);
      const { objects, inFlight, hold, reach, liveSince, removedAt } = state.publications[channel];
      return {
        channel,
        wanted: target?.live ? target.revision : null,
        there: objects.map(({ id, postId, revision, state: objectState, permalink, byHand, postsAnew }) => ({
          objectId: id,
          postId,
          revision,
          state: objectState,
          permalink,
          byHand,
          postsAnew,
        })),
        inFlight: inFlight?.kind ?? null,
        hold,
        reach,
        liveSince,
        removedAt,
      };
    }),
  };
}

function revisionView({ number, digest, author }: RevisionRef): RevisionView {
  return { number, digest, author };
}
