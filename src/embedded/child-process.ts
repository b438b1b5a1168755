import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { repositoryRoot, type DataFolder } from './data-folder.js';
import { removeProcessRecord, writeProcessRecord } from './process-record.js';

/** A log longer than this is put aside when its process starts, so that two files of a kind are all there ever is. */
const LOG_LIMIT_BYTES = 20 * 1024 * 1024;
const READY_WITHIN_MS = 90_000;

export interface ChildSpec {
  /** Names the log file and the record; unique within the stack. */
  name: string;
  /** A TypeScript file, relative to the repository; one that was compiled, which starts sooner, by its whole path. */
  entry: string;
  args?: readonly string[];
  /** All of the child's environment, but for a home folder: nothing of the user's shell reaches it. */
  env: Readonly<Record<string, string>>;
}

/** What a child says once it does its work: `process.send({ ready: true, … })`. */
export type Ready = Readonly<Record<string, unknown>>;

export interface Child {
  pid: number;
  ready: Ready;
  logFile: string;
  /** Settles with a few words on how it ended; never rejects. */
  exited: Promise<string>;
  /** Asks it to stop (SIGTERM) and ends it, with all it started, when it has not stopped within `patienceMs`. */
  stop(patienceMs: number): Promise<void>;
  /** Sends the signal to the child alone. */
  kill(signal: NodeJS.Signals): void;
}

/**
 * Runs one of our own entry points as a child in a session of its own (a terminal's Ctrl-C reaches only the parent, which then stops its
 * children in order), its output in a log file. The child ends when this process ends, however it ends.
 *
 * @returns when the child has sent its ready message
 * @throws when it ends or is not ready in time, with the end of its log; or the signal's reason when that is aborted first
 */
export async function startChild(spec: ChildSpec, folder: DataFolder, signal: AbortSignal): Promise<Child> {
  signal.throwIfAborted();
  const logFile = join(folder.logs, `${spec.name}.log`);
  const child = spawnNode(spec, folder, logFile);
  const record = join(folder.processes, `${spec.name}.json`);
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, by) => resolve(by ?? `exit code ${code ?? 'unknown'}`));
  }).finally(() => removeProcessRecord(record));
  if (child.pid === undefined) throw new Error(`${spec.name} could not be started: ${await exited}`);
  writeProcessRecord(record, child.pid, 'SIGTERM');

  const stop = async (patienceMs: number): Promise<void> => {
    child.kill('SIGTERM');
    // An open channel can keep a child alive that has finished.
    if (child.connected) child.disconnect();
    const timer = setTimeout(() => killSession(child), patienceMs);
    await exited;
    clearTimeout(timer);
  };
  try {
    const ready = await readyOf(spec.name, child, exited, logFile, signal);
    return { pid: child.pid, ready, logFile, exited, stop, kill: (name) => void child.kill(name) };
  } catch (error) {
    await stop(0);
    throw error;
  }
}

function spawnNode(spec: ChildSpec, folder: DataFolder, logFile: string): ChildProcess {
  putLongLogAside(logFile);
  const log = openSync(logFile, 'a', 0o600);
  try {
    return spawn(
      process.execPath,
      [
        '--enable-source-maps',
        `--import=${new URL('../../bootstrap/end-with-parent.mjs', import.meta.url).href}`,
        ...(spec.entry.endsWith('.ts') ? [`--import=${import.meta.resolve('tsx')}`] : []),
        resolve(repositoryRoot, spec.entry),
        ...(spec.args ?? []),
      ],
      {
        cwd: repositoryRoot,
        env: { HOME: folder.path, TMPDIR: tmpdir(), ...spec.env },
        stdio: ['ignore', log, log, 'ipc'],
        detached: true,
      },
    );
  } finally {
    closeSync(log);
  }
}

async function readyOf(
  name: string,
  child: ChildProcess,
  exited: Promise<string>,
  logFile: string,
  signal: AbortSignal,
): Promise<Ready> {
  const ready = new Promise<Ready>((resolve) => {
    child.on('message', (message) => {
      if (isReady(message)) resolve(message);
    });
  });
  let timer: NodeJS.Timeout | undefined;
  const givenUp = new Promise<undefined>((resolve) => {
    signal.addEventListener('abort', () => resolve(undefined), { once: true });
    timer = setTimeout(() => resolve(undefined), READY_WITHIN_MS);
  });
  const outcome = await Promise.race([ready, exited, givenUp]).finally(() => clearTimeout(timer));
  signal.throwIfAborted();
  if (typeof outcome === 'object') return outcome;
  const why =
    outcome === undefined
      ? `was not ready within ${READY_WITHIN_MS / 1000} s`
      : `ended before it was ready (${outcome})`;
  throw new Error(`${name} ${why}.${endOf(logFile)}`);
}

function isReady(message: unknown): message is Ready {
  return typeof message === 'object' && message !== null && 'ready' in message && message.ready === true;
}

/** Ends the child and whatever it started at once. */
function killSession(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(-child.pid, 'SIGKILL');
}

function putLongLogAside(logFile: string): void {
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_LIMIT_BYTES) renameSync(logFile, `${logFile}.old`);
}

function endOf(logFile: string): string {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15);
  return `\nThe end of ${logFile}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
