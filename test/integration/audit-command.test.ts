import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { createCaseStore } from '../../src/store/case-store.js';
import { aNewReport, lifeOf } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

const ROOT = join(import.meta.dirname, '../..');
const LONG = 60_000;

let server: DatabaseServer;
let database: TestDatabase;
let folder: string;
let program: string;
/** In the order of their numbers. */
let cases: string[];

beforeAll(async () => {
  server = await startDatabaseServer();
  database = await server.newDatabase();
  folder = await mkdtemp(join(tmpdir(), 'mafqood-test-'));
  const store = createCaseStore(database.pool, 'all');
  const reports = [aNewReport(), aNewReport()];
  for (const report of reports) {
    const life = lifeOf(report, await store.storeReport(report));
    for (const id of ['a', 'b', 'c']) life.answer({ kind: 'malformed', signal: 'approve', problem: 'actor' }, id);
    await createCaseJournal(database.pool).append(life.batch());
    const { caseNumber } = report;
    await store.recordAccess({ type: 'contentRead', what: 'case', caseNumber, revision: 1, by: 'a', role: 'auditor' });
  }
  // Stored, and not begun.
  const waiting = aNewReport();
  await store.storeReport(waiting);
  cases = [...reports, waiting].map(({ caseNumber }) => caseNumber).sort();
  program = join(folder, 'verify.mjs');
  const [, source = ''] = /^```js\n(.*?)^```$/ms.exec(await readFile(join(ROOT, 'docs/audit.md'), 'utf8')) ?? [];
  expect(source.split('\n').length).toBeLessThanOrEqual(51);
  await writeFile(program, source);
}, LONG);

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  await server.stop();
}, LONG);

async function run(command: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)));
  const [code] = (await once(child, 'close')) as [number];
  return { code, output };
}

const audit = (...args: string[]): Promise<{ code: number; output: string }> =>
  run(process.execPath, ['--import', 'tsx', 'src/cli/mafqood.ts', 'audit', ...args], {
    MAFQOOD_DATABASE_URL: database.databaseUrl,
  });

/** Verifies a bundle by the program of the documentation, which has nothing but Node. */
const verified = (bundle: string): Promise<{ code: number; output: string }> =>
  run(process.execPath, [program, bundle]);

/** Does as the owner of the database would who has lifted the trigger, while something else is done. */
async function whileTampered<T>(there: string, back: string, work: () => Promise<T>): Promise<T> {
  const client = await database.ownerPool.connect();
  try {
    await client.query('SET session_replication_role = replica');
    await client.query(there);
    return await work();
  } finally {
    await client.query(back);
    await client.query('RESET session_replication_role');
    client.release();
  }
}

test(
  'verify ends with 0 when all is as it was written, and with 1 and the names of the entries when it is not',
  async () => {
    expect(await audit('verify')).toEqual({
      code: 0,
      output: expect.stringMatching(/^4 chains, \d+ entries: all as they were written\n$/),
    });
    const at = `WHERE seq = 3 AND case_number = (SELECT min(case_number) FROM audit_entries)`;
    const tampered = await whileTampered(
      `UPDATE audit_entries SET at = at - interval '1 day' ${at}; UPDATE access_entries SET seq = 9 WHERE seq = 2`,
      `UPDATE audit_entries SET at = at + interval '1 day' ${at}; UPDATE access_entries SET seq = 2 WHERE seq = 9`,
      () => audit('verify'),
    );
    const { rows } = await database.pool.query<{ first: string }>(
      'SELECT min(case_number) AS first FROM audit_entries',
    );
    expect(tampered.code).toBe(1);
    expect(tampered.output).toContain(`mafqood:case:${rows[0]?.first} entry 3: altered`);
    expect(tampered.output).toContain('mafqood:access entries 2 to 8: missing');
    expect(tampered.output).toMatch(/ not as they were written\n$/);
    const one = await audit('verify', '--case', cases[0] ?? '');
    expect(one).toEqual({ code: 0, output: expect.stringMatching(/^1 chain, /) });
  },
  LONG,
);

