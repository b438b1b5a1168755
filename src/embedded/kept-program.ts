import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startChild, type Child } from './child-process.js';
import type { DataFolder } from './data-folder.js';
import type { PostgresUser } from './postgres-user.js';
import { endLeftover, type StopSignal } from './process-record.js';
import type { Progress } from './progress.js';
import { Supervised } from './supervised.js';

const SERVING_WITHIN_MS = 60_000;
const PROBE_EVERY_MS = 50;
/** How long a program may take to stop in order. */
const STOP_WITHIN_MS = 10_000;

/** A program that is not ours and is run under a keeper. */
export interface Program {
  command: string;
  args: string[];
  /** Run it as this user instead of as ourselves. */
  user?: PostgresUser;
  stopSignal: StopSignal;
  /** Called before each start, when no earlier process of it is alive any more. */
  prepare?: () => void;
  /** Tries once whether it serves yet, and rejects when it does not. */
  probe: () => Promise<void>;
}

/** What the keeper is told, as JSON. */
export interface KeeperOrder extends Pick<Program, 'command' | 'args' | 'user' | 'stopSignal'> {
  patienceMs: number;
  /** Where to note the program's process. */
  record: string;
}

/** Makes a program that starts under a keeper, counts as started once it serves, and is killed itself (not its keeper) by `kill`. */
export function keptProgram(name: string, program: Program, folder: DataFolder, progress: Progress): Supervised {
  return new Supervised(name, (signal) => launch(name, program, folder, progress, signal), progress);
}

async function launch(
  name: string,
  { prepare, probe, ...program }: Program,
  folder: DataFolder,
  progress: Progress,
  signal: AbortSignal,
): Promise<Child> {
  const record = join(folder.processes, `${name}-program.json`);
  // A keeper that was itself killed could not stop its program.
  await endLeftover(record, progress);
  prepare?.();
  const order: KeeperOrder = { ...program, patienceMs: STOP_WITHIN_MS, record };
  const keeper = await startChild(
    { name, entry: 'src/embedded/keeper.ts', args: [JSON.stringify(order)], env: {} },
    folder,
    signal,
  );
  try {
    await untilServing(name, probe, keeper, signal);
  } catch (error) {
    await keeper.stop(STOP_WITHIN_MS);
    throw error;
  }
  const { programPid } = keeper.ready as { programPid: number };
  return { ...keeper, pid: programPid, kill: (by) => void process.kill(programPid, by) };
}

async function untilServing(
  name: string,
  probe: () => Promise<void>,
  keeper: Child,
  signal: AbortSignal,
): Promise<void> {
  const ended = keeper.exited.then(
    (how) => new Error(`${name} ended before it served (${how}); its log is ${keeper.logFile}`),
  );
  const deadline = Date.now() + SERVING_WITHIN_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      await probe();
      return;
    } catch (cause) {
      if (Date.now() > deadline) throw new Error(`${name} does not serve; its log is ${keeper.logFile}`, { cause });
    }
    const failure = await Promise.race([sleep(PROBE_EVERY_MS), ended]);
    if (failure) throw failure;
  }
}
