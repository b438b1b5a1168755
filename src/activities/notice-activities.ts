import { Context } from '@temporalio/activity';
import type { Notice } from '../domain/notice.js';
import type { Notifier } from '../ports/notifier.js';

/** How often a sending notice says that it is alive (the SDK passes on what is due); by the answer it hears that it was called off. */
const HEARTBEAT_MS = 2_000;

/** What a case tells people. */
export interface NoticeActivities {
  /** Sends a notice to everybody it is for, in every way they can be reached; done when all of them were. */
  notify(notice: Notice): Promise<void>;
}

/** Makes the activities over the notifier. */
export function createNoticeActivities({ notifier }: { readonly notifier: Notifier }): NoticeActivities {
  return {
    async notify(notice) {
      const context = Context.current();
      const beat = setInterval(() => context.heartbeat(), HEARTBEAT_MS);
      try {
        await notifier.notify(notice, context.cancellationSignal);
      } finally {
        clearInterval(beat);
      }
    },
  };
}
