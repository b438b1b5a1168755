import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.js';
import type { Progress } from './progress.js';

const signals = ['SIGTERM', 'SIGINT'] as const;
/** The signal by which a process stops in order. */
export type StopSignal = (typeof signals)[number];

const recordSchema = z.object({
  pid: z.number().int().positive(),
  started: z.string(),
  stopSignal: z.enum(signals),
});

/** How long what an earlier stack left running may take to stop in order. */
const LEFTOVER_PATIENCE_MS = 10_000;

/** Writes down in `file` that this process runs, so that a later start finds it should nobody be left to stop it. */
export function writeProcessRecord(file: string, pid: number, stopSignal: StopSignal): void {
  const identity = identityOf(pid);
  if (identity) writeFileSync(file, JSON.stringify({ ...identity, stopSignal }));
}

export function removeProcessRecord(file: string): void {
  rmSync(file, { force: true });
}

/** Stops every process recorded in the folder that is still running, in order if it obeys in time, and forgets the records. */
export async function endLeftovers(folder: string, progress: Progress): Promise<void> {
  await Promise.all(readdirSync(folder).map((name) => endLeftover(join(folder, name), progress)));
}

/** Stops the recorded process if it is still running, in order if it obeys in time, and forgets the record. */
export async function endLeftover(file: string, progress: Progress): Promise<void> {
  const record = readRecord(file);
  if (record && isRunning(record)) {
    progress(`Stopping what an earlier run left: ${basename(file, '.json')} (process ${record.pid})`);
    await end(record, record.stopSignal);
  }
  removeProcessRecord(file);
}

async function end(identity: ProcessIdentity, stopSignal: StopSignal): Promise<void> {
  signal(identity, stopSignal);
  const deadline = Date.now() + LEFTOVER_PATIENCE_MS;
  while (isRunning(identity) && Date.now() < deadline) await sleep(50);
  while (isRunning(identity)) {
    signal(identity, 'SIGKILL');
    await sleep(50);
  }
}

function signal(identity: ProcessIdentity, name: NodeJS.Signals): void {
  try {
    process.kill(identity.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readRecord(file: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
