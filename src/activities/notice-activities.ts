import { Context } from '@temporalio/activity';
import type { Notice } from '../domain/notice.js';
import type { Notifier } from '../ports/notifier.js';
import { whileBeating } from './while-beating.js';

/** What a case tells people. */
export interface NoticeActivities {
  /** Sends a notice to everybody it is for, in every way they can be reached; done when all of them were. */
  notify(notice: Notice): Promise<void>;
}

/** Makes the activities over the notifier. */
export function createNoticeActivities({ notifier }: { readonly notifier: Notifier }): NoticeActivities {
  return {
    async notify(notice) {
      await whileBeating(() => notifier.notify(notice, Context.current().cancellationSignal));
    },
  };
}
