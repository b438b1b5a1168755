import { expect, test } from '@jest/globals';
import { RateLimit, type RatedAccount } from '../../src/simulator/rate-limit.js';

const MINUTE = 60_000;
const page: RatedAccount = { channel: 'facebook', id: '100' };

function waitMinutes(limit: RateLimit, now: number): number {
  const { 'x-business-use-case-usage': header = '' } = limit.headers(page, now);
  const usage = JSON.parse(header) as Record<string, { estimated_time_to_regain_access: number }[]>;
  return usage[page.id]?.[0]?.estimated_time_to_regain_access ?? -1;
}

test('the wait that the headers name is enough: after it, and not before, a call is taken again', () => {
  for (const waited of [0, 1]) {
    const limit = new RateLimit(3);
    for (const minute of [0, 20, 40]) expect(limit.allows(page, minute * MINUTE)).toBe(true);
    expect(limit.allows(page, 50 * MINUTE)).toBe(false);
    const wait = waitMinutes(limit, 50 * MINUTE);
    expect(wait).toBe(30);
    // The refused call has used up the place of the first one.
    expect(limit.allows(page, (50 + wait - 1 + waited) * MINUTE)).toBe(waited === 1);
  }
});

test('calling while throttled prolongs the throttle', () => {
  const limit = new RateLimit(1);
  limit.allows(page, 0);
  limit.allows(page, MINUTE);
  const before = waitMinutes(limit, MINUTE);
  expect(limit.allows(page, 30 * MINUTE)).toBe(false);
  expect(30 + waitMinutes(limit, 30 * MINUTE)).toBeGreaterThan(1 + before);
});

test('one account being over its limit does not throttle the other', () => {
  const limit = new RateLimit(1);
  limit.allows(page, 0);
  expect(limit.allows(page, 0)).toBe(false);
  expect(limit.allows({ channel: 'instagram', id: '178' }, 0)).toBe(true);
});
