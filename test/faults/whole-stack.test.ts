import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { firstMessage, POLICY_FILE } from '../integration/api-stage.js';
import { removeTemporaryDataFolders, temporaryDataFolder } from '../integration/embedded-folder.js';
import { killAll, processesOf } from './processes.js';
import { type Access, CaseUnderTest, until } from './stage.js';

jest.setTimeout(120_000);

const HOST = fileURLToPath(new URL('host.ts', import.meta.url));
const STANDALONE = fileURLToPath(new URL('../../src/standalone.ts', import.meta.url));
/** When the second supervisor is told of a report that nobody has approved. */
const SECOND_RUNG_MS = 15_000;

let folder: string;
let policyFile: string;
let host: ChildProcess | undefined;

beforeAll(() => {
  folder = temporaryDataFolder();
  policyFile = join(folder, 'policy.yaml');
  const shipped = readFileSync(POLICY_FILE, 'utf8');
  writeFileSync(
    policyFile,
    shipped.replace('after: 3m, people: [supervisor-2]', `after: ${SECOND_RUNG_MS / 1000}s, people: [supervisor-2]`),
  );
});

afterAll(() => {
  killAll(processesOf(folder));
  removeTemporaryDataFolders();
});

async function startHost(): Promise<Access> {
  host = fork(HOST, [folder, policyFile], { execArgv: ['--import', 'tsx'], silent: true });
  return firstMessage<Access>(host);
}

async function exitOf(child: ChildProcess | undefined): Promise<void> {
  if (child?.exitCode === null && child.signalCode === null) await once(child, 'exit');
}

async function untilNoProcessIsLeft(): Promise<void> {
  await until(
    'no process is left',
    () => processesOf(folder).length === 0,
    () =>
      processesOf(folder)
        .map((pid) => `${pid} ${readFileSync(`/proc/${pid}/cmdline`, 'utf8')}`)
        .join('\n'),
  );
}

/** Who got mail about a case, in the order in which they did. */
async function toldAbout({ mailbox }: Access, { number }: CaseUnderTest): Promise<string[]> {
  const messages = (await (await fetch(`${mailbox.url}/messages`)).json()) as {
    subject: string;
    text: string;
    to: string[];
  }[];
  return messages
    .filter(({ subject, text }) => `${subject} ${text}`.includes(number))
    .flatMap(({ to }) => to)
    .map((address) => address.split('@')[0] ?? '');
}

test('after SIGKILL of everything open cases go on: their timers fire, what is live comes down, an approval publishes once', async () => {
  let access = await startHost();
  const live = await CaseUnderTest.reported(access);
  await live.approve();
  await live.untilLiveOnce();
  const waiting = await CaseUnderTest.reported(access);
  await until('the first supervisor is told', async () => (await toldAbout(access, waiting)).length > 0);
  expect(await toldAbout(access, waiting)).toEqual(['supervisor-1']);

  killAll(processesOf(folder));
  await exitOf(host);
  await untilNoProcessIsLeft();

  access = await startHost();
  const [liveAgain, waitingAgain] = [live, waiting].map(
    (before) => new CaseUnderTest(access, before.number, before.digest),
  );
  if (!liveAgain || !waitingAgain) throw new Error('unreachable');
  await liveAgain.endsWithNothingLeft();
  await until('the ladder goes on', async () => (await toldAbout(access, waiting)).length > 1);
  expect(await toldAbout(access, waiting)).toEqual(['supervisor-1', 'supervisor-2']);
  expect((await waitingAgain.approve()).status).toBe(200);
  await waitingAgain.untilLiveOnce();
});

test('a stack whose host was killed alone leaves no process behind', async () => {
  const left = processesOf(folder).filter((pid) => pid !== host?.pid);
  expect(left.length).toBeGreaterThan(6);
  host?.kill('SIGKILL');
  await exitOf(host);
  await untilNoProcessIsLeft();
});

test('Ctrl-C ends `npm start` in order and leaves no process behind', async () => {
  host = fork(STANDALONE, [], {
    execArgv: ['--import', 'tsx'],
    silent: true,
    env: { PATH: process.env.PATH, MAFQOOD_DATA: folder },
  });
  let output = '';
  for (const stream of [host.stdout, host.stderr]) stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await until(
    'it runs',
    () => output.includes('Mafqood runs.'),
    () => output,
  );
  expect(processesOf(folder).length).toBeGreaterThan(6);
  host.kill('SIGINT');
  await exitOf(host);
  expect(host.exitCode).toBe(0);
  expect(output).toContain('Stopped. Open cases go on');
  expect(processesOf(folder)).toEqual([]);
});
