import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { loadStaffFile } from '../../src/api/staff-file.js';
import { UnusableFile } from '../../src/settings-file.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TOKEN = 'secret-of-nobody-in-particular-0';

function load(text: string): ReturnType<typeof loadStaffFile> {
  const file = join(folder, 'staff');
  writeFileSync(file, text);
  return loadStaffFile(file);
}

function refusalOf(text: string): UnusableFile {
  try {
    load(text);
  } catch (error) {
    if (error instanceof UnusableFile) return error;
  }
  throw new Error('the file was taken');
}

test('a staff file may be YAML or JSON', () => {
  const entry = { token: TOKEN, id: 'operator-1', name: 'Operator 1', role: 'operator', jurisdictions: ['QA'] };
  const read = [{ ...entry, secondFactor: false }];
  expect(load(JSON.stringify([entry]))).toEqual(read);
  expect(load(`- { token: ${TOKEN}, id: operator-1, name: Operator 1, role: operator, jurisdictions: [QA] }`)).toEqual(
    read,
  );
});

test('a token counts as having a second factor only where the file says so in as many words', () => {
  const entry = { token: TOKEN, id: 'supervisor-1', name: 'Supervisor 1', role: 'supervisor', jurisdictions: 'all' };
  const secondFactorOf = (text: string): unknown => load(text)[0]?.secondFactor;
  expect(secondFactorOf(JSON.stringify([entry]))).toBe(false);
  expect(secondFactorOf(JSON.stringify([{ ...entry, secondFactor: true }]))).toBe(true);
  for (const secondFactor of ['true', 'yes', 1, null]) {
    expect(refusalOf(JSON.stringify([{ ...entry, secondFactor }])).problems[0]).toMatch(/^0\.secondFactor: /);
  }
});

test('everything that is wrong with a staff file is told at once, and no token with it', () => {
  const { problems, message } = refusalOf(
    JSON.stringify([
      { token: 'short-secret', id: 'operator 1', name: ' ', role: 'chief' },
      {
        token: `${TOKEN} spaced`,
        id: 'operator-1',
        name: 'Operator 1',
        role: 'operator',
        jurisdictions: [],
        phone: '5550',
      },
      'nobody',
    ]),
  );
  expect(problems.map((problem) => problem.split(':')[0])).toEqual([
    '0.token',
    '0.id',
    '0.name',
    '0.role',
    '0.jurisdictions',
    '1.token',
    '1.jurisdictions',
    '1',
    '2',
  ]);
  expect(message).not.toContain('secret');
});

test('somebody belongs to all jurisdictions only by that very word', () => {
  const entry = { token: TOKEN, id: 'auditor-1', name: 'Auditor 1', role: 'auditor', jurisdictions: 'all' };
  expect(load(JSON.stringify([entry]))).toMatchObject([entry]);
  for (const jurisdictions of [undefined, null, '', 'ALL', 'QA', [], [''], ['QA', 1]]) {
    const { problems } = refusalOf(JSON.stringify([{ ...entry, jurisdictions }]));
    expect(problems).toEqual([expect.stringMatching(/^0\.jurisdictions[.:]/)]);
  }
});

test('no two people share an id or a token', () => {
  const entry = { token: TOKEN, id: 'operator-1', name: 'Operator 1', role: 'operator', jurisdictions: ['QA'] };
  const { problems, message } = refusalOf(
    JSON.stringify([entry, { ...entry, id: 'operator-2' }, { ...entry, token: `${TOKEN}x` }]),
  );
  expect(problems).toEqual(['2.id: is the same as that of entry 0', '1.token: is the same as that of entry 0']);
  expect(message).not.toContain('secret');
});

test.each([
  ['is empty', ''],
  ['names nobody', '[]'],
  ['breaks off', `- { token: ${TOKEN}, id: `],
  ['has a token that YAML takes for an alias', `- { token: *${TOKEN}, id: a }`],
  ['says something twice', `- { token: ${TOKEN}, token: ${TOKEN} }`],
])('a file that %s is refused without showing what is in it', (_what, text) => {
  expect(refusalOf(text).message).not.toContain('secret');
});

test('a file that is not there is refused by its name', () => {
  expect(() => loadStaffFile(join(folder, 'missing'))).toThrow(/missing.*ENOENT/s);
});
