import type { Marker } from '../domain/case-number.js';
import type { Quota } from '../domain/quota.js';
import type { ChannelName } from '../domain/channel.js';
import type { Instant } from '../domain/time.js';
import type { StepRun } from './alert-channel.js';

/** Something that is on an account. Its text stays with the channel. */
export interface AccountPost {
  readonly id: string;
  /** Which revision of which case it says it is; null when it is none of ours. */
  readonly marker: Marker | null;
  /** Whether the public sees it. */
  readonly live: boolean;
  readonly createdAt: Instant;
  /** Ids of what it is made of and nobody sees by itself, to be removed with it. */
  readonly attachments: readonly string[];
}

/** The account behind a channel, whatever we believe is on it. */
export interface Account {
  readonly name: ChannelName;
  /**
   * Lists what was made since a moment, live or not as far as the channel tells, each once.
   * @throws ChannelFailure
   */
  list(since: Instant, run: Pick<StepRun, 'signal' | 'heartbeat'>): Promise<readonly AccountPost[]>;
  /**
   * How many posts have been taken of those that the account takes within a day, where there is such a limit.
   * @throws ChannelFailure
   */
  quota?(run: Pick<StepRun, 'signal'>): Promise<Quota>;
}
