import type { CallTimes } from './call-times.js';
import type { Scope } from './scopes.js';

/** How often somebody at the desk says what was done: twice is at the same moment, never is by another way or not at all. */
export const CONFIRMS = ['once', 'twice', 'never'] as const;

/** What can be chosen about the simulated Meta. */
export interface Settings {
  /** How long things take. It may be changed while the simulator runs. */
  callTimes: CallTimes;
  /** What flipping a post that is published already does: on Meta it is not known, and where it makes a copy alerts cannot be flipped. */
  secondFlip: 'nothing' | 'copy';
  /** What the token may not do. */
  missingScopes: readonly Scope[];
  /** How many media the Instagram account may publish in 24 hours. */
  readonly dailyQuota: number;
  /** Given, every call has to prove that it comes from the app. */
  readonly appSecret: string | undefined;
  /** What messages to the partner desk are signed with; without it there is no desk. */
  readonly deskSecret: string | undefined;
  /** When the people at the desk do by themselves what a message asks, in milliseconds after it came; undefined when somebody has to. */
  deskConfirmsAfterMs: number | undefined;
  /** How they then say it. */
  deskConfirms: (typeof CONFIRMS)[number];
}
