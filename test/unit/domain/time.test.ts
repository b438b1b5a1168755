import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatZonedTime, parseDuration, parseZonedTime } from '../../../src/domain/time.js';

describe('a time with its zone', () => {
  it('is read to the instant it means', () => {
    expect(parseZonedTime('2026-11-24T05:20:05+03:00')).toEqual({
      instant: Date.UTC(2026, 10, 24, 2, 20, 5),
      offsetMinutes: 180,
    });
    expect(parseZonedTime('2026-11-24T02:20Z')?.instant).toBe(Date.UTC(2026, 10, 24, 2, 20));
    expect(parseZonedTime('2026-11-24T02:20:05.25-00:30')?.instant).toBe(Date.UTC(2026, 10, 24, 2, 50, 5, 250));
  });

  it('is refused without a zone, on a day that does not exist, or with an offset no clock has', () => {
    for (const text of [
      '2026-11-24T05:20:05',
      '2026-02-30T00:00Z',
      '2026-11-24',
      '2026-11-24T24:01Z',
      '2026-11-24T00:00+15:00',
      '2026-11-24T00:00+03:60',
      '',
      'now',
    ]) {
      expect(parseZonedTime(text)).toBeUndefined();
    }
  });

  it('is written as CAP wants it: a numeric offset, no fraction, UTC as -00:00', () => {
    expect(formatZonedTime({ instant: Date.UTC(2026, 10, 24, 2, 20, 5, 123), offsetMinutes: 180 })).toBe(
      '2026-11-24T05:20:05+03:00',
    );
    expect(formatZonedTime({ instant: Date.UTC(2026, 10, 24, 2, 20, 5), offsetMinutes: 0 })).toBe(
      '2026-11-24T02:20:05-00:00',
    );
  });

  it('comes back as it was written, for every second and every offset', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 4_000_000_000 }),
        fc.integer({ min: -14 * 60, max: 14 * 60 }),
        (second, offsetMinutes) => {
          const time = { instant: second * 1_000, offsetMinutes };
          const read = parseZonedTime(formatZonedTime(time));
          expect(read?.instant).toBe(time.instant);
          expect((read?.offsetMinutes ?? NaN) + 0).toBe(offsetMinutes + 0);
        },
      ),
    );
  });
});

describe('a duration', () => {
  it('is read as a policy writes it, and nothing else is', () => {
    expect(['90s', '3m', '24h', '30d'].map(parseDuration)).toEqual([90_000, 180_000, 86_400_000, 2_592_000_000]);
    for (const text of ['', '3', 'm', '3 m', '-3m', '1.5h', '3min']) expect(parseDuration(text)).toBeUndefined();
  });
});
