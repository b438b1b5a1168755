import type { CallTimes } from './call-times.js';

/** What can be chosen about the simulated Meta. */
export interface Settings {
  /** How long things take. It may be changed while the simulator runs. */
  callTimes: CallTimes;
  /** How many media the Instagram account may publish in 24 hours. */
  readonly dailyQuota: number;
  /** Given, every call has to prove that it comes from the app. */
  readonly appSecret: string | undefined;
}
