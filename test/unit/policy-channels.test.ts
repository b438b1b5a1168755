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

/** The shipped policy with these channels for `amber`, which the other tier takes over. */
function load(channels: string): ReturnType<typeof loadPolicyFile> {
  const file = join(folder, 'policy.yaml');
  const shipped = readFileSync(SHIPPED, 'utf8');
  writeFileSync(
    file,
    shipped.replace(/^( +)channels: .*\n/m, (_line, indent: string) => `${indent}channels: ${channels}\n`),
  );
  return loadPolicyFile(file);
}

test('a tier may name the partner desk alone', () => {
  expect(load('[meta-partner]').policy.tiers.amber.channels).toEqual(['meta-partner']);
});

test.each([
  ['no channel, on which nothing would ever be published', '[]', 'names no channel'],
  ['a channel twice', '[facebook, facebook]', 'names a channel twice'],
])('a tier cannot name %s', (_, channels, problem) => {
  expect(() => load(channels)).toThrow(problem);
});
