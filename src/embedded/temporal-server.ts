import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import type { DataFolder } from './data-folder.js';
import { keptProgram } from './kept-program.js';
import type { Progress } from './progress.js';
import type { Supervised } from './supervised.js';

const NAMESPACE = 'default';

/**
 * A history shard reads its queues at most this often a second. With the server's default of 20, two steps of one case closer than 50 ms wait
 * for each other.
 */
const QUEUE_READS_PER_SECOND = 2000;
const QUEUES = ['transferProcessor', 'timerProcessor', 'visibilityProcessor'];

export interface TemporalServerOptions {
  /** The Temporal CLI's executable. */
  cli: string;
  port: number;
  uiPort: number;
  /** Served beside the one that is always there. */
  furtherNamespaces?: readonly string[];
  progress: Progress;
}

export interface TemporalServer {
  /** Host and port of the gRPC frontend. */
  address: string;
  namespace: string;
  uiUrl: string;
  process: Supervised;
}

/**
 * Makes Temporal's development server, serving 127.0.0.1 alone, its store in the data folder. Once its process has started, the namespace is
 * served; it can be stopped and started again any number of times.
 */
export function temporalServer(
  folder: DataFolder,
  { cli, port, uiPort, furtherNamespaces = [], progress }: TemporalServerOptions,
): TemporalServer {
  const address = `127.0.0.1:${port}`;
  const process = keptProgram(
    'temporal',
    {
      command: cli,
      args: [
        ...['server', 'start-dev', '--db-filename', join(folder.path, 'temporal.sqlite')],
        ...['--ip', '127.0.0.1', '--port', String(port), '--ui-port', String(uiPort)],
        ...['--log-level', 'warn', '--log-format', 'json'],
        ...furtherNamespaces.flatMap((namespace) => ['--namespace', namespace]),
        ...QUEUES.flatMap((queue) => [
          '--dynamic-config-value',
          `history.${queue}MaxPollRPS=${QUEUE_READS_PER_SECOND}`,
        ]),
      ],
      stopSignal: 'SIGTERM',
      probe: () => describeNamespace(address),
    },
    folder,
    progress,
  );
  return { address, namespace: NAMESPACE, uiUrl: `http://127.0.0.1:${uiPort}`, process };
}

async function describeNamespace(address: string): Promise<void> {
  const connection = await Connection.connect({ address, connectTimeout: '1s' });
  try {
    await connection.workflowService.describeNamespace({ namespace: NAMESPACE });
  } finally {
    await connection.close();
  }
}
