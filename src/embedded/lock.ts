import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { identityOf, isRunning, type ProcessIdentity } from './process-identity.js';

/** A lock that is held until it is released, or until the process that took it is gone, however it went. */
export interface Lock {
  release: () => void;
}

export class LockedError extends Error {
  constructor(readonly holder: ProcessIdentity) {
    super(`held by process ${holder.pid}`);
  }
}

/**
 * Takes the lock `name` in `folder`, or throws {@link LockedError} with the process that holds it. Every taker first leaves a claim under a
 * name of its own and looks around afterwards: so two can never both get it, and a dead process' claim is removed without a race. Two that
 * come at the very same moment may both be refused.
 */
export function tryLock(folder: string, name: string): Lock {
  const self = identityOf(process.pid);
  if (self === undefined) throw new Error('this system does not tell when a process started');
  const claim = `${name}.${self.pid}.${encodeURIComponent(self.started)}.${randomUUID()}`;
  const path = join(folder, claim);
  writeFileSync(path, '', { mode: 0o644, flag: 'wx' });
  const release = (): void => rmSync(path, { force: true });
  for (const other of readdirSync(folder)) {
    if (other === claim || !other.startsWith(`${name}.`)) continue;
    const [pid, started] = other.slice(name.length + 1).split('.');
    const holder = { pid: Number(pid), started: decodeURIComponent(started ?? '') };
    if (isRunning(holder)) {
      release();
      throw new LockedError(holder);
    }
    removeDeadClaim(join(folder, other));
  }
  return { release };
}

/** As {@link tryLock}, but settles a tie and waits up to `patienceMs` for the holder to release it. */
export async function takeLock(folder: string, name: string, patienceMs = 500): Promise<Lock> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    try {
      return tryLock(folder, name);
    } catch (error) {
      if (!(error instanceof LockedError) || Date.now() > deadline) throw error;
    }
    await sleep(20 + Math.random() * 100);
  }
}

function removeDeadClaim(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another user's: it claims nothing any more and may stay.
  }
}
