/**
 * Runs one program that is not ours (PostgreSQL, Temporal) and stops it in order when asked to, or when the process that wanted it is gone:
 * such a program would otherwise live on after a kill. Its argument is a {@link KeeperOrder} as JSON.
 */
import { spawn } from 'node:child_process';
import type { KeeperOrder } from './kept-program.js';
import { removeProcessRecord, writeProcessRecord } from './process-record.js';

const { command, args, user, stopSignal, patienceMs, record } = JSON.parse(process.argv[2] ?? '') as KeeperOrder;

const program = spawn(command, args, { ...user, stdio: ['ignore', 'inherit', 'inherit'] });
program.once('error', (error) => {
  console.error(error.message);
  process.exit(1);
});
program.once('spawn', () => {
  if (program.pid === undefined) return;
  writeProcessRecord(record, program.pid, stopSignal);
  process.send?.({ ready: true, programPid: program.pid });
});
program.once('exit', (code, signal) => {
  removeProcessRecord(record);
  console.error(`ended with ${signal ?? `exit code ${code ?? 'unknown'}`}`);
  process.exit(code ?? 1);
});

process.on('SIGTERM', () => {
  program.kill(stopSignal);
  setTimeout(() => program.kill('SIGKILL'), patienceMs);
});
