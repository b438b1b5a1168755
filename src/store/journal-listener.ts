import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import { SECOND, type Milliseconds } from '../domain/time.js';
import { JOURNAL_CHANNEL, readAnnouncement } from './journal-entry.js';

/** Hears of every write to a journal. */
export interface JournalListener {
  /**
   * Waits for a command's answer. It is read at once, again when the journal announces it, and now and then in case that was missed.
   * @param read gives the answer, or undefined while there is none
   * @returns undefined when there was none in time, or the listener was closed
   */
  waitForOutcome<T>(
    commandId: string,
    timeoutMs: Milliseconds,
    read: () => Promise<T | undefined>,
  ): Promise<T | undefined>;
  /**
   * Calls back whenever something may have been journalled: on an announcement with the case it is about, and with undefined when any
   * case may have had one unheard.
   * @returns what ends it
   */
  onJournalled(callBack: (caseNumber: CaseNumber | undefined) => void): () => void;
  /** Aborted once the listener was told to close: whoever follows the journal is to end. */
  readonly closing: AbortSignal;
  /** Ends listening and waiting. */
  close(): Promise<void>;
}

/** Announcements make it fast; reading this often makes it sure, also on a connection that broke without a word. */
const READ_EVERY: Milliseconds = SECOND;

const FIRST_RECONNECT_AFTER: Milliseconds = 100;
const LONGEST_RECONNECT_WAIT: Milliseconds = 5 * SECOND;

interface Waiter {
  readonly commandId: string;
  wakeUp: AbortController;
}

/** Listens on a connection of its own, and connects again for as long as it takes whenever that is lost. */
export function createJournalListener(databaseUrl: string): JournalListener {
  const closing = new AbortController();
  const isClosing = (): boolean => closing.signal.aborted;
  const waiters = new Set<Waiter>();
  const callBacks = new Set<(caseNumber: CaseNumber | undefined) => void>();
  const wakeAll = (): void => {
    waiters.forEach(({ wakeUp }) => wakeUp.abort());
    callBacks.forEach((callBack) => callBack(undefined));
  };

  function hear(payload: string): void {
    const announcement = readAnnouncement(payload);
    if (announcement === undefined) return;
    callBacks.forEach((callBack) => callBack(announcement.caseNumber));
    for (const { commandId, wakeUp } of waiters) {
      if (announcement.commandIds.includes(commandId)) wakeUp.abort();
    }
  }

  async function listen(): Promise<void> {
    let failures = 0;
    while (!isClosing()) {
      const connection = new pg.Client({
        connectionString: databaseUrl,
        application_name: 'mafqood journal listener',
        connectionTimeoutMillis: 5 * SECOND,
        keepAlive: true,
        // It is silent for hours: a connection that is gone without a word is noticed in half a minute, and not in the two hours of the system.
        keepAliveInitialDelayMillis: 20 * SECOND,
      });
      // Without a handler a connection that breaks would end the process; here it ends the wait below.
      connection.on('error', () => undefined);
      connection.on('notification', ({ payload = '' }) => hear(payload));
      try {
        await connection.connect();
        await connection.query(`LISTEN ${JOURNAL_CHANNEL}`);
        failures = 0;
        // For whatever was announced while nobody listened.
        wakeAll();
        await once(connection, 'end', { signal: closing.signal });
      } catch {
        failures += 1;
      }
      await connection.end().catch(() => undefined);
      await pause(Math.min(FIRST_RECONNECT_AFTER * 2 ** failures, LONGEST_RECONNECT_WAIT), closing.signal);
    }
  }

  const listening = listen();

  return {
    async waitForOutcome(commandId, timeoutMs, read) {
      const deadline = Date.now() + timeoutMs;
      const waiter: Waiter = { commandId, wakeUp: new AbortController() };
      waiters.add(waiter);
      try {
        for (;;) {
          // Before looking, so that no announcement falls between looking and waiting.
          waiter.wakeUp = new AbortController();
          const outcome = await read();
          const left = deadline - Date.now();
          if (outcome !== undefined || left <= 0 || isClosing()) return outcome;
          await pause(Math.min(left, READ_EVERY), waiter.wakeUp.signal);
        }
      } finally {
        waiters.delete(waiter);
      }
    },

    onJournalled(callBack) {
      callBacks.add(callBack);
      return () => void callBacks.delete(callBack);
    },

    closing: closing.signal,

    async close() {
      closing.abort();
      wakeAll();
      await listening;
    },
  };
}

async function pause(ms: Milliseconds, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
