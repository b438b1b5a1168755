import { join } from 'node:path';
import pino from 'pino';
import type { Client } from '@temporalio/client';
import { serveStaffApi } from '../src/api/serve.js';
import { loadStaffFile } from '../src/api/staff-file.js';
import type { FacebookStrategy } from '../src/channels/facebook-strategy.js';
import { StaffClient } from '../src/cli/staff-client.js';
import { startChild } from '../src/embedded/child-process.js';
import { workerEnvironment } from '../src/embedded/environments.js';
import { Startup } from '../src/embedded/startup.js';
import { Supervised } from '../src/embedded/supervised.js';
import { loadPolicyFile } from '../src/policy/policy-file.js';
import { servePublicSite } from '../src/public/serve.js';
import { startSimulator } from '../src/simulator/server.js';
import { createTemporalClient } from '../src/temporal/client.js';
import type { Ground } from './ground.js';
import { SimulatedChannels } from './simulated-channels.js';

const HOST = '127.0.0.1';
/** So long that a kill can come between a call's arrival and its answer, in milliseconds. */
const CALL_TIMES = { uploadMs: 50, publishMs: 50, containerMs: 200 };
/** More than any run publishes. */
const DAILY_QUOTA = 1_000_000;

/**
 * Where one storm rages at a time and touches no other: a simulator, a worker, a staff API and a public site of its own, on a database and
 * a namespace of its own.
 */
export interface Lane {
  readonly name: string;
  readonly strategy: FacebookStrategy;
  readonly channels: SimulatedChannels;
  readonly temporal: Client;
  as(person: string): StaffClient;
  /** SIGKILL, and a new worker at once. */
  killWorker(): Promise<void>;
  stop(): Promise<void>;
}

/** @throws anything, after stopping what had been started */
export async function openLane(
  ground: Ground,
  {
    name,
    strategy,
    giveUp,
  }: { readonly name: string; readonly strategy: FacebookStrategy; readonly giveUp: AbortSignal },
): Promise<Lane> {
  const startup = new Startup(ground.progress, giveUp);
  try {
    return await open(ground, name, strategy, startup);
  } catch (error) {
    await startup.undo();
    throw error;
  }
}

async function open(ground: Ground, name: string, strategy: FacebookStrategy, startup: Startup): Promise<Lane> {
  const { folder, secrets, progress } = ground;
  const urls = await ground.newDatabase(name);
  const logger = pino({ name }, pino.destination(join(folder.logs, `${name}-http.log`)));
  const simulator = await startSimulator({
    port: 0,
    dataFile: join(folder.path, `${name}.jsonl`),
    dailyQuota: DAILY_QUOTA,
    deskSecret: secrets.partnerSecret,
  });
  startup.undoLater(() => simulator.close());
  const channels = new SimulatedChannels(simulator);
  await channels.take(CALL_TIMES);

  const here = { host: HOST, port: 0, logLevel: 'info' };
  // Its address stands in every post, and nobody opens it there: images are fetched from the port that it really has.
  const site = await servePublicSite(
    { ...here, databaseUrl: urls.publicDatabaseUrl, publicUrl: `http://${HOST}` },
    logger,
  );
  startup.undoLater(() => site.stop());
  const publicUrl = `http://${HOST}:${site.port}`;
  const temporal = { address: ground.temporal.address, namespace: name };
  const api = await serveStaffApi(
    {
      ...here,
      temporal,
      databaseUrl: urls.databaseUrl,
      policyFile: loadPolicyFile(ground.policyFile),
      staff: loadStaffFile(secrets.staffFile),
      deskSecret: secrets.deskSecret,
      publicUrl,
      temporalUiUrl: ground.temporal.uiUrl,
    },
    logger,
  );
  startup.undoLater(() => api.stop());
  const staffUrl = `http://${HOST}:${api.port}`;
  const env = {
    ...workerEnvironment(
      {
        ...urls,
        temporal: { ...ground.temporal, namespace: name },
        simulator,
        smtpUrl: ground.smtpUrl,
        staffUrl,
        publicUrl,
        policyFile: ground.policyFile,
      },
      secrets,
    ),
    META_FACEBOOK_STRATEGY: strategy,
    MAFQOOD_WORKFLOW_BUNDLE: ground.workflowBundle,
  };
  const worker = await startup.start(
    new Supervised(name, (signal) => startChild({ name, entry: ground.workerEntry, env }, folder, signal), progress),
  );
  const client = createTemporalClient(temporal);
  startup.undoLater(() => client.connection.close());
  return {
    name,
    strategy,
    channels,
    temporal: client,
    as: (person) => new StaffClient(person, staffUrl, secrets.tokens[person] ?? ''),
    killWorker: () => worker.crash(),
    stop: () => startup.undo(),
  };
}
