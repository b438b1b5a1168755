import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { classify } from '../../src/channels/graph-errors.js';
import { HOLD_WORDS, holdWords } from '../../src/channels/hold-words.js';
import { holdsPage } from '../../src/channels/holds-page.js';

const ROOT = new URL('../../', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** Every code that stands in a file of the sources as what a step failed with or is held by. What was not sent has no code of its own. */
function codesIn(path: string): string[] {
  const source = read(path);
  const failures = [...source.matchAll(/(?:ChannelFailure|held|hold)\(\s*'(\w+)',\s*'([^']+)'/g)];
  const others = [...source.matchAll(/'((?:desk|step|quota|channel|network)\/[a-z_]+)'/g)].map(([, code = '']) => code);
  return [...failures.flatMap(([, kind, code = '']) => (kind === 'notSent' ? [] : [code])), ...others];
}

describe('what holds a publication up', () => {
  test('is on docs/holds.md as the code has it; otherwise run npm run docs:holds', () => {
    expect(read('docs/holds.md')).toBe(holdsPage());
  });

  test('has words of its own for every code of Meta’s that we refuse or wait for, subcodes too', () => {
    const generic = holdWords('meta/987654');
    const kindOf = (code: number, error_subcode?: number): string =>
      classify(400, new Headers(), { error: { code, error_subcode } }).kind;
    const known = [
      ...[...Array.from({ length: 3_000 }, (_, code) => code), 80_001, 80_002]
        .filter((code) => kindOf(code) !== 'unknown')
        .map((code) => `meta/${code}`),
      ...Array.from({ length: 200 }, (_, index) => 2_207_000 + index)
        .filter((subcode) => kindOf(9, subcode) !== 'unknown')
        .map((subcode) => `meta/9/${subcode}`),
    ];
    expect(known).toEqual(expect.arrayContaining(['meta/190', 'meta/250', 'meta/9/2207042', 'meta/9/2207085']));
    expect(known.filter((code) => holdWords(code) === generic)).toEqual([]);
  });

  test('has words for every code that our own steps fail with', () => {
    const files = ['channels', 'activities', 'domain', 'workflows'].flatMap((folder) =>
      readdirSync(new URL(`src/${folder}`, ROOT)).map((name) => `src/${folder}/${name}`),
    );
    const codes = files.flatMap(codesIn);
    expect(codes).toEqual(
      expect.arrayContaining(['quota/reserved', 'content/mismatch', 'not_found', 'not_seen', 'desk/mail']),
    );
    const unknown = holdWords('no such code');
    expect(codes.filter((code) => holdWords(code) === unknown)).toEqual([]);
  });

  test('is told by what says most of a code', () => {
    expect(holdWords('meta/190/463')).toBe(holdWords('meta/190'));
    expect(holdWords('meta/4/2207051')).not.toBe(holdWords('meta/4'));
    expect(holdWords('container/2207052')).toBe(holdWords('meta/9004/2207052'));
    expect(holdWords('desk/503')).toBe(holdWords('desk/smtp_550'));
    expect(holdWords('desk/timeout')).not.toBe(holdWords('desk/503'));
  });

  test('has one entry a code, and both languages in each', () => {
    const codes = HOLD_WORDS.flatMap((entry) => entry.codes);
    expect(new Set(codes).size).toBe(codes.length);
    for (const { means, next } of HOLD_WORDS) {
      for (const { ar, en } of [means, next]) {
        expect(ar).toMatch(/[\u0600-\u06FF].*[.؟]$/);
        expect(en).toMatch(/^[A-Z].*[.?]$/);
        expect(en).not.toMatch(/[\u0600-\u06FF]/);
      }
    }
  });
});
