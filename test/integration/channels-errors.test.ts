import { describe, expect, test } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.js';
import { classify, classifyContainerError, isAbsent } from '../../src/channels/graph-errors.js';

const NO_HEADERS = new Headers();

function graphError(code: number, subcode?: number): object {
  return {
    error: {
      message: 'The text was: Layla Example',
      type: 'OAuthException',
      code,
      ...(subcode === undefined ? {} : { error_subcode: subcode }),
      is_transient: false,
      fbtrace_id: 'A6LJylpZRKw2xKLFsAP-cJh',
    },
  };
}

describe('what an error of the Graph API means', () => {
  test.each([
    [1, undefined, 'unknown'],
    [2, undefined, 'unknown'],
    [4, undefined, 'throttled'],
    [17, undefined, 'throttled'],
    [32, undefined, 'throttled'],
    [341, undefined, 'throttled'],
    [368, undefined, 'throttled'],
    [613, undefined, 'throttled'],
    [80001, undefined, 'throttled'],
    [80002, undefined, 'throttled'],
    [4, 2207051, 'unknown'],
    [9, 2207042, 'refused'],
    [-2, 2207003, 'unknown'],
    [-2, 2207020, 'unknown'],
    [24, 2207006, 'unknown'],
    [9004, 2207052, 'unknown'],
    [9007, 2207027, 'throttled'],
    [36000, 2207004, 'refused'],
    [36001, 2207005, 'refused'],
    [36003, 2207009, 'refused'],
    [36004, 2207010, 'refused'],
    [324, 2069019, 'unknown'],
    [3, undefined, 'refused'],
    [10, undefined, 'refused'],
    [100, undefined, 'refused'],
    [100, 2207023, 'refused'],
    [100, 2207085, 'refused'],
    [100, 33, 'unknown'],
    [102, undefined, 'refused'],
    [190, undefined, 'refused'],
    [190, 463, 'refused'],
    [200, undefined, 'refused'],
    [299, undefined, 'refused'],
    [300, undefined, 'unknown'],
    [506, 1455006, 'refused'],
    [2635, undefined, 'refused'],
    [987654, undefined, 'unknown'],
  ])('%d/%s is %s', (code, subcode, kind) => {
    const failure = classify(400, NO_HEADERS, graphError(code, subcode));
    expect(failure.kind).toBe(kind);
    expect(failure.code).toBe(subcode === undefined ? `meta/${code}` : `meta/${code}/${subcode}`);
    expect(failure.message).toBe(`${kind}: ${failure.code}`);
  });

  test('a server that broke is never believed, not even when it names a harmless reason', () => {
    expect(classify(500, NO_HEADERS, graphError(190))).toMatchObject({ kind: 'unknown', code: 'meta/190' });
    expect(classify(503, NO_HEADERS, graphError(4))).toMatchObject({ kind: 'unknown', code: 'meta/4' });
  });

  test.each([
    [502, 'unknown'],
    [403, 'unknown'],
    [302, 'unknown'],
    [429, 'throttled'],
  ])('an answer %d that is not Graph’s is %s', (status, kind) => {
    expect(classify(status, NO_HEADERS, undefined)).toMatchObject({ kind, code: `http/${status}` });
    expect(classify(status, NO_HEADERS, { error: 'a proxy’s' })).toMatchObject({ kind, code: `http/${status}` });
  });

  test('only 100/33 says that there is no such object', () => {
    expect(isAbsent(classify(400, NO_HEADERS, graphError(100, 33)))).toBe(true);
    expect(isAbsent(classify(400, NO_HEADERS, graphError(100)))).toBe(false);
    expect(isAbsent(new Error('meta/100/33'))).toBe(false);
  });
});

describe('how long a throttled call waits', () => {
  const usage = (...minutes: (number | undefined)[]): string =>
    JSON.stringify({
      '17841': minutes.map((estimated_time_to_regain_access) => ({
        type: 'instagram',
        call_count: 100,
        estimated_time_to_regain_access,
      })),
    });

  test.each<[string, Record<string, string>, number]>([
    ['the minutes of the business use case', { 'x-business-use-case-usage': usage(7) }, 7 * MINUTE],
    ['the longest of several', { 'x-business-use-case-usage': usage(2, undefined, 9) }, 9 * MINUTE],
    ['never longer than an hour', { 'x-business-use-case-usage': usage(1440) }, HOUR],
    ['the seconds of Retry-After', { 'retry-after': '90' }, 90 * SECOND],
    ['the longer of both', { 'retry-after': '90', 'x-business-use-case-usage': usage(1) }, 90 * SECOND],
    ['a minute when no time is given', {}, MINUTE],
    ['a minute when the time given is none', { 'x-business-use-case-usage': usage(0) }, MINUTE],
    ['a minute when only percentages are given', { 'x-app-usage': '{"call_count":100}' }, MINUTE],
    [
      'a minute when the headers cannot be read',
      { 'retry-after': 'soon', 'x-business-use-case-usage': '{"a":[' },
      MINUTE,
    ],
  ])('%s', (_, headers, wait) => {
    expect(classify(400, new Headers(headers), graphError(80002)).retryAfterMs).toBe(wait);
  });

  test('a flip that came too early waits a second', () => {
    expect(classify(400, NO_HEADERS, graphError(9007, 2207027)).retryAfterMs).toBe(SECOND);
  });

  test('what is not throttled names no time', () => {
    expect(classify(400, new Headers({ 'retry-after': '90' }), graphError(190)).retryAfterMs).toBe(0);
  });
});

describe('what a container that turned out an error means', () => {
  test.each([
    ['Error: Media upload has failed with error code 2207009', 'refused', 'container/2207009'],
    ['2207003', 'unknown', 'container/2207003'],
    ['Error: Media upload has failed with error code 2207999', 'unknown', 'container/2207999'],
    ['', 'unknown', 'container/error'],
  ])('%p', (status, kind, code) => {
    expect(classifyContainerError(status)).toMatchObject({ kind, code });
  });
});
