import { type AreaSteps, areaStepsProblems } from './area.js';
import type { ChannelName } from './channel.js';
import { MINUTE, SECOND, type Milliseconds } from './time.js';

/** How urgent a case is: `amber` is danger to life. */
export const TIERS = ['amber', 'missing'] as const;
export type Tier = (typeof TIERS)[number];

/** CAP's status of a message. Fixed when the case is made; only `actual` may ever use Meta's real credentials. */
export const RUN_KINDS = ['actual', 'exercise', 'test'] as const;
export type RunKind = (typeof RUN_KINDS)[number];

/** One step of a ladder: whom to notify, when. People are staff ids; how each is reached stays outside the case. */
export interface Rung {
  /** Counted from when what the ladder is about began. */
  readonly afterMs: Milliseconds;
  readonly people: readonly string[];
}

/** Rungs of people. The last rung repeats until someone acknowledges. */
export interface Ladder {
  readonly rungs: readonly Rung[];
  readonly repeatEveryMs: Milliseconds;
}

export const LADDERS = ['supervisors', 'administrators'] as const;
export type LadderName = (typeof LADDERS)[number];

/** The rules of one tier. Pinned into a case when it starts, so that a new policy never changes a case that runs. */
export interface TierPolicy {
  readonly ladders: Readonly<Record<LadderName, Ladder>>;
  /** An approved alert that is not live on a channel by then climbs the administrators' ladder. */
  readonly notLiveAfterMs: Milliseconds;
  /** An ended alert that is still up by then climbs the administrators' ladder. */
  readonly notStoodDownAfterMs: Milliseconds;
  /** An alert comes down by itself then, counted from its approval. */
  readonly expiresAfterMs: Milliseconds;
  /** How long before that the supervisors are warned, so that they can extend it. */
  readonly expiryWarningMs: Milliseconds;
  /** No extension goes beyond this, counted from the first approval. */
  readonly longestLifeMs: Milliseconds;
  /** An active alert is reviewed by a supervisor this often. */
  readonly reviewEveryMs: Milliseconds;
  /** What a supervisor answers before an alert is approved, by id: each criterion is met, or there is a reason why it goes out anyway. */
  readonly criteria: readonly string[];
  /**
   * Whether an alert that waits for its approval is staged already, where nobody can see it, so that its approval takes one call a channel.
   * Otherwise nothing of a case reaches a channel before it is approved.
   */
  readonly preStaging: boolean;
  /** Where its alerts go. */
  readonly channels: readonly ChannelName[];
  /** The area a report gets when it names none. */
  readonly area: AreaSteps;
}

/** A policy: a rule book for each tier, under a version that every case records. */
export interface Policy {
  readonly version: string;
  readonly tiers: Readonly<Record<Tier, TierPolicy>>;
}

/** What is wrong with the rules of a tier, every problem with the place it stands in; empty when they may be used. */
export function tierProblems(tier: TierPolicy): string[] {
  const problems: string[] = [];
  for (const name of LADDERS) {
    problems.push(...ladderProblems(tier.ladders[name]).map((problem) => `ladders.${name}: ${problem}`));
  }
  if (tier.channels.length === 0) problems.push('channels: must name one at least');
  if (new Set(tier.channels).size < tier.channels.length) problems.push('channels: must name each once');
  if (tier.notLiveAfterMs < SECOND) problems.push('notLiveAfter: must be at least 1s');
  if (tier.notStoodDownAfterMs < SECOND) problems.push('notStoodDownAfter: must be at least 1s');
  if (tier.expiresAfterMs <= tier.notLiveAfterMs) problems.push('expiresAfter: must be longer than notLiveAfter');
  if (tier.expiryWarningMs < MINUTE) problems.push('expiryWarning: must be at least 1m');
  if (tier.expiryWarningMs >= tier.expiresAfterMs) problems.push('expiryWarning: must be shorter than expiresAfter');
  if (tier.longestLifeMs < tier.expiresAfterMs) problems.push('longestLife: must not be shorter than expiresAfter');
  if (tier.reviewEveryMs < MINUTE) problems.push('reviewEvery: must be at least 1m');
  if (tier.criteria.length === 0) problems.push('criteria: needs at least one');
  if (new Set(tier.criteria).size < tier.criteria.length) problems.push('criteria: names one twice');
  for (const problem of areaStepsProblems(tier.area)) problems.push(`area: ${problem}`);
  return problems;
}

function ladderProblems(ladder: Ladder): string[] {
  const problems: string[] = [];
  if (ladder.rungs.length === 0) problems.push('needs at least one rung');
  let before = -1;
  for (const [index, rung] of ladder.rungs.entries()) {
    if (rung.people.length === 0) problems.push(`rung ${index + 1}: names nobody`);
    if (rung.afterMs <= before) problems.push(`rung ${index + 1}: must come later than the one before`);
    before = rung.afterMs;
  }
  // A ladder that repeats faster than a person can answer buries the notice it repeats, and fills the case's history.
  if (ladder.repeatEveryMs < MINUTE) problems.push('repeatEvery: must be at least 1m');
  return problems;
}
