import { fileURLToPath } from 'node:url';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { z } from 'zod';
import { createFacebookChannel } from '../../src/channels/facebook.js';
import { createGraphClient } from '../../src/channels/graph-client.js';
import { createInstagramChannel } from '../../src/channels/instagram.js';
import { createBareActivities } from './activities.js';
import { BARE_TASK_QUEUE } from './task-queue.js';

const settingsSchema = z.object({
  address: z.string(),
  namespace: z.string(),
  simulator: z.object({ url: z.string(), pageId: z.string(), igUserId: z.string(), accessToken: z.string() }),
});

/** Where the bare worker finds Temporal and the simulator; its one argument, as JSON. */
export type BareWorkerSettings = z.infer<typeof settingsSchema>;

/** The bare case's worker: a process of its own with the SDK's default options. */
async function main({ address, namespace, simulator }: BareWorkerSettings): Promise<void> {
  Runtime.install({ shutdownSignals: [] });
  const { url: graphUrl, accessToken, pageId, igUserId } = simulator;
  const graph = createGraphClient({ graphUrl, version: 'v26.0', accessToken });
  const connection = await NativeConnection.connect({ address });
  const worker = await Worker.create({
    connection,
    namespace,
    taskQueue: BARE_TASK_QUEUE,
    workflowsPath: fileURLToPath(new URL('./workflow.ts', import.meta.url)),
    activities: createBareActivities({
      facebook: createFacebookChannel({ graph, pageId, audience: 'simulator' }),
      instagram: createInstagramChannel({ graph, igUserId, audience: 'simulator' }),
    }),
  });
  const stop = (): void => {
    if (worker.getState() === 'RUNNING') worker.shutdown();
  };
  process.once('SIGTERM', stop);
  process.once('disconnect', stop);
  const running = worker.run();
  process.send?.({ ready: true });
  await running;
  await connection.close();
  // An open channel would keep the process alive.
  if (process.connected) process.disconnect();
}

await main(settingsSchema.parse(JSON.parse(process.argv[2] ?? '{}')));
