import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { migrate } from '../store/migrate.js';
import type { RoleAddresses } from '../store/roles.js';
import { registerSearchAttributes } from '../temporal/search-attributes.js';
import { startChild } from './child-process.js';
import { cacheFolder, openDataFolder, repositoryRoot, type DataFolder } from './data-folder.js';
import {
  publicSiteEnvironment,
  staffApiEnvironment,
  workerEnvironment,
  type Addresses,
  type SimulatedMeta,
} from './environments.js';
import { startMailbox, type Mailbox } from './mailbox/mailbox.js';
import { claimPorts } from './ports.js';
import { preparePostgres, type PostgresOptions } from './postgres.js';
import type { Progress } from './progress.js';
import { openSecrets, type Secrets } from './secrets.js';
import { startSimulator, type SimulatorSettings } from './simulator.js';
import { Startup } from './startup.js';
import { Supervised } from './supervised.js';
import { temporalCli } from './temporal-binaries.js';
import { temporalServer, type TemporalServer, type TemporalServerOptions } from './temporal-server.js';

const PORT_NAMES = [
  'postgres',
  'temporal',
  'temporalUi',
  'staffApi',
  'publicSite',
  'simulator',
  'mailbox',
  'smtp',
] as const;
type Ports = Record<(typeof PORT_NAMES)[number], number>;

export interface StackOptions {
  /** Where everything is kept; root's data go elsewhere when PostgreSQL's user cannot reach it. */
  dataFolder: string;
  progress: Progress;
  /** Ports to try first; others where they are taken. */
  preferredPorts?: Partial<Ports>;
  /** The rule book; the shipped one when left out. */
  policyFile?: string;
  /** The Temporal CLI's executable; looked for when left out. */
  temporalCli?: string;
  /** How the simulator of Meta is set. */
  simulator?: SimulatorSettings;
  /** Where the partner desk is handed alerts, `mailto:` and an address at the mailbox; the simulator's desk when left out. */
  partnerDesk?: string;
  /** Once aborted, the start is given up, and what had been started is stopped. */
  giveUp?: AbortSignal;
}

/** Mafqood with all that it needs, on this machine alone, publishing to the simulator only. */
export interface Stack {
  /** Where the data really are. */
  readonly dataFolder: string;
  readonly logFolder: string;
  /** As the staff API and the worker open it. */
  readonly databaseUrl: string;
  readonly policyFile: string;
  readonly temporal: Pick<TemporalServer, 'address' | 'namespace' | 'uiUrl'>;
  readonly staffUrl: string;
  readonly publicUrl: string;
  readonly simulator: SimulatedMeta;
  readonly mailbox: Pick<Mailbox, 'url' | 'webhookUrl'>;
  readonly secrets: Secrets;
  /** The processes behind it, to be stopped, started and killed by those who test what happens then. */
  readonly processes: Readonly<
    Record<'postgres' | 'temporal' | 'simulator' | 'publicSite' | 'worker' | 'staffApi', Supervised>
  >;
  /** Ends everything in order: first what takes commands, at last the databases. */
  stop(): Promise<void>;
  /** Makes a {@link stop} that is under way wait for nothing but PostgreSQL. */
  hasten(): void;
}

