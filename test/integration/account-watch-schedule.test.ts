import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { cacheFolder, openDataFolder } from '../../src/embedded/data-folder.js';
import { workerEnvironment } from '../../src/embedded/environments.js';
import { claimPorts } from '../../src/embedded/ports.js';
import { temporalCli } from '../../src/embedded/temporal-binaries.js';
import { temporalServer } from '../../src/embedded/temporal-server.js';
import { ACCOUNT_WATCH } from '../../src/temporal/account-watch-schedule.js';
import { CaseOnAccounts, WatchUnderTest } from './account-watch-stage.js';
import { firstMessage, POLICY_FILE } from './api-stage.js';
import { type Meta, startMeta } from './channels-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';
import { eventually } from './embedded-eventually.js';
import { removeTemporaryDataFolders, temporaryDataFolder } from './embedded-folder.js';
import { startImageServer } from './simulator-caller.js';

const WORKER = fileURLToPath(new URL('../../src/worker.ts', import.meta.url));
const TIMEOUT_MS = 120_000;

const cleaning: (() => unknown)[] = [];
let database: DatabaseServer;
let images: Awaited<ReturnType<typeof startImageServer>>;
let meta: Meta;
let watch: WatchUnderTest;
let client: Client;
let environment: NodeJS.ProcessEnv;

beforeAll(async () => {
  database = await startDatabaseServer();
  cleaning.push(() => database.stop());
  images = await startImageServer();
  cleaning.push(() => images.close());
  meta = await startMeta();
  cleaning.push(() => meta.close());
  const test = await database.newDatabase();
  watch = new WatchUnderTest(test, meta, images.jpeg);

  const silent = (): void => undefined;
  const folder = await openDataFolder(temporaryDataFolder(), silent);
  const { ports, release } = await claimPorts(folder.path, ['temporal', 'temporalUi'], {});
  const cli = await temporalCli(cacheFolder, silent);
  const temporal = temporalServer(folder, { cli, port: ports.temporal, uiPort: ports.temporalUi, progress: silent });
  await temporal.process.start();
  cleaning.push(async () => {
    await temporal.process.stop();
    release();
    folder.close();
    removeTemporaryDataFolders();
  });
  const connection = await Connection.connect({ address: temporal.address });
  cleaning.push(() => connection.close());
  client = new Client({ connection });

  const { url, pageId, igUserId, accessToken } = meta.simulator;
  const addresses = {
    ...test,
    temporal: { address: temporal.address, namespace: 'default', uiUrl: temporal.uiUrl },
    simulator: { url, pageId, igUserId, accessToken },
    smtpUrl: 'smtp://127.0.0.1:9',
    staffUrl: 'http://staff.example',
    publicUrl: 'http://public.example',
    policyFile: POLICY_FILE,
  };
  const secrets = {
    webhookSecret: 'w'.repeat(32),
    partnerSecret: 'p'.repeat(32),
    deskSecret: 'd'.repeat(32),
    databasePassword: '',
    appDatabasePassword: '',
    publicDatabasePassword: '',
    tokens: {},
    staffFile: '',
  };
  environment = { PATH: process.env.PATH, ...workerEnvironment(addresses, secrets) };
}, TIMEOUT_MS);

afterAll(async () => {
  for (const clean of cleaning.reverse()) await clean();
}, TIMEOUT_MS);

async function startWorker(): Promise<ChildProcess> {
  const worker = fork(WORKER, [], { execArgv: ['--import', 'tsx'], silent: true, env: environment });
  cleaning.push(() => worker.exitCode === null && worker.kill('SIGKILL'));
  await firstMessage(worker);
  return worker;
}

/** As the stack does: the worker ends when whoever forked it lets go of it. */
async function stop(worker: ChildProcess): Promise<void> {
  worker.disconnect();
  if (worker.exitCode === null && worker.signalCode === null) await once(worker, 'exit');
}

test(
  'a worker that has started watches the accounts, and leaves a watch that a person paused as it is',
  async () => {
    const worker = await startWorker();
    const schedule = client.schedule.getHandle(ACCOUNT_WATCH);
    const described = await schedule.describe();
    expect(described.spec.intervals).toMatchObject([{ every: 120_000 }]);
    expect(described.policies.overlap).toBe('SKIP');
    expect(described.action).toMatchObject({ workflowType: 'accountWatch', taskQueue: 'background' });

    const theCase = await CaseOnAccounts.closed(watch);
    for (const channel of ['facebook', 'instagram'] as const) await theCase.strayPost(channel);
    await schedule.trigger();
    await eventually(async () => {
      for (const channel of ['facebook', 'instagram'] as const) expect(await watch.public(channel)).toEqual([]);
    });
    await eventually(async () => expect((await schedule.describe()).info.recentActions.length).toBeGreaterThan(0));

    await schedule.pause('maintenance');
    await stop(worker);
    await stop(await startWorker());
    expect((await schedule.describe()).state).toMatchObject({ paused: true, note: 'maintenance' });
  },
  TIMEOUT_MS,
);
