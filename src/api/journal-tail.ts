import type { JournalFeed, JournalledEvent } from '../store/journal-feed.js';
import type { JournalListener } from '../store/journal-listener.js';

/** So many events are read, and so many may wait to be sent, for one stream. */
export const EVENTS_A_READ = 500;

/** What was journalled after a position, read once for all who have come equally far. */
export type JournalTail = (position: number) => Promise<JournalledEvent[]>;

/** Streams that keep up all stand at the same place: each announcement then costs one query, however many they are. */
export function createJournalTail(feed: JournalFeed, listener: Pick<JournalListener, 'onJournalled'>): JournalTail {
  const reads = new Map<number, Promise<JournalledEvent[]>>();
  // A read that began before an announcement may not hold what was announced: whoever was woken by it needs another.
  listener.onJournalled(() => reads.clear());
  return (position) => {
    const underWay = reads.get(position);
    if (underWay) return underWay;
    const read = feed.journalledAfter(position, EVENTS_A_READ).finally(() => {
      if (reads.get(position) === read) reads.delete(position);
    });
    reads.set(position, read);
    return read;
  };
}
