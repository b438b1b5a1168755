import type { CaseNumber } from '../domain/case-number.js';
import { canonicalJson, type Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';
import { sha256 } from '../media/sha256.js';

/** What is recorded: something that happened, in its place and at its time. */
export interface AuditEntry {
  /** Counts from 1 without a gap. */
  readonly seq: number;
  readonly at: Instant;
  readonly event: object;
}

/** An entry bound to the one before it. */
export interface ChainedEntry extends AuditEntry {
  /** {@link entryHash} of it. */
  readonly hash: Sha256;
  /** {@link link} of it. */
  readonly chain: Sha256;
}

/** Where the chain of those who read what is a child's begins. The migration says the same. */
export const ACCESS_CHAIN = 'mafqood:access';

/** Where the chain of a case begins. The migration says the same. */
export function caseChain(caseNumber: CaseNumber): string {
  return `mafqood:case:${caseNumber}`;
}

/** What an entry is recognised by: SHA-256 over its canonical form. */
export function entryHash({ seq, at, event }: AuditEntry): Sha256 {
  return sha256(canonicalJson({ seq, at, event }));
}

/** What binds an entry, by its hash, to all before it. PostgreSQL makes it when the entry is written (`next_link`). */
export function link(before: string, hash: Sha256): Sha256 {
  return sha256(before + hash);
}
