import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type CaseOnChannel,
  isKnown,
  judge,
  LEFTOVER_AFTER,
  type MarkedPost,
  type Sighting,
  UNSETTLED_AFTER,
} from '../../../src/domain/account-watch.js';
import { CASE_STATUSES, isClosed } from '../../../src/domain/case.js';
import { marker, markerIn, newCaseNumber } from '../../../src/domain/case-number.js';
import { CHANNELS } from '../../../src/domain/channel.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';

const CASE = 'MFQ-7K3D-92XQ';
const NOW = Date.UTC(2026, 10, 24);

const id = fc.constantFrom('a', 'b', 'c');
const revision = fc.integer({ min: 1, max: 3 });

const anyPost: fc.Arbitrary<MarkedPost> = fc.record({
  channel: fc.constantFrom(...CHANNELS),
  id,
  marker: fc.record({ caseNumber: fc.constant(CASE), revision }),
  live: fc.boolean(),
  createdAt: fc.integer({ min: NOW - 3 * HOUR, max: NOW + MINUTE }),
});

const anyCase: fc.Arbitrary<CaseOnChannel> = fc.record({
  status: fc.constantFrom('accepted' as const, ...CASE_STATUSES),
  wanted: fc.option(revision),
  objects: fc.array(
    fc.record({
      objectId: id,
      postId: fc.option(id),
      revision,
      state: fc.constantFrom('staged' as const, 'unknown' as const, 'live' as const, 'watched' as const),
      byHand: fc.boolean(),
      postsAnew: fc.boolean(),
    }),
    { maxLength: 3 },
  ),
  stepInFlight: fc.boolean(),
  caughtUp: fc.boolean(),
});

const anySighting: fc.Arbitrary<Sighting> = fc.record({
  since: fc.integer({ min: NOW - 2 * HOUR, max: NOW }),
  runs: fc.integer({ min: 1, max: 4 }),
});

const over = ({ status }: CaseOnChannel): boolean => status !== 'accepted' && isClosed(status);

function always(property: (post: MarkedPost, theCase: CaseOnChannel, sighting: Sighting) => void): void {
  fc.assert(fc.property(anyPost, anyCase, anySighting, property), { numRuns: 2_000 });
}

describe('a post on an account', () => {
  it('of a closed case is removed at once, whatever else is the matter', () => {
    always((post, theCase, sighting) => {
      fc.pre(over(theCase));
      expect(judge(post, theCase, sighting, NOW)).toBe('remove');
    });
  });

  it('of a case that the database does not know is never removed', () => {
    always((post, _, sighting) => {
      const verdict = judge(post, null, sighting, NOW);
      expect(verdict).toBe(post.live || NOW - post.createdAt > LEFTOVER_AFTER ? 'report' : 'later');
    });
  });

  it('that an open case knows is left to the case', () => {
    always((post, theCase, sighting) => {
      fc.pre(!over(theCase) && theCase.objects.some(({ objectId, postId }) => [objectId, postId].includes(post.id)));
      expect(judge(post, theCase, sighting, NOW)).toBe('ours');
    });
  });

  it('of an open case is removed only when nothing about it can still be on its way', () => {
    always((post, theCase, sighting) => {
      fc.pre(!over(theCase) && judge(post, theCase, sighting, NOW) === 'remove');
      expect(theCase.caughtUp).toBe(true);
      expect(theCase.stepInFlight).toBe(false);
      expect(sighting.runs).toBeGreaterThanOrEqual(2);
      expect(isKnown(post, theCase)).toBe(false);
      if (!post.live) expect(NOW - post.createdAt).toBeGreaterThan(LEFTOVER_AFTER);
    });
  });

  it('of the wanted revision is removed only beside another one that the case knows to be live', () => {
    always((anyOther, anyAtAll, sighting) => {
      const theCase: CaseOnChannel = { ...anyAtAll, status: 'active', wanted: 2, stepInFlight: false, caughtUp: true };
      const post: MarkedPost = { ...anyOther, live: true, marker: { caseNumber: CASE, revision: 2 } };
      if (judge(post, theCase, { ...sighting, runs: 2 }, NOW) !== 'remove') return;
      const live = theCase.objects.filter((object) => object.state === 'live' && object.revision === theCase.wanted);
      expect(live.length).toBeGreaterThan(0);
      expect(live.every(({ objectId, postId }) => objectId !== post.id && postId !== post.id)).toBe(true);
    });
  });

  it('that an open case does not know and the public sees is removed or reported in the end', () => {
    always((post, theCase, sighting) => {
      fc.pre(post.live && NOW - sighting.since > UNSETTLED_AFTER);
      expect(judge(post, theCase, sighting, NOW)).not.toBe('later');
    });
  });

  it('that nobody sees is never reported while its case is known', () => {
    always((post, theCase, sighting) => {
      fc.pre(!post.live);
      expect(judge(post, theCase, sighting, NOW)).not.toBe('report');
    });
  });
});

