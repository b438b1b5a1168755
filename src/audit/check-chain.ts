import { canonicalJson } from '../domain/revision.js';
import { sha256 } from '../media/sha256.js';
import { type ChainedEntry, entryHash, link } from './chain.js';

/** An entry as it is found, which need not be as it was written. */
export interface FoundEntry extends ChainedEntry {
  /** What the table says beside the event itself. */
  readonly type: string;
  /** Its place among the entries of all cases; left out where there is one chain only. */
  readonly position?: number;
}

/** How far a chain goes by what is kept beside it: the number and the link of its newest entry; no link while it is empty. */
export interface ChainEnd {
  readonly seq: number;
  readonly chain: string | null;
}

/** Something that is not as it was written. */
export interface ChainFinding {
  /** What it was done to: an entry, or with `to` several in a row. */
  readonly seq: number;
  readonly to?: number;
  /** `unaccounted`: it is there, and by what is kept beside the chain it should not be. */
  readonly problem: 'altered' | 'missing' | 'moved' | 'unaccounted';
  readonly detail: string;
}

/** Through how many places an entry is looked for that stands where it was not written: more than most cases have, and searched in milliseconds. */
const PLACES_SEARCHED = 2_000;

/** Checks a chain entry by entry, in the order of their numbers. */
export class ChainCheck {
  /** What the next entry may be linked to: several where it is not certain which of two was changed; undefined where nothing is known. */
  #before: readonly string[] | undefined;
  #last: FoundEntry | undefined;
  #lastIsSound = true;

  /** @param start where the chain begins */
  constructor(start: string) {
    this.#before = [start];
  }

  /** Takes the next entry, and says what is wrong with it and right before it. */
  take(entry: FoundEntry): ChainFinding[] {
    const expected = (this.#last?.seq ?? 0) + 1;
    const missing = entry.seq > expected ? [missingFrom(expected, entry.seq - 1)] : [];
    if (missing.length > 0) this.#before = undefined;
    const wrong = this.#examine(entry, expected);
    this.#last = entry;
    this.#lastIsSound = wrong === undefined;
    return [...missing, ...(wrong ? [wrong] : [])];
  }

  /**
   * What is wrong at the end.
   * @param end what is kept beside the chain; null where even that is gone
   */
  end(end: ChainEnd | null): ChainFinding[] {
    const seq = this.#last?.seq ?? 0;
    if (end === null) {
      return seq === 0 ? [] : [{ seq, problem: 'unaccounted', detail: 'what says where the chain ends is gone' }];
    }
    if (end.seq > seq) return [missingFrom(seq + 1, end.seq)];
    if (end.seq < seq) {
      return [{ ...range(end.seq + 1, seq), problem: 'unaccounted', detail: `the chain ends with entry ${end.seq}` }];
    }
    if (!this.#lastIsSound || end.chain === (this.#last?.chain ?? null)) return [];
    return [{ seq, problem: 'altered', detail: 'it is not the entry that the chain ends with' }];
  }

  #examine(entry: FoundEntry, expected: number): ChainFinding | undefined {
    const { seq, hash, chain } = entry;
    const said = entryHash(entry);
    const links = this.#before?.flatMap((before) => [link(before, hash), link(before, said)]);
    const isLinked = links === undefined || links.includes(chain);
    // Its own link leads on, and where that was changed the one that it should have.
    this.#before = isLinked ? [chain] : [chain, ...links];

    if (seq < expected) return { seq, problem: 'altered', detail: 'its number is there twice' };
    if (said !== hash) {
      const place = originalPlace(entry);
      if (place === undefined) return { seq, problem: 'altered', detail: 'it does not say what its hash says' };
      this.#before = undefined;
      return { seq, problem: 'moved', detail: `it was written as entry ${place}` };
    }
    if (entry.type !== typeOf(entry)) {
      return { seq, problem: 'altered', detail: 'its type is not that of what happened' };
    }
    if (!isLinked) return { seq, problem: 'altered', detail: `its link does not follow from ${nameOf(seq - 1)}` };
    if (entry.position !== undefined && entry.position <= (this.#last?.position ?? 0)) {
      return { seq, problem: 'moved', detail: `among all cases it stands before ${nameOf(seq - 1)}` };
    }
    return undefined;
  }
}

function missingFrom(seq: number, to: number): ChainFinding {
  return { ...range(seq, to), problem: 'missing', detail: 'not there any more' };
}

function range(seq: number, to: number): Pick<ChainFinding, 'seq' | 'to'> {
  return to > seq ? { seq, to } : { seq };
}

function originalPlace({ at, event, hash }: FoundEntry): number | undefined {
  // The canonical form of an entry ends with its number: the rest is written once.
  const rest = canonicalJson({ at, event }).slice(0, -1);
  for (let seq = 1; seq <= PLACES_SEARCHED; seq += 1) if (sha256(`${rest},"seq":${seq}}`) === hash) return seq;
  return undefined;
}

function typeOf({ event }: FoundEntry): unknown {
  // Whoever altered it may have left anything.
  return (event as { readonly type?: unknown } | null)?.type;
}

function nameOf(seq: number): string {
  return seq === 0 ? 'the beginning of the chain' : `entry ${seq}`;
}
