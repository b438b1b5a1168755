import { join } from 'node:path';
import { z } from 'zod';
import type { CallTimesName } from '../simulator/call-times.js';
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

/** How the simulator differs from what it does by itself. */
export interface SimulatorSettings {
  /** How long calls take; `fast` when left out. */
  readonly callTimes?: CallTimesName;
  /** The least time until an Instagram container is ready, in milliseconds. */
  readonly containerMs?: number;
  /** How many media the Instagram account may publish in 24 hours. */
  readonly dailyQuota?: number;
  /** When the partner desk does by itself what it is asked, in milliseconds after it was; left out, somebody has to. */
  readonly deskConfirmsAfterMs?: number;
}

/** Starts the simulator of Meta, its accounts and their posts in the data folder. */
export async function startSimulator(
  folder: DataFolder,
  {
    port,
    deskSecret,
    callTimes,
    containerMs,
    dailyQuota,
    deskConfirmsAfterMs,
  }: SimulatorSettings & { readonly port: number; readonly deskSecret: string },
  progress: Progress,
  startup: Startup,
): Promise<Simulator> {
  const spec: ChildSpec = {
    name: 'simulator',
    entry: 'src/simulator/main.ts',
    args: [
      ...['--port', String(port), '--data', join(folder.path, 'simulator.jsonl')],
      ...(callTimes === undefined ? [] : ['--call-times', callTimes]),
      ...(containerMs === undefined ? [] : ['--container-ms', String(containerMs)]),
      ...(deskConfirmsAfterMs === undefined ? [] : ['--desk-confirms-after', String(deskConfirmsAfterMs)]),
      ...(dailyQuota === undefined ? [] : ['--daily-quota', String(dailyQuota)]),
    ],
    env: { SIMULATOR_DESK_SECRET: deskSecret },
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
