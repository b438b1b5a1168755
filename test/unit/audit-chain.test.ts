import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type ChainedEntry, entryHash, link } from '../../src/audit/chain.js';
import { ChainCheck, type ChainEnd, type ChainFinding, type FoundEntry } from '../../src/audit/check-chain.js';

const START = 'mafqood:test';

/** A chain of so many entries, no two of them alike. */
function aChain(events: readonly object[]): FoundEntry[] {
  let before: string = START;
  return events.map((event, index) => {
    const entry = { seq: index + 1, at: 1_000 * index, event: { type: 'happened', index, ...event } };
    const hash = entryHash(entry);
    before = link(before, hash);
    return { ...entry, type: 'happened', hash, chain: before, position: 10 * index + 10 };
  });
}

const endOf = (entries: readonly ChainedEntry[]): ChainEnd => ({
  seq: entries.length,
  chain: entries.at(-1)?.chain ?? null,
});

function check(entries: readonly FoundEntry[], end: ChainEnd | null): ChainFinding[] {
  const checking = new ChainCheck(START);
  return [...entries.flatMap((entry) => checking.take(entry)), ...checking.end(end)];
}

/** What was found, without the words. */
const found = (entries: readonly FoundEntry[], end: ChainEnd | null): string[] =>
  check(entries, end).map(({ seq, to, problem }) => `${seq}${to === undefined ? '' : `-${to}`} ${problem}`);

const chains = fc
  .array(fc.record({ text: fc.string(), number: fc.double({ noNaN: true, noDefaultInfinity: true }) }), {
    maxLength: 12,
  })
  .map(aChain);
/** A chain, and one of its entries by its index. */
const chainAndPlace = chains
  .filter(({ length }) => length > 0)
  .chain((chain) => fc.tuple(fc.constant(chain), fc.nat(chain.length - 1)));

/** Every way to change one column, each to something that it was not. */
const CHANGES: Readonly<Record<string, (entry: FoundEntry) => FoundEntry>> = {
  at: (entry) => ({ ...entry, at: entry.at + 1 }),
  event: (entry) => ({ ...entry, event: { ...entry.event, by: 'somebody else' } }),
  'event to nothing': (entry) => ({ ...entry, event: null as unknown as object }),
  type: (entry) => ({ ...entry, type: 'other' }),
  hash: (entry) => ({ ...entry, hash: 'a'.repeat(64) }),
  chain: (entry) => ({ ...entry, chain: 'a'.repeat(64) }),
  'event together with its hash': (entry) => {
    const changed = { ...entry, event: { ...entry.event, by: 'somebody else' } };
    return { ...changed, hash: entryHash(changed) };
  },
};

describe('a chain', () => {
  test('is sound as it was written', () => {
    fc.assert(fc.property(chains, (chain) => expect(check(chain, endOf(chain))).toEqual([])));
  });

  test.each(Object.entries(CHANGES))('tells which entry was altered, and no other: its %s', (_what, change) => {
    fc.assert(
      fc.property(chainAndPlace, ([chain, place]) => {
        const changed = chain.map((entry, index) => (index === place ? change(entry) : entry));
        expect(found(changed, endOf(chain))).toEqual([`${place + 1} altered`]);
      }),
    );
  });

  test('does not hold once an entry was written anew, hash and link too: it or the one after it is named', () => {
    fc.assert(
      fc.property(chainAndPlace, ([chain, place]) => {
        const forged = chain.map((entry, index) => {
          if (index !== place) return entry;
          const event = { ...entry.event, by: 'somebody else' };
          const hash = entryHash({ ...entry, event });
          return { ...entry, event, hash, chain: link(chain[index - 1]?.chain ?? START, hash) };
        });
        const named = Math.min(place + 2, chain.length);
        expect(found(forged, endOf(chain))).toEqual([`${named} altered`]);
      }),
    );
  });

  test('tells which entries are missing, at its beginning, within and at its end', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(3), ([chain, place], more) => {
        const to = Math.min(place + more, chain.length - 1);
        const rest = chain.filter((_entry, index) => index < place || index > to);
        const which = to === place ? `${place + 1}` : `${place + 1}-${to + 1}`;
        expect(found(rest, endOf(chain))).toEqual([`${which} missing`]);
      }),
    );
  });

  test('tells which entries were exchanged', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(), ([chain, place], other) => {
        const with_ = other % chain.length;
        fc.pre(with_ !== place);
        const exchanged = chain.map((entry, index) => {
          const taken = index === place ? chain[with_] : index === with_ ? chain[place] : undefined;
          return taken === undefined ? entry : { ...taken, seq: entry.seq, position: entry.position ?? 0 };
        });
        const [first, second] = [place, with_].sort((a, b) => a - b);
        expect(found(exchanged, endOf(chain))).toEqual([`${(first ?? 0) + 1} moved`, `${(second ?? 0) + 1} moved`]);
      }),
    );
  });

  test('tells of what is beyond its end, of an end that is gone, and of an order among all that is not its own', () => {
    const chain = aChain([{}, {}, {}, {}]);
    const [first, second, third, fourth] = chain as [FoundEntry, FoundEntry, FoundEntry, FoundEntry];
    expect(found(chain, endOf(chain.slice(0, 2)))).toEqual(['3-4 unaccounted']);
    expect(found(chain, null)).toEqual(['4 unaccounted']);
    expect(found([], null)).toEqual([]);
    expect(found([first, second, { ...third, position: 15 }, fourth], endOf(chain))).toEqual(['3 moved']);
    expect(found([first, second, second, third, fourth], endOf(chain))).toContain('2 altered');
  });

  test('of another case is not this one’s', () => {
    const chain = aChain([{}, {}]);
    const checking = new ChainCheck('mafqood:other');
    expect(chain.flatMap((entry) => checking.take(entry)).map(({ seq }) => seq)).toEqual([1]);
  });
});
