import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { areaPlanProblems } from '../../../src/domain/area.js';
import { isCaseNumber, newCaseNumber } from '../../../src/domain/case-number.js';
import { tierProblems } from '../../../src/domain/policy.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { POLICY } from '../../given/a-case.js';

describe('an area plan', () => {
  const centre = { latitude: 25.2867, longitude: 51.5333 };

  it('is right when it has a place on earth, a radius of 1 to 500 km, and each step is later and larger', () => {
    expect(areaPlanProblems({ centre, radiusKm: 160, widening: [{ afterMs: 3 * HOUR, radiusKm: 300 }] })).toEqual([]);
  });

  it('says everything that is wrong with it at once', () => {
    const problems = areaPlanProblems({
      centre: { latitude: 91, longitude: Number.NaN },
      radiusKm: 0.5,
      widening: [
        { afterMs: 3 * HOUR, radiusKm: 300 },
        { afterMs: 2 * HOUR, radiusKm: 501 },
      ],
    });
    expect(problems).toHaveLength(5);
  });
});

describe('a policy', () => {
  it('as shipped has no problem', () => {
    expect(tierProblems(POLICY)).toEqual([]);
  });

  it('is refused with every problem named by its place', () => {
    const wrong = {
      ...POLICY,
      ladders: {
        supervisors: { rungs: [], repeatEveryMs: 5 * MINUTE },
        administrators: {
          rungs: [
            { afterMs: MINUTE, people: [] },
            { afterMs: MINUTE, people: ['admin-1'] },
          ],
          repeatEveryMs: 1,
        },
      },
      expiresAfterMs: 1,
      area: { radiusKm: 501, widening: [] },
    };
    expect(tierProblems(wrong)).toEqual([
      'ladders.supervisors: needs at least one rung',
      'ladders.administrators: rung 1: names nobody',
      'ladders.administrators: rung 2: must come later than the one before',
      'ladders.administrators: repeatEvery: must be at least 1m',
      'expiresAfter: must be longer than notLiveAfter',
      'expiryWarning: must be shorter than expiresAfter',
      'area: the radius must be 1 to 500 km',
    ]);
  });
});

describe('a case number', () => {
  it('is well formed for any random bytes', () => {
    fc.assert(
      fc.property(fc.infiniteStream(fc.nat(255)), (stream) => {
        const number = newCaseNumber((count) => Uint8Array.from({ length: count }, () => Number(stream.next().value)));
        expect(isCaseNumber(number)).toBe(true);
      }),
    );
  });
});
