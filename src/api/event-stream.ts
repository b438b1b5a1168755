import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Response } from 'express';
import type { CaseNumber } from '../domain/case-number.js';
import { type Instant, type Milliseconds, SECOND } from '../domain/time.js';
import type { JournalledEvent, JournalStretch } from '../store/journal-feed.js';
import type { JournalListener } from '../store/journal-listener.js';
import { isStoreUnavailable } from './store-unavailable.js';

/** How streams of events keep time. */
export interface StreamTimes {
  /** After so long without an event a comment is sent, so that neither end nor anything between takes the connection for dead. */
  readonly heartbeatMs: Milliseconds;
  /** Announcements make it fast; reading this often makes it sure. */
  readonly readEveryMs: Milliseconds;
  /** A client that has not taken what was sent to it by then is let go. It comes back with the id of the last event it saw. */
  readonly dropAfterMs: Milliseconds;
}

export const STREAM_TIMES: StreamTimes = {
  heartbeatMs: 15 * SECOND,
  readEveryMs: 5 * SECOND,
  dropAfterMs: 30 * SECOND,
};

/** How long a client waits before it connects again. */
const RETRY_AFTER: Milliseconds = 2 * SECOND;
/** A timer that is set for longer goes off at once. */
const LONGEST_TIMER: Milliseconds = 2 ** 31 - 1;

/** What is streamed. */
export interface EventSource {
  /** The position after which it begins. */
  readonly after: number;
  /** The client names a position that this journal has not reached: it belongs to another one, such as before a restored backup. */
  readonly reset: boolean;
  /** When it ends at the latest: then what its client sent stops standing for them. */
  readonly until: Instant | null;
  /** What was journalled after a position, as far as it is for the client: at most `EVENTS_A_READ`. */
  readonly read: (position: number) => Promise<JournalStretch>;
  /** Whether news of a case can be news here. */
  readonly concerns: (caseNumber: CaseNumber) => boolean;
  /** The data of an event. */
  readonly dataOf: (event: JournalledEvent) => unknown;
}

/**
 * Sends events (text/event-stream, an event's position as its id) until the client leaves, its token expires, the server stops or the
 * database goes away; a client that wants the rest comes back with Last-Event-ID. No more than one read's events ever wait for a client: the next are read
 * when it has taken them.
 */
export async function streamEvents(
  response: Response,
  source: EventSource,
  listener: Pick<JournalListener, 'onJournalled' | 'closing'>,
  times: StreamTimes,
): Promise<void> {
  let isOver = false;
  let news = new AbortController();
  let taking = new AbortController();
  const finish = (): void => {
    isOver = true;
    news.abort();
    taking.abort();
  };
  response.once('close', finish);
  const unsubscribe = listener.onJournalled((caseNumber) => {
    if (listener.closing.aborted) finish();
    else if (caseNumber === undefined || source.concerns(caseNumber)) news.abort();
  });
  if (listener.closing.aborted) finish();
  const over = (): boolean => isOver;
  const send = async (text: string): Promise<void> => {
    if (text === '' || over() || response.write(text)) return;
    taking = new AbortController();
    const giveUp = setTimeout(() => taking.abort(), times.dropAfterMs);
    await once(response, 'drain', { signal: taking.signal }).catch(() => response.destroy());
    clearTimeout(giveUp);
  };

  // X-Accel-Buffering tells proxies of nginx's kind to pass on each event as it comes.
  response.writeHead(200, { 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, times.heartbeatMs);
  const expiry =
    source.until === null ? undefined : setTimeout(finish, Math.min(source.until - Date.now(), LONGEST_TIMER));
  try {
    // With where it begins, so that a client cut off before its first event misses nothing either.
    await send(`retry: ${RETRY_AFTER}\nid: ${source.after}\n\n`);
    if (source.reset) await send(`id: ${source.after}\nevent: reset\ndata: {}\n\n`);
    for (let position = source.after; !over();) {
      // Before reading, so that no announcement falls between reading and waiting.
      news = new AbortController();
      const { events, reached, more } = await source.read(position);
      await send(events.map((event) => written(event, source.dataOf(event))).join(''));
      position = reached;
      if (!more) await pause(times.readEveryMs, news.signal);
    }
  } catch (error) {
    if (!isStoreUnavailable(error)) throw error;
  } finally {
    clearInterval(heartbeat);
    clearTimeout(expiry);
    unsubscribe();
    response.end();
  }
}

function written({ position }: JournalledEvent, data: unknown): string {
  return `id: ${position}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function pause(ms: Milliseconds, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
