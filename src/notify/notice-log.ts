import type { Notice } from '../domain/notice.js';
import type { Ways } from '../policy/policy-file.js';

export type WayName = keyof Ways;

/** One person, reached in one way. */
export interface Reached {
  readonly person: string;
  readonly way: string;
}

/** Remembers which notice reached whom in which way, so that trying again sends only what is missing. */
export interface NoticeLog {
  /** Whom a notice has reached, in which way. */
  reached(noticeId: string): Promise<readonly Reached[]>;
  /** Said again it changes nothing. */
  recordDelivered(notice: Notice, person: string, way: WayName): Promise<void>;
  /** @param errorCode stable and free of addresses, texts and secrets, for example `mail/ECONNECTION` or `webhook/503` */
  recordFailed(notice: Notice, person: string, way: WayName, errorCode: string): Promise<void>;
}
