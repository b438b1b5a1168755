import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind } from '../domain/policy.js';
import type { ChannelObject, Reach, StagedObject } from '../domain/publication.js';
import type { PostNeed } from '../domain/quota.js';
import type { ChannelName } from '../domain/channel.js';
import type { Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';

/** Whom an adapter's credentials reach: the simulator, a page only we see, or everybody. */
export type Audience = 'simulator' | 'test' | 'public';

/** What goes out on one channel, byte for byte as the digest covers it, and where its image can be fetched for a while. */
export interface AlertContent {
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly digest: Sha256;
  readonly runKind: RunKind;
  readonly text: string;
  readonly altText: string;
  readonly imageUrl: string;
  readonly askedRadiusKm: number;
  /** ISO 3166-1 alpha-2 codes: the finest targeting an organic post can be given. */
  readonly countries: readonly string[];
}

/** An object of a case on a channel, for the steps that act on it by its id alone. */
export interface PlacedObject {
  readonly caseNumber: CaseNumber;
  readonly runKind: RunKind;
  readonly object: ChannelObject;
}

/** An object that is to go out, and what for: where all cases share a quota, not every post may take the last of it. */
export interface ObjectToPublish extends PlacedObject {
  /** `urgent` when it is left out. */
  readonly need?: PostNeed;
}

/** What a step has from the activity that runs it. */
export interface StepRun {
  /** Aborts when the step is called off. */
  readonly signal: AbortSignal;
  /** Nothing irreversible may be sent after this moment: the step counts as lost by then, and somebody else may act. */
  readonly sendBefore: Instant;
  /** Says that the step is alive; to be called between polls. */
  readonly heartbeat: () => void;
}

/** What the public sees. */
export interface LivePost {
  /** Its id, where the channel gives it another one than the staged object's and says which; else null. */
  readonly postId: string | null;
  readonly permalink: string | null;
}

/**
 * Somewhere alerts go. Every method but `stage` and `update` makes at most one call that cannot be undone.
 * Each throws `ChannelFailure` and nothing else when the channel does not do as asked.
 */
export interface AlertChannel {
  readonly name: ChannelName;
  /** Makes an object nobody can see. May be called again and again: what is left over harms nobody. */
  stage(content: AlertContent, run: StepRun): Promise<{ readonly object: StagedObject; readonly reach: Reach }>;
  /**
   * Makes the staged object public: flips it by its id, or posts it anew where it says so. `absent` when the channel knows no such object,
   * `handedOver` when people have it and will say that they published it.
   * @param content what it shows; given for an object that is posted anew
   */
  publish(placed: ObjectToPublish, run: StepRun, content?: AlertContent): Promise<LivePost | 'absent' | 'handedOver'>;
  /**
   * Makes the live object show another text. `notEditable` where the channel has no such thing.
   * The same call again changes nothing.
   */
  update(placed: PlacedObject, content: AlertContent, run: StepRun): Promise<'updated' | 'notEditable' | 'absent'>;
  /**
   * Looks at this very object, or for the post that was made of it. Of an object that posts anew `notLive` and `absent` say no more than
   * that nothing was found.
   */
  look(placed: PlacedObject, run: StepRun): Promise<LivePost | 'notLive' | 'absent'>;
  /**
   * Removes the object, whether it is staged or live. `notSeen` when nothing of it can be seen, but a flip that was sent may still
   * surface it until it lapses; `handedOver` when people were asked to take it down and will say that they have. What may not be removed is closed to comments, where the channel lets itself be told so.
   */
  expire(placed: PlacedObject, run: StepRun): Promise<'removed' | 'absent' | 'notSeen' | 'handedOver'>;
}

/**
 * Why a channel did not do as asked.
 * - `throttled`: not done; may be tried again after `retryAfterMs`.
 * - `refused`: not done, and waiting will not mend it: a person has to.
 * - `notSent`: called off, too late to send, or nobody to send it to.
 * - `unknown`: whether it was done cannot be told (time-out, lost connection, 5xx). Never to be read as "failed".
 */
export class ChannelFailure extends Error {
  override readonly name = 'ChannelFailure';

  /** @param code stable and free of personal data and secrets, `meta/190`, `network/timeout` */
  constructor(
    readonly kind: 'throttled' | 'refused' | 'notSent' | 'unknown',
    readonly code: string,
    readonly retryAfterMs = 0,
  ) {
    super(`${kind}: ${code}`);
  }
}

/** The channel does not let a post be removed. */
export class RemovalRefused extends ChannelFailure {
  /** @param commentsClosed whether nobody can comment on it any more, for as long as it stays */
  constructor(
    code: string,
    readonly commentsClosed: boolean,
  ) {
    super('refused', code);
  }
}
