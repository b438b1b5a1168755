import type { Notice } from '../domain/notice.js';

/** Sends notices to staff, each person in every way they can be reached. */
export interface Notifier {
  /**
   * Sends a notice to everybody it is for. Called again with the same notice it sends only what was not delivered.
   * @throws NoticeNotDelivered when a way to a person failed for now
   */
  notify(notice: Notice, signal: AbortSignal): Promise<void>;
}

/** Some ways to some people failed for now; to be tried again. */
export class NoticeNotDelivered extends Error {
  override readonly name = 'NoticeNotDelivered';

  /** @param failed `person/way`, for example `supervisor-2/mail` */
  constructor(readonly failed: readonly string[]) {
    super(`not delivered: ${failed.join(', ')}`);
  }
}