test(
  'a case that is not there, a number that is none, and a database that is not named are told in plain words',
  async () => {
    const nobody = await audit('verify', '--case', 'MFQ-2222-2222');
    expect(nobody).toEqual({ code: 1, output: 'there is no such case\n' });
    const none = await audit('export', join(folder, 'none.jsonl'), '--case', 'Sara');
    expect(none).toEqual({ code: 1, output: expect.stringContaining('It has to be a case number') });
    const missing = await audit('export', join(folder, 'none.jsonl'), '--case', 'MFQ-2222-2222');
    expect(missing.code).toBe(1);
    expect(existsSync(join(folder, 'none.jsonl'))).toBe(false);
    const nowhere = await run(process.execPath, ['--import', 'tsx', 'src/cli/mafqood.ts', 'audit', 'verify']);
    expect(nowhere).toEqual({ code: 1, output: expect.stringContaining('MAFQOOD_DATABASE_URL: is not set') });
  },
  LONG,
);

test(
  'the program in the documentation verifies a bundle, of everything or of one case, which overwrites no file',
  async () => {
    const whole = join(folder, 'whole.jsonl');
    const exported = await audit('export', whole);
    expect(exported).toEqual({
      code: 0,
      output: expect.stringMatching(/^4 chains, \d+ entries, SHA-256 of the bundle [0-9a-f]{64}\n$/),
    });
    expect((await stat(whole)).mode & 0o777).toBe(0o600);
    expect(await verified(whole)).toEqual({ code: 0, output: expect.stringContaining('all as they were written') });
    const again = await audit('export', whole);
    expect(again).toEqual({ code: 1, output: expect.stringContaining('EEXIST') });
    expect((await verified(whole)).code).toBe(0);

    const file = join(folder, 'env');
    await writeFile(file, `MAFQOOD_DATABASE_URL=${database.databaseUrl}\n`);
    const one = join(folder, 'one.jsonl');
    const args = ['--import', 'tsx', 'src/cli/mafqood.ts', 'audit', 'export', one, '--case', cases[0] ?? ''];
    expect((await run(process.execPath, [...args, '--env-file', file])).code).toBe(0);
    expect((await verified(one)).output).toMatch(/^1 chains, /);
  },
  LONG,
);

test(
  'the program in the documentation finds whatever was done to a bundle',
  async () => {
    const bundle = join(folder, 'sound.jsonl');
    await audit('export', bundle);
    const lines = (await readFile(bundle, 'utf8')).trimEnd().split('\n');
    const entries = lines.flatMap((line, index) => (line.startsWith('{"seq"') ? [index] : []));
    const [first = 0, second = 0] = entries;
    // Of a chain that has entries: one without has nothing to hold it.
    const chain = first - 1;
    const lastOfAChain = entries.find((index) => !entries.includes(index + 1)) ?? 0;
    const replaced = (index: number, change: (line: string) => string): string[] =>
      lines.map((line, at) => (at === index ? change(line) : line));
    const without = (...indexes: number[]): string[] => lines.filter((_line, index) => !indexes.includes(index));
    const changes: Readonly<Record<string, string[]>> = {
      time: replaced(first, (line) => line.replace(/"at":\d/, '"at":9')),
      event: replaced(second, (line) => line.replace('"type":"', '"type":"x')),
      hash: replaced(first, (line) => line.replace(/"hash":"./, '"hash":"x')),
      link: replaced(first, (line) => line.replace(/"chain":"./, '"chain":"x')),
      number: replaced(first, (line) => line.replace('"seq":1', '"seq":7')),
      'an entry gone': without(second),
      'the last gone': without(lastOfAChain),
      'a chain gone': without(chain, ...entries.filter((index) => index > chain && index <= lastOfAChain)),
      'two exchanged': lines.map(
        (line, at) => (at === first ? lines[second] : at === second ? lines[first] : line) ?? '',
      ),
      'another case': replaced(chain, (line) => line.replace(/MFQ-..../, 'MFQ-2222')),
      'another count': replaced(chain, (line) => line.replace(/"entries":\d+/, '"entries":99')),
      'no last line': lines.slice(0, -1),
      'something after it': [...lines, lines[first] ?? ''],
      'another format': replaced(0, (line) => line.replace('mafqood-audit/1', 'other')),
    };
    for (const [what, changed] of Object.entries(changes)) {
      expect(changed).not.toEqual(lines);
      const file = join(folder, 'changed.jsonl');
      await writeFile(file, `${changed.join('\n')}\n`);
      expect({ what, ...(await verified(file)) }).toMatchObject({ what, code: 1 });
    }
  },
  LONG,
);
