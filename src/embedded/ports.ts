import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { LockedError, tryLock, type Lock } from './lock.js';

/** Below the ranges from which systems take ports for outgoing connections. */
const FIRST_PORT = 10_000;
const LAST_PORT = 32_000;

const CLAIMS = join(tmpdir(), 'mafqood-ports');

export interface ClaimedPorts<Name extends string> {
  ports: Record<Name, number>;
  release: () => void;
}

/**
 * Chooses a free port of 127.0.0.1 for each name and claims it against every other stack on this machine. The same data folder gets the same
 * ports again (links in notices and posts go on working) unless something else has taken one meanwhile.
 *
 * @param preferred tried first when the folder has no port for the name yet
 */
export async function claimPorts<Name extends string>(
  dataFolder: string,
  names: readonly Name[],
  preferred: Partial<Record<Name, number>>,
): Promise<ClaimedPorts<Name>> {
  makeClaimsFolder();
  const file = join(dataFolder, 'ports.json');
  const saved = readSaved(file);
  const locks: Lock[] = [];
  const release = (): void => locks.splice(0).forEach((lock) => lock.release());
  const ports = {} as Record<Name, number>;
  for (const name of names) {
    const claimed = await claimFirstFree(candidates(dataFolder, saved[name], preferred[name]));
    ports[name] = claimed.port;
    locks.push(claimed.lock);
  }
  writeFileSync(file, `${JSON.stringify(ports, null, 2)}\n`);
  return { ports, release };
}

/** Like /tmp itself: every user of the machine may add claims, and remove only their own. */
function makeClaimsFolder(): void {
  if (mkdirSync(CLAIMS, { recursive: true }) !== undefined) chmodSync(CLAIMS, 0o1777);
}

/** At last every port of the range, from a place of the folder's own, so that stacks seldom meet. */
function* candidates(
  dataFolder: string,
  saved: number | undefined,
  preferred: number | undefined,
): Generator<number, void> {
  if (saved !== undefined) yield saved;
  if (preferred !== undefined) yield preferred;
  const place = createHash('sha256').update(dataFolder).digest().readUInt32BE();
  const size = LAST_PORT - FIRST_PORT;
  for (let step = 0; step < size; step++) yield FIRST_PORT + ((place + step) % size);
}

async function claimFirstFree(ports: Iterable<number>): Promise<{ port: number; lock: Lock }> {
  for (const port of ports) {
    const lock = tryClaim(port);
    if (lock === undefined) continue;
    if (await isFree(port)) return { port, lock };
    lock.release();
  }
  throw new Error(`No free port between ${FIRST_PORT} and ${LAST_PORT} on 127.0.0.1.`);
}

function tryClaim(port: number): Lock | undefined {
  try {
    return tryLock(CLAIMS, String(port));
  } catch (error) {
    if (error instanceof LockedError) return undefined;
    throw error;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Nothing when there is no such file yet, or a kill left half of one. */
function readSaved(file: string): Record<string, number> {
  try {
    return z.record(z.string(), z.number()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return {};
  }
}
