import type pg from 'pg';
import type { AccessEvent } from '../audit/access-event.js';
import { canonicalJson } from '../domain/revision.js';

/** The audit of who read what is a child's. */
export interface AccessLog {
  /**
   * Appends an entry.
   * @returns once it is stored: only then may what it is about be answered
   * @throws whatever the database says; then nothing was recorded
   */
  recordAccess(event: AccessEvent): Promise<void>;
}

/** Enough for every reader there is; one statement of this size takes a few milliseconds. */
const ENTRIES_AN_APPEND = 200;

interface Waiting {
  readonly event: AccessEvent;
  readonly stored: () => void;
  readonly failed: (reason: unknown) => void;
}

/**
 * Opens the access log kept in a database. All appends meet at the end of one chain, so those that come while one is under way go
 * together in the next: a process never has more than one connection wait for the chain.
 */
export function createAccessLog(pool: pg.Pool): AccessLog {
  const waiting: Waiting[] = [];
  let isAppending = false;

  async function appendWaiting(): Promise<void> {
    if (isAppending) return;
    isAppending = true;
    while (waiting.length > 0) {
      const batch = waiting.splice(0, ENTRIES_AN_APPEND);
      try {
        await append(
          pool,
          batch.map(({ event }) => event),
        );
        for (const { stored } of batch) stored();
      } catch (error) {
        // Those that came meanwhile too: nobody waits longer than an append may take.
        for (const { failed } of [...batch, ...waiting.splice(0)]) failed(error);
      }
    }
    isAppending = false;
  }

  return {
    recordAccess: (event) =>
      new Promise<void>((stored, failed) => {
        waiting.push({ event, stored, failed });
        void appendWaiting();
      }),
  };
}

async function append(pool: pg.Pool, events: readonly AccessEvent[]): Promise<void> {
  await pool.query({ name: 'record access', text: APPEND, values: [events.map(canonicalJson)] });
}

/**
 * One statement: places, times, hashes and links, and the new end of the chain. The canonical form of an entry is put around the event's
 * own, because nobody knows its place before the end of the chain is locked.
 */
const APPEND = `
  WITH ending AS (
    SELECT seq, chain FROM access_chain FOR UPDATE
  ), placed AS (
    SELECT ending.chain AS start, ending.seq + number AS seq, now()::timestamptz(3) AS at, event
    FROM ending CROSS JOIN unnest($1::text[]) WITH ORDINALITY AS entry (event, number)
  ), hashed AS (
    SELECT start, seq, at, event, encode(sha256(convert_to(
      '{"at":' || floor(extract(epoch FROM at) * 1000)::bigint || ',"event":' || event || ',"seq":' || seq || '}', 'UTF8')), 'hex') AS hash
    FROM placed
  ), audit AS (
    INSERT INTO access_entries (seq, at, type, event, hash, chain)
    SELECT seq, at, event::jsonb ->> 'type', event::jsonb, hash, chain_link(start, hash) OVER (ORDER BY seq)
    FROM hashed
    ORDER BY seq
    RETURNING seq, chain
  )
  UPDATE access_chain SET (seq, chain) = (SELECT seq, chain FROM audit ORDER BY seq DESC LIMIT 1)`;
