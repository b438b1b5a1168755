import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made: string[] = [];

/** A new data folder outside the repository that PostgreSQL's user can reach. */
export function temporaryDataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mafqood-test-'));
  chmodSync(folder, 0o711);
  made.push(folder);
  return folder;
}

/** Removes every folder made so far. */
export function removeTemporaryDataFolders(): void {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** The processes whose command line names the folder: all that an embedded stack runs on it. Empty where there is no /proc. */
export function processesOn(folder: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        return command.includes(folder) ? [`${pid} ${command}`] : [];
      } catch {
        return [];
      }
    });
}
