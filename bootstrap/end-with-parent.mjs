/**
 * Import this first in a process that must not outlive the one that started it, whatever ended that one, SIGKILL included. The process
 * then gets the same SIGTERM that an orderly stop sends, and is ended for good when it has not obeyed in time.
 */
import { readFileSync } from 'node:fs';
import { clearInterval, setInterval, setTimeout } from 'node:timers';

const LOOK_EVERY_MS = 300;
const STOP_WITHIN_MS = 35_000;

/** npm starts its scripts through a shell that outlives it, so there the shell's own parent counts too (read where there is /proc). */
function parents() {
  if (process.env.npm_lifecycle_event === undefined) return String(process.ppid);
  try {
    const fields = readFileSync(`/proc/${process.ppid}/stat`, 'utf8').split(') ')[1].split(' ');
    return `${process.ppid} ${fields[1]}`;
  } catch {
    return String(process.ppid);
  }
}

const atStart = parents();
// The parent may have gone before this line was reached; a channel that is closed already tells.
const bornOrphan = process.send !== undefined && !process.connected;
const watch = setInterval(() => {
  if (parents() === atStart && !bornOrphan) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_WITHIN_MS).unref();
}, LOOK_EVERY_MS);
watch.unref();
