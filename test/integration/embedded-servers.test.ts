import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import pg from 'pg';
import { eventually } from './embedded-eventually.js';
import { processesOn, removeTemporaryDataFolders, temporaryDataFolder } from './embedded-folder.js';

const HOST = fileURLToPath(new URL('embedded-host.ts', import.meta.url));
const TIMEOUT_MS = 120_000;

interface Host {
  process: ChildProcess;
  databaseUrl: string;
  temporalAddress: string;
  pids: number[];
}

let hosts: ChildProcess[] = [];
let folder: string;

beforeEach(() => {
  folder = temporaryDataFolder();
});

afterEach(async () => {
  await Promise.all(hosts.map(stop));
  hosts = [];
  removeTemporaryDataFolders();
}, TIMEOUT_MS);

test(
  'what was stored before everything was killed is there after the next start',
  async () => {
    const before = await start(folder);
    await store(before);
    for (const pid of processesOn(folder).map((line) => parseInt(line, 10))) process.kill(pid, 'SIGKILL');
    await exitOf(before.process);

    const after = await start(folder);
    expect(await stored(after)).toEqual({ row: 'kept', workflow: 'RUNNING' });
    expect(after.temporalAddress).toBe(before.temporalAddress);
  },
  TIMEOUT_MS,
);

test(
  'servers whose parent alone was killed end in order, and a start meanwhile neither meets nor loses them',
  async () => {
    const before = await start(folder);
    await store(before);
    before.process.kill('SIGKILL');
    await exitOf(before.process);

    const after = await start(folder);
    expect(await stored(after)).toEqual({ row: 'kept', workflow: 'RUNNING' });
    const running = processesOn(folder).map((line) => parseInt(line, 10));
    expect(running.filter((pid) => before.pids.includes(pid))).toEqual([]);
    expect(running).toEqual(expect.arrayContaining(after.pids));

    await stop(after.process);
    expect(processesOn(folder)).toEqual([]);
  },
  TIMEOUT_MS,
);

test(
  'servers whose keeper was killed are not left beside those started in their place',
  async () => {
    const host = await start(folder);
    await store(host);
    const keepers = processesOn(folder).filter((line) => line.includes('keeper.ts'));
    expect(keepers).toHaveLength(2);
    for (const keeper of keepers) process.kill(parseInt(keeper, 10), 'SIGKILL');

    await eventually(async () => {
      expect(await stored(host)).toEqual({ row: 'kept', workflow: 'RUNNING' });
      const servers = processesOn(folder).filter((line) => / -D |start-dev/.test(line) && !line.includes('keeper.ts'));
      expect(servers).toHaveLength(2);
      expect(host.pids).not.toContain(parseInt(servers[0] ?? '', 10));
    });
  },
  TIMEOUT_MS,
);

test(
  'a data folder has one stack at a time, and two folders have one each',
  async () => {
    const first = await start(folder);
    await expect(start(folder)).rejects.toThrow(`is running already on ${folder} (process ${first.process.pid ?? ''})`);

    const second = await start(temporaryDataFolder());
    await store(first);
    await store(second);
    expect(second.databaseUrl).not.toBe(first.databaseUrl);
    expect(second.temporalAddress).not.toBe(first.temporalAddress);
  },
  TIMEOUT_MS,
);

async function start(dataFolder: string): Promise<Host> {
  const host = fork(HOST, [dataFolder], { execArgv: ['--import', 'tsx'], silent: true });
  hosts.push(host);
  let errors = '';
  host.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const ended = once(host, 'exit').then(() => Promise.reject(new Error(errors)));
  const [message] = (await Promise.race([once(host, 'message'), ended])) as [Omit<Host, 'process'>];
  ended.catch(() => undefined);
  return { ...message, process: host };
}

async function stop(host: ChildProcess): Promise<void> {
  host.kill('SIGTERM');
  await exitOf(host);
}

async function exitOf(host: ChildProcess): Promise<void> {
  if (host.exitCode === null && host.signalCode === null) await once(host, 'exit');
}

async function store({ databaseUrl, temporalAddress }: Host): Promise<void> {
  await withDatabase(databaseUrl, (database) => database.query(`create table kept as select 'kept' as row`));
  await withTemporal(temporalAddress, (client) =>
    client.workflow.start('nobodyRunsIt', { workflowId: 'kept', taskQueue: 'nobody' }),
  );
}

async function stored({ databaseUrl, temporalAddress }: Host): Promise<unknown> {
  const { rows } = await withDatabase(databaseUrl, (database) => database.query<{ row: string }>('table kept'));
  const { status } = await withTemporal(temporalAddress, (client) => client.workflow.getHandle('kept').describe());
  return { row: rows[0]?.row, workflow: status.name };
}

async function withDatabase<T>(url: string, work: (database: pg.Client) => Promise<T>): Promise<T> {
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  try {
    return await work(database);
  } finally {
    await database.end();
  }
}

async function withTemporal<T>(address: string, work: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address, connectTimeout: '2s' });
  try {
    return await work(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