/**
 * Starts PostgreSQL, Temporal, the simulator, the mailbox and our own processes on a data folder, and goes on with whatever cases are open
 * in it. Nothing of the environment reaches any of them.
 *
 * @throws AlreadyRunningError when another stack has the folder; anything else after stopping what had been started
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const folder = await openDataFolder(options.dataFolder, options.progress);
  const startup = new Startup(options.progress, options.giveUp);
  startup.undoLater(folder.close);
  try {
    return await startOn(folder, options, startup);
  } catch (error) {
    await startup.undo();
    throw error;
  }
}

async function startOn(folder: DataFolder, options: StackOptions, startup: Startup): Promise<Stack> {
  const { progress } = options;
  const { ports, release } = await claimPorts(folder.path, PORT_NAMES, options.preferredPorts ?? {});
  startup.undoLater(release);
  const secrets = openSecrets(folder.path);

  const [database, temporal, meta, mailbox] = await startup.together(
    startDatabase(folder, { port: ports.postgres }, secrets, progress, startup),
    startTemporal(folder, ports, options, startup),
    startSimulator(
      folder,
      { ...options.simulator, port: ports.simulator, deskSecret: secrets.partnerSecret },
      progress,
      startup,
    ),
    openMailbox(folder, ports, startup),
  );
  const addresses: Addresses = {
    databaseUrl: database.databaseUrl,
    publicDatabaseUrl: database.publicDatabaseUrl,
    temporal,
    simulator: meta.accounts,
    ...(options.partnerDesk === undefined ? {} : { partnerDesk: options.partnerDesk }),
    smtpUrl: mailbox.smtpUrl,
    staffUrl: `http://127.0.0.1:${ports.staffApi}`,
    publicUrl: `http://127.0.0.1:${ports.publicSite}`,
    policyFile: options.policyFile ?? join(repositoryRoot, 'config', 'policy.yaml'),
  };
  const startOwn = async (name: string, entry: string, env: Record<string, string>): Promise<Supervised> =>
    startup.start(new Supervised(name, (signal) => startChild({ name, entry, env }, folder, signal), progress));
  const [publicSite, worker, staffApi] = await startup.together(
    startOwn('public-site', 'src/public/main.ts', publicSiteEnvironment(addresses)),
    startOwn('worker', 'src/worker.ts', workerEnvironment(addresses, secrets)),
    startOwn('staff-api', 'src/api/main.ts', staffApiEnvironment(addresses, secrets)),
  );

  const { staffUrl, publicUrl } = addresses;
  const processes = {
    postgres: database.process,
    temporal: temporal.process,
    simulator: meta.process,
    publicSite,
    worker,
    staffApi,
  };
  return {
    dataFolder: folder.path,
    logFolder: folder.logs,
    databaseUrl: database.databaseUrl,
    policyFile: addresses.policyFile,
    temporal,
    staffUrl,
    publicUrl,
    simulator: meta.accounts,
    mailbox,
    secrets,
    processes,
    stop: () => startup.undo(),
    hasten: () => {
      for (const process of [temporal.process, meta.process, publicSite, worker, staffApi]) void process.stop(0);
    },
  };
}

/** Starts PostgreSQL, and brings its database up to date. */
export async function startDatabase(
  folder: DataFolder,
  { port, maxConnections }: Pick<PostgresOptions, 'port' | 'maxConnections'>,
  secrets: Secrets,
  progress: Progress,
  startup: Startup,
): Promise<RoleAddresses & { ownerDatabaseUrl: string; process: Supervised }> {
  const { url: ownerDatabaseUrl, process } = await preparePostgres(folder, {
    port,
    password: secrets.databasePassword,
    ...(maxConnections === undefined ? {} : { maxConnections }),
    progress,
  });
  await startup.start(process);
  const addresses = {
    ownerDatabaseUrl,
    databaseUrl: urlAs('mafqood_app', secrets.appDatabasePassword, ownerDatabaseUrl),
    publicDatabaseUrl: urlAs('mafqood_public', secrets.publicDatabasePassword, ownerDatabaseUrl),
  };
  const log = join(folder.logs, 'migrations.log');
  // For the tools that look at a database; only the owner of the folder can read it.
  writeFileSync(join(folder.path, 'database.env'), `MAFQOOD_DATABASE_URL=${addresses.databaseUrl}\n`, { mode: 0o600 });
  await migrate({ ...addresses, log: (line) => appendFileSync(log, `${line}\n`) });
  return { ...addresses, process };
}

function urlAs(user: string, password: string, databaseUrl: string): string {
  return Object.assign(new URL(databaseUrl), { username: user, password }).href;
}

/** Starts Temporal, and makes the search attributes of cases known to its namespaces. */
export async function startTemporal(
  folder: DataFolder,
  { temporal: port, temporalUi: uiPort }: Pick<Ports, 'temporal' | 'temporalUi'>,
  {
    progress,
    temporalCli: given,
    furtherNamespaces = [],
  }: Pick<StackOptions, 'progress' | 'temporalCli'> & Pick<TemporalServerOptions, 'furtherNamespaces'>,
  startup: Startup,
): Promise<TemporalServer> {
  const cli = given ?? (await temporalCli(cacheFolder, progress, startup.giveUp));
  const server = temporalServer(folder, { cli, port, uiPort, furtherNamespaces, progress });
  await startup.start(server.process);
  const connection = await Connection.connect({ address: server.address });
  try {
    for (const namespace of [server.namespace, ...furtherNamespaces]) {
      await registerSearchAttributes(connection, namespace);
    }
  } finally {
    await connection.close();
  }
  return server;
}

/** Opens the mailbox that stands in for everybody who gets notices. */
export async function openMailbox(
  folder: DataFolder,
  { smtp: smtpPort, mailbox: httpPort }: Pick<Ports, 'smtp' | 'mailbox'>,
  startup: Startup,
): Promise<Mailbox> {
  const mailbox = await startMailbox({ file: join(folder.path, 'mailbox.jsonl'), smtpPort, httpPort });
  startup.undoLater(() => mailbox.close());
  return mailbox;
}
