import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startChild, type Child, type ChildSpec } from '../../src/embedded/child-process.js';
import { openDataFolder, type DataFolder } from '../../src/embedded/data-folder.js';
import { identityOf } from '../../src/embedded/process-identity.js';
import { Supervised } from '../../src/embedded/supervised.js';
import { eventually } from './embedded-eventually.js';
import { removeTemporaryDataFolders, temporaryDataFolder } from './embedded-folder.js';

const HOST = fileURLToPath(new URL('embedded-child-host.ts', import.meta.url));
const CHILD: ChildSpec = { name: 'child', entry: 'test/integration/embedded-child.ts', env: { GIVEN: 'yes' } };
const never = new AbortController().signal;

let folder: DataFolder;
let child: Supervised | undefined;
let told: string[];

beforeEach(async () => {
  told = [];
  child = undefined;
  folder = await openDataFolder(temporaryDataFolder(), (line) => told.push(line));
});

afterEach(async () => {
  await child?.stop();
  folder.close();
  removeTemporaryDataFolders();
});

function supervise(spec: ChildSpec): Supervised {
  child = new Supervised(
    spec.name,
    (signal) => startChild(spec, folder, signal),
    (line) => told.push(line),
  );
  return child;
}

test("nothing of the user's environment reaches a child", async () => {
  process.env.META_ACCESS_TOKEN = 'a real one';
  try {
    const started: Child = await startChild(CHILD, folder, never);
    const { environment } = started.ready as { environment: Record<string, string> };
    await started.stop(5000);
    expect(environment.GIVEN).toBe('yes');
    expect(environment.HOME).toBe(folder.path);
    expect(Object.keys(environment).filter((name) => !/^(GIVEN|HOME|TMPDIR|NODE_CHANNEL_.*)$/.test(name))).toEqual([]);
  } finally {
    delete process.env.META_ACCESS_TOKEN;
  }
});

test('a child that is killed runs again, and one that was stopped does not', async () => {
  const supervised = supervise(CHILD);
  await supervised.start();
  const first = supervised.pid;
  await supervised.kill('SIGKILL');
  await eventually(() => {
    expect(supervised.pid).toEqual(expect.any(Number));
  });
  expect(supervised.pid).not.toBe(first);
  expect(told.join()).toContain('child ended unexpectedly (SIGKILL) and is started again');

  const second = supervised.pid ?? 0;
  await supervised.stop();
  expect(supervised.pid).toBeUndefined();
  expect(identityOf(second)).toBeUndefined();
});

test('a child that does not obey is ended when its time is up', async () => {
  const stubborn = await startChild({ ...CHILD, args: ['stubborn'] }, folder, never);
  await stubborn.stop(200);
  expect(await stubborn.exited).toBe('SIGKILL');
});

test('a child that fails to start is reported with the end of its log', async () => {
  const broken = supervise({ ...CHILD, entry: 'test/integration/no-such-entry.ts' });
  await expect(broken.start()).rejects.toThrow(/child ended before it was ready \(exit code 1\)[^]*no-such-entry/);
});

test('a child does not outlive a parent that was killed', async () => {
  const host = fork(HOST, [temporaryDataFolder()], { execArgv: ['--import', 'tsx'] });
  const [{ pid }] = (await once(host, 'message')) as [{ pid: number }];
  host.kill('SIGKILL');
  await eventually(() => {
    expect(identityOf(pid)).toBeUndefined();
  });
});
