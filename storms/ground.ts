import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { parseDocument } from 'yaml';
import { CHANNELS } from '../src/domain/channel.js';
import { openDataFolder, repositoryRoot, type DataFolder } from '../src/embedded/data-folder.js';
import { claimPorts } from '../src/embedded/ports.js';
import type { Progress } from '../src/embedded/progress.js';
import { openSecrets, type Secrets } from '../src/embedded/secrets.js';
import { openMailbox, startDatabase, startTemporal } from '../src/embedded/stack.js';
import { Startup } from '../src/embedded/startup.js';
import { migrate } from '../src/store/migrate.js';
import type { RoleAddresses } from '../src/store/roles.js';
import { bundleWorkflows } from '../src/temporal/workflow-bundle.js';
import { compileWorker } from './compiled-worker.js';

/** What a lane can have open at a time: its API's pools, its public site's, its worker's, and what listens. */
const CONNECTIONS_A_LANE = 40;

/** The tier of the cases that go to the partner desk as well. */
export const DESK_TIER = 'missing';

/** What all lanes stand on: one PostgreSQL, one Temporal server and one mailbox, in a folder of their own. */
export interface Ground {
  readonly folder: DataFolder;
  readonly secrets: Secrets;
  readonly temporal: { readonly address: string; readonly uiUrl: string };
  readonly smtpUrl: string;
  /** The shipped rule book, but that the cases of {@link DESK_TIER} go to the partner desk too. */
  readonly policyFile: string;
  /** The workflows as one script, so that a worker that was killed is soon back. */
  readonly workflowBundle: string;
  /** What is started as a lane's worker. */
  readonly workerEntry: string;
  readonly progress: Progress;
  /** Makes a migrated database of its own for a lane. */
  newDatabase(name: string): Promise<RoleAddresses>;
  stop(): Promise<void>;
}

export interface GroundOptions {
  /** The names of the lanes; each is a namespace of the Temporal server. */
  readonly lanes: readonly string[];
  readonly progress: Progress;
  /** Once aborted, the start is given up. */
  readonly giveUp: AbortSignal;
}

/** @throws anything, after stopping what had been started */
export async function layGround(options: GroundOptions): Promise<Ground> {
  // Outside the repository, where PostgreSQL's user can reach it.
  const path = mkdtempSync(join(tmpdir(), 'mafqood-storms-'));
  chmodSync(path, 0o711);
  const startup = new Startup(options.progress, options.giveUp);
  startup.undoLater(() => rmSync(path, { recursive: true, force: true }));
  try {
    return await start(path, options, startup);
  } catch (error) {
    await startup.undo();
    throw error;
  }
}

async function start(path: string, { lanes, progress }: GroundOptions, startup: Startup): Promise<Ground> {
  const folder = await openDataFolder(path, progress);
  if (folder.path !== path) startup.undoLater(() => rmSync(folder.path, { recursive: true, force: true }));
  startup.undoLater(folder.close);
  const names = ['postgres', 'temporal', 'temporalUi', 'smtp', 'mailbox'] as const;
  const { ports, release } = await claimPorts(folder.path, names, {});
  startup.undoLater(release);
  const secrets = openSecrets(folder.path);
  const maxConnections = 20 + CONNECTIONS_A_LANE * lanes.length;
  const workflowBundle = join(folder.path, 'workflows.js');
  const [database, temporal, mailbox, workerEntry] = await startup.together(
    startDatabase(folder, { port: ports.postgres, maxConnections }, secrets, progress, startup),
    startTemporal(folder, ports, { progress, furtherNamespaces: lanes }, startup),
    openMailbox(folder, ports, startup),
    compileWorker(join(folder.path, 'program')),
    bundleWorkflows(SILENT).then(({ code }) => writeFileSync(workflowBundle, code)),
  );
  // One after another: they share the roles, which each migration sets.
  let made: Promise<unknown> = Promise.resolve();
  return {
    folder,
    secrets,
    temporal: { address: temporal.address, uiUrl: temporal.uiUrl },
    smtpUrl: mailbox.smtpUrl,
    policyFile: writePolicy(join(folder.path, 'policy.yaml')),
    workflowBundle,
    workerEntry,
    progress,
    newDatabase: (name) => {
      const next = made.then(() => newDatabase(database, name));
      made = next.catch(() => undefined);
      return next;
    },
    stop: () => startup.undo(),
  };
}

function writePolicy(file: string): string {
  const policy = parseDocument(readFileSync(join(repositoryRoot, 'config', 'policy.yaml'), 'utf8'), { merge: true });
  policy.setIn(['tiers', DESK_TIER, 'channels'], CHANNELS);
  writeFileSync(file, policy.toString());
  return file;
}

async function newDatabase(
  server: RoleAddresses & { readonly ownerDatabaseUrl: string },
  name: string,
): Promise<RoleAddresses> {
  const client = new pg.Client({ connectionString: server.ownerDatabaseUrl });
  await client.connect();
  await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`).finally(() => client.end());
  const own = (url: string): string => Object.assign(new URL(url), { pathname: `/${name}` }).href;
  const addresses = { databaseUrl: own(server.databaseUrl), publicDatabaseUrl: own(server.publicDatabaseUrl) };
  await migrate({ ...addresses, ownerDatabaseUrl: own(server.ownerDatabaseUrl), log: () => undefined });
  return addresses;
}

const nothing = (): void => undefined;
const SILENT = { log: nothing, trace: nothing, debug: nothing, info: nothing, warn: nothing, error: nothing };
