import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isWithin } from '../../src/policy/bounds.js';
import { loadPolicyFile } from '../../src/policy/policy-file.js';

const SHIPPED = new URL('../../config/policy.yaml', import.meta.url);
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(bounds: string): ReturnType<typeof loadPolicyFile> {
  const file = join(folder, 'policy.yaml');
  writeFileSync(file, readFileSync(SHIPPED, 'utf8').replace(/^ {4}bounds: .*\n/m, bounds));
  return loadPolicyFile(file);
}

test('Doha lies within the bounds that are shipped, and Doha swapped does not', () => {
  const bounds = load('    bounds: { south: 24.3, west: 50.3, north: 26.7, east: 53.1 }\n').jurisdictions.QA?.bounds;
  expect(bounds).toEqual(loadPolicyFile(SHIPPED.pathname).jurisdictions.QA?.bounds);
  if (!bounds) throw new Error('there are no bounds');
  expect(isWithin(bounds, { latitude: 25.2854, longitude: 51.531 })).toBe(true);
  expect(isWithin(bounds, { latitude: 51.531, longitude: 25.2854 })).toBe(false);
});

test('bounds may be left out', () => {
  expect(load('').jurisdictions.QA?.bounds).toBeUndefined();
});

test('bounds may cross the 180th meridian', () => {
  const fiji = { south: -21, west: 176, north: -12, east: -178 };
  expect([177, -179, 180, 0, 175].map((longitude) => isWithin(fiji, { latitude: -18, longitude }))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
});

test.each([
  ['{ south: 26, west: 50, north: 24, east: 53 }', 'the south must be south of the north'],
  ['{ south: 24, west: 50, north: 26 }', 'bounds.east'],
  ['{ south: 24, west: 50, north: 91, east: 181 }', 'bounds.east'],
])('bounds that cannot be are told when the file is loaded: %s', (bounds, problem) => {
  expect(() => load(`    bounds: ${bounds}\n`)).toThrow(problem);
});