describe('a media on Instagram', () => {
  const media: MarkedPost = {
    channel: 'instagram',
    id: 'media-1',
    marker: { caseNumber: CASE, revision: 1 },
    live: true,
    createdAt: NOW - HOUR,
  };
  const theCase = (postId: string | null, postsAnew = false): CaseOnChannel => ({
    status: 'active',
    wanted: 1,
    objects: [{ objectId: 'container-1', postId, revision: 1, state: 'live', byHand: false, postsAnew }],
    stepInFlight: false,
    caughtUp: true,
  });
  const sighting = { since: NOW - MINUTE, runs: 2 };

  it('may be that of a container whose media the case has not found yet', () => {
    expect(judge(media, theCase(null), sighting, NOW)).toBe('ours');
    expect(judge({ ...media, channel: 'facebook' }, theCase(null), sighting, NOW)).toBe('remove');
  });

  it('may be what a case has posted anew and not found yet, on any channel; once it is found another is a duplicate', () => {
    const post = { ...media, channel: 'facebook' } as const;
    expect(judge(post, theCase(null, true), sighting, NOW)).toBe('ours');
    expect(judge(post, theCase('media-1', true), sighting, NOW)).toBe('ours');
    expect(judge(post, theCase('media-2', true), sighting, NOW)).toBe('remove');
  });

  it('is a duplicate beside the one that the case has found', () => {
    expect(judge(media, theCase('media-2'), sighting, NOW)).toBe('remove');
    expect(judge(media, theCase('media-1'), sighting, NOW)).toBe('ours');
  });
});

describe('a post that a person made by hand', () => {
  const post: MarkedPost = {
    channel: 'facebook',
    id: 'page_1',
    marker: { caseNumber: CASE, revision: 1 },
    live: true,
    createdAt: NOW - HOUR,
  };
  const known = { objectId: 'by-hand/1', postId: null, revision: 1, state: 'live' as const };
  const byHand = { ...known, byHand: true, postsAnew: false };
  const theCase = { status: 'active', wanted: 1, objects: [byHand], stepInFlight: false, caughtUp: true } as const;

  it('and confirmed without its id is the one that the case means, and stays', () => {
    expect(judge(post, theCase, { since: NOW - HOUR, runs: 9 }, NOW)).toBe('ours');
  });

  it('goes when its case has closed', () => {
    expect(judge(post, { ...theCase, status: 'resolved', wanted: null }, { since: NOW, runs: 1 }, NOW)).toBe('remove');
  });
});

describe('the marker in a text', () => {
  it('is found wherever it stands', () => {
    const random = (count: number): Uint8Array => crypto.getRandomValues(new Uint8Array(count));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), fc.lorem(), fc.lorem(), (number, before, after) => {
        const caseNumber = newCaseNumber(random);
        const text = `${before} ${marker(caseNumber, number)}. ${after}`;
        expect(markerIn(text)).toEqual({ caseNumber, revision: number });
        expect(markerIn(`${before}\n\u2068${marker(caseNumber, number)}\u2069\n`)).toEqual({
          caseNumber,
          revision: number,
        });
      }),
    );
  });

  it.each(['', 'MFQ-7K3D-92XQ', 'MFQ-7K3D-92XQ/0', 'MFQ-AAAA-92XQ/1', 'XMFQ-7K3D-92XQ/1', 'MFQ-7K3D-92XQ/1234567'])(
    'is not there in %p',
    (text) => expect(markerIn(text)).toBeUndefined(),
  );

  it('is the one alone on the last line, when there are others', () => {
    const revised = 'It takes the place of MFQ-7K3D-92XQ/1.\n\nMFQ-7K3D-92XQ/2';
    expect(markerIn(revised)).toEqual({ caseNumber: CASE, revision: 2 });
    expect(markerIn(`${revised}\n`)).toEqual({ caseNumber: CASE, revision: 2 });
  });

  it('is no marker of a text that is about several alerts', () => {
    expect(markerIn('Ended today: MFQ-7K3D-92XQ/1, MFQ-7K3D-92XR/1')).toBeUndefined();
    expect(markerIn('MFQ-7K3D-92XQ/1, once more MFQ-7K3D-92XQ/1')).toEqual({ caseNumber: CASE, revision: 1 });
  });
});
