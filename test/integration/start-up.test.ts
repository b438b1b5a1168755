import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const SHIPPED = fileURLToPath(new URL('../../config/policy.yaml', import.meta.url));
const TIMEOUT_MS = 60_000;

const POLICY_PROBLEMS = [
  'authority.telephone: must be a telephone number that exists, with + and its country code, or a short one such as 999',
  'tiers.amber.expiryWarning: must be at least 1m',
  'tiers.amber.criteria: unworded stands in no entry of criteria: give it its words there',
  'tiers.missing.expiryWarning: must be at least 1m',
  'people.admin-1: is on a ladder and has no way to be reached: give a mail address or a webhook',
];

let folder: string;
let brokenPolicy: string;
let brokenStaff: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
  brokenPolicy = join(folder, 'policy.yaml');
  // One thing that its form forbids, one that a rule forbids in both tiers, and two that it takes two parts of the file to see.
  writeFileSync(
    brokenPolicy,
    readFileSync(SHIPPED, 'utf8')
      .replace(/telephone: .*/, 'telephone: "12"')
      .replace(/expiryWarning: .*/, 'expiryWarning: 1s')
      .replace('criteria: [abduction,', 'criteria: [unworded,')
      .replace(/admin-1: {.*}/, 'admin-1: {}'),
  );
  brokenStaff = join(folder, 'staff.json');
  writeFileSync(
    brokenStaff,
    JSON.stringify([
      { token: 'too-short-secret', id: 'one', name: 'One', role: 'operator', jurisdictions: 'all' },
      { token: 'x'.repeat(32), name: 'Two', role: 'chief', jurisdictions: ['QA'] },
    ]),
  );
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startOf(program: string, environment: NodeJS.ProcessEnv): Promise<{ code: number; output: string }> {
  const main = fileURLToPath(new URL(`../../src/${program}`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', main], {
    env: { PATH: process.env.PATH, ...environment },
    timeout: TIMEOUT_MS,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

/** The output of a start that is refused, by its lines. What it holds besides the problems is that they are there. */
async function refusedStart(program: string, environment: NodeJS.ProcessEnv): Promise<string[]> {
  const { code, output } = await startOf(program, environment);
  expect(code).toBe(1);
  const [first, ...problems] = output.trimEnd().split('\n');
  expect(first).toMatch(/^Mafqood does not start: .*docs\/operations\.md/);
  return problems.map((line) => line.replace(/^ {2}- /, ''));
}

test(
  'the worker lists everything that is wrong with its environment and its policy file at once',
  async () => {
    const problems = await refusedStart('worker.ts', {
      TEMPORAL_ADDRESS: 'nowhere',
      MAFQOOD_DATABASE_URL: 'mysql://db',
      MAFQOOD_POLICY_FILE: brokenPolicy,
      MAFQOOD_PUBLIC_URL: 'ftp://alerts.example',
      MAFQOOD_STAFF_URL: 'no address',
      META_GRAPH_URL: 'https://graph.facebook.com',
      META_AUDIENCE: 'simulator',
      META_PAGE_ID: 'a name',
      SMTP_URL: 'mail.example',
      MAFQOOD_WEBHOOK_SECRET: 'a-short-secret',
    });
    expect(problems).toEqual([
      'TEMPORAL_ADDRESS: must be host:port',
      'MAFQOOD_DATABASE_URL: must be a postgres:// URL',
      ...POLICY_PROBLEMS.map((problem) => `MAFQOOD_POLICY_FILE: in ${brokenPolicy}: ${problem}`),
      'MAFQOOD_PUBLIC_URL: must be an http:// or https:// URL',
      'MAFQOOD_STAFF_URL: must be a URL such as https://example.org',
      'META_PAGE_ID: must be digits',
      'META_IG_USER_ID: is not set',
      'META_ACCESS_TOKEN: is not set',
      'SMTP_URL: must be an smtp:// or smtps:// URL',
      'MAFQOOD_MAIL_FROM: is not set',
      'MAFQOOD_WEBHOOK_SECRET: must be at least 32 characters',
      'META_AUDIENCE: is simulator, and META_GRAPH_URL is Meta itself: it must be test or public',
    ]);
  },
  TIMEOUT_MS,
);

test(
  'the staff API lists everything that is wrong with its environment, its policy file and its staff file at once, and shows no token',
  async () => {
    const problems = await refusedStart('api/main.ts', {
      TEMPORAL_ADDRESS: 'localhost:7233',
      MAFQOOD_DATABASE_URL: 'postgres://localhost/mafqood',
      MAFQOOD_POLICY_FILE: brokenPolicy,
      MAFQOOD_STAFF_FILE: brokenStaff,
      MAFQOOD_STAFF_PORT: '70000',
      MAFQOOD_PUBLIC_URL: 'https://alerts.example',
      MAFQOOD_LOG_LEVEL: 'loud',
    });
    expect(problems.map((problem) => problem.split(folder).join('…'))).toEqual([
      ...POLICY_PROBLEMS.map((problem) => `MAFQOOD_POLICY_FILE: in …/policy.yaml: ${problem}`),
      'MAFQOOD_STAFF_FILE: in …/staff.json: 0.token: must be at least 32 characters',
      'MAFQOOD_STAFF_FILE: in …/staff.json: 1.id: is missing',
      expect.stringMatching(/^MAFQOOD_STAFF_FILE: in …\/staff.json: 1.role: .*operator/),
      'MAFQOOD_STAFF_PORT: must be a port, 0 to 65535',
      'TEMPORAL_UI_URL: is not set',
      expect.stringMatching(/^MAFQOOD_LOG_LEVEL: .*"info"/),
    ]);
    expect(problems.join()).not.toContain('too-short-secret');
  },
  TIMEOUT_MS,
);

test(
  'the staff API refuses a staff file that names jurisdictions which the policy does not know, all of them beside what else is wrong',
  async () => {
    const staffFile = join(folder, 'abroad.json');
    const person = (id: string, jurisdictions: unknown): object => {
      return { token: id.padEnd(32, 'x'), id, name: id, role: 'operator', jurisdictions };
    };
    writeFileSync(
      staffFile,
      JSON.stringify([person('one', ['QA', 'XX']), person('two', 'all'), person('three', ['YY'])]),
    );
    const problems = await refusedStart('api/main.ts', {
      TEMPORAL_ADDRESS: 'localhost:7233',
      MAFQOOD_DATABASE_URL: 'postgres://localhost/mafqood',
      MAFQOOD_POLICY_FILE: SHIPPED,
      MAFQOOD_STAFF_FILE: staffFile,
      MAFQOOD_STAFF_PORT: '70000',
      MAFQOOD_PUBLIC_URL: 'https://alerts.example',
    });
    expect(problems).toEqual([
      'MAFQOOD_STAFF_PORT: must be a port, 0 to 65535',
      'TEMPORAL_UI_URL: is not set',
      'MAFQOOD_STAFF_FILE: 0.jurisdictions: XX is no jurisdiction of the policy file',
      'MAFQOOD_STAFF_FILE: 2.jurisdictions: YY is no jurisdiction of the policy file',
    ]);
  },
  TIMEOUT_MS,
);

test.each([
  [
    'public/main.ts',
    { MAFQOOD_PUBLIC_DATABASE_URL: 'db' },
    [
      'MAFQOOD_PUBLIC_DATABASE_URL: must be a postgres:// URL',
      'MAFQOOD_PUBLIC_URL: is not set',
      'MAFQOOD_PUBLIC_PORT: is not set',
    ],
  ],
  [
    'store/migrate.ts',
    {},
    [
      'MAFQOOD_OWNER_DATABASE_URL: is not set',
      'MAFQOOD_DATABASE_URL: is not set',
      'MAFQOOD_PUBLIC_DATABASE_URL: is not set',
    ],
  ],
  ['temporal/register-search-attributes.ts', {}, ['TEMPORAL_ADDRESS: is not set']],
])(
  '%s says what is wrong with its environment, without a stack trace',
  async (program, environment, problems) => {
    expect(await refusedStart(program, environment)).toEqual(problems);
  },
  TIMEOUT_MS,
);

test(
  'a file that is not there is one problem among the others',
  async () => {
    const nowhere = join(folder, 'nowhere.yaml');
    const problems = await refusedStart('api/main.ts', { MAFQOOD_POLICY_FILE: nowhere, MAFQOOD_STAFF_FILE: nowhere });
    const ofFiles = problems.filter((problem) => problem.includes(nowhere));
    expect(ofFiles.map((problem) => problem.split(':')[0])).toEqual(['MAFQOOD_POLICY_FILE', 'MAFQOOD_STAFF_FILE']);
    for (const problem of ofFiles) expect(problem).toContain('there is no such file');
    expect(problems).toContain('MAFQOOD_DATABASE_URL: is not set');
  },
  TIMEOUT_MS,
);

test.each([
  ['breaks off', 'authority: { name: { ar: x\n  tiers: [\n', /: is no YAML: .* at line 1, column 26$/],
  ['is empty', '', /: the file: is empty$/],
])(
  'a policy file that %s is one line among the others',
  async (_how, text, problem) => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, text);
    const problems = await refusedStart('api/main.ts', { MAFQOOD_POLICY_FILE: file });
    expect(problems.filter((line) => line.startsWith('MAFQOOD_POLICY_FILE'))).toEqual([expect.stringMatching(problem)]);
    for (const line of problems) expect(line).toMatch(/^[A-Z_]+: /);
  },
  TIMEOUT_MS,
);
