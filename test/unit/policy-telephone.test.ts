import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadPolicyFile } from '../../src/policy/policy-file.js';

const SHIPPED = new URL('../../config/policy.yaml', import.meta.url);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(telephone: string): ReturnType<typeof loadPolicyFile> {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, readFileSync(SHIPPED, 'utf8').replace(/^ {2}telephone: .*$/m, `  telephone: '${telephone}'`));
  return loadPolicyFile(file);
}

test.each(['+974 4444 0999', '+97444440999', '+44 20 7946 0018', '+971 800 5000', '999', '112', '116 000'])(
  'the authority may be called at %s, which stays as it is written',
  (telephone) => {
    expect(load(telephone).authority.telephone).toBe(telephone);
  },
);

test.each([
  ['nothing', ''],
  ['words', 'call the police'],
  ['a number without its country code', '4444 0999'],
  ['a number that is too short for its country', '+974 444'],
  ['a number that is too long for its country', '+974 4444 0999 1'],
  ['a number that its country does not give out', '+974 0000 0000'],
  ['a country code that there is not', '+999 4444 0999'],
  ['two digits', '99'],
  ['digits of another script', '٩٩٩'],
  ['an invisible mark in it', '+974 \u202E4444 0999'],
  ['a gap in it', '+974  4444 0999'],
  ['an extension', '+974 4444 0999 ext. 5'],
])(
  'a policy whose authority has %s for a number is refused when it is read, and told how to write one',
  (_, telephone) => {
    expect(() => load(telephone)).toThrow(
      'authority.telephone: must be a telephone number that exists, with + and its country code, or a short one such as 999',
    );
  },
);
