import type { Scope } from '../domain/scope.js';
import type { JournalFeed, JournalStretch } from '../store/journal-feed.js';
import type { JournalListener } from '../store/journal-listener.js';

/** So many events are read, and so many may wait to be sent, for one stream. */
export const EVENTS_A_READ = 500;

/** What was journalled after a position, read once for all who have the same scope and have come equally far. */
export type JournalTail = (position: number) => Promise<JournalStretch>;

/** Streams that keep up all stand at the same place: each announcement then costs one query a scope, however many they are. */
export function createJournalTails(
  listener: Pick<JournalListener, 'onJournalled'>,
): (scope: Scope, feed: Pick<JournalFeed, 'journalledAfter'>) => JournalTail {
  const reads = new Map<string, Promise<JournalStretch>>();
  // A read that began before an announcement may not hold what was announced: whoever was woken by it needs another.
  listener.onJournalled(() => reads.clear());
  return (scope, feed) => {
    const seenBy = JSON.stringify(scope === 'all' ? scope : [...scope].sort());
    return (position) => {
      const key = `${position} ${seenBy}`;
      const underWay = reads.get(key);
      if (underWay) return underWay;
      const read = feed.journalledAfter(position, EVENTS_A_READ).finally(() => {
        if (reads.get(key) === read) reads.delete(key);
      });
      reads.set(key, read);
      return read;
    };
  };
}
