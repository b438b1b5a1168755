import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { repositoryRoot } from '../../src/embedded/data-folder.js';
import { removeTemporaryDataFolders, temporaryDataFolder } from '../integration/embedded-folder.js';
import { killAll, processesOf } from './processes.js';
import { until } from './stage.js';

jest.setTimeout(500_000);

/** Everything that the storms start has it in its environment. */
let folder: string;
let storms: ChildProcess | undefined;
let output = '';

beforeEach(() => {
  folder = temporaryDataFolder();
});

afterEach(() => killAll(processesOf(folder)));
afterAll(() => removeTemporaryDataFolders());

function start(...args: string[]): ChildProcess {
  output = '';
  const entry = join(repositoryRoot, 'storms', 'main.ts');
  storms = spawn(process.execPath, [join(repositoryRoot, 'bootstrap', 'run.mjs'), entry, ...args], {
    env: { PATH: process.env.PATH, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [storms.stdout, storms.stderr])
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return storms;
}

/** What the command has left in its folder, apart from what caches the compiled sources. */
function leftBehind(): string[] {
  return readdirSync(folder).filter((name) => name.startsWith('mafqood-storms'));
}

/** Six of consecutive seeds that wait for little, two of the fallback strategy; 3057 is one that once failed. */
const QUICK = ['--seeds', '6', '--from', '3055', '--lanes', '6'];

test('invariants 2 and 3 hold in six storms, two of the fallback strategy among them, and no process is left', async () => {
  const [code] = (await once(start(...QUICK), 'exit')) as [number];
  expect({ code, output }).toMatchObject({
    code: 0,
    output: expect.stringContaining('6 storms held (2 of') as unknown,
  });
  expect(processesOf(folder)).toEqual([]);
  expect(leftBehind()).toEqual([]);
});

test('storms that are interrupted end as not held, and leave neither a process nor a file', async () => {
  const running = start('--seeds', '1', '--from', '1');
  await until('a worker is being started', () => processesOf(folder).length > 5);
  running.kill('SIGINT');
  await once(running, 'exit');
  expect({ code: running.exitCode, output }).toMatchObject({ code: 1 });
  expect(processesOf(folder)).toEqual([]);
  expect(leftBehind()).toEqual([]);
});

test('a seed that is no number is refused in words', async () => {
  const [code] = (await once(start('--from', 'one'), 'exit')) as [number];
  expect(code).toBe(1);
  expect(output).toContain('--from must be a whole number');
});
