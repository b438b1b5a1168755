import { readdirSync, readFileSync } from 'node:fs';

/**
 * The numbers of all processes of a stack on a data folder, its host among them: those whose command line or environment names the
 * folder, which the stack gives to everything it starts as its home. Linux only.
 */
export function processesOf(folder: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => ['cmdline', 'environ'].some((file) => contentOf(`/proc/${pid}/${file}`).includes(folder)))
    .map(Number);
}

/** What a process was started with; empty for one that has ended. */
export function commandLineOf(pid: number): string {
  return contentOf(`/proc/${pid}/cmdline`);
}

/** Sends SIGKILL to all of them at once. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // What another kill of this round has ended already.
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** Empty for a process that has ended meanwhile. */
function contentOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
