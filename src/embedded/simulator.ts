import { join } from 'node:path';
import { z } from 'zod';
import { startChild, type ChildSpec } from './child-process.js';
import type { DataFolder } from './data-folder.js';
import type { SimulatedMeta } from './environments.js';
import type { Progress } from './progress.js';
import type { Startup } from './startup.js';
import { Supervised } from './supervised.js';

const readySchema = z.object({ url: z.url(), pageId: z.string(), igUserId: z.string(), accessToken: z.string() });

export interface Simulator {
  process: Supervised;
  /** The same each time it starts on this folder. */
  accounts: SimulatedMeta;
}

/** Starts the simulator of Meta, its accounts and their posts in the data folder. */
export async function startSimulator(
  folder: DataFolder,
  port: number,
  progress: Progress,
  startup: Startup,
): Promise<Simulator> {
  const spec: ChildSpec = {
    name: 'simulator',
    entry: 'src/simulator/main.ts',
    args: ['--port', String(port), '--data', join(folder.path, 'simulator.jsonl')],
    env: {},
  };
  let ready: unknown;
  const process = new Supervised(
    spec.name,
    async (signal) => {
      const child = await startChild(spec, folder, signal);
      ready = child.ready;
      return child;
    },
    progress,
  );
  await startup.start(process);
  return { process, accounts: readySchema.parse(ready) };
}
