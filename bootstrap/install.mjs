/**
 * Import this first, statically: afterwards Node is recent enough and node_modules is what package-lock.json says. Fetches nothing when it
 * already is. Uses only what Node itself brings.
 */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** The folder of the repository, with a slash at its end. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const OLDEST_NODE = [20, 19];
/** The holder of the lock touches it every second; after this long without a touch it was killed. */
const LOCK_GONE_AFTER_MS = 15_000;

/** To stderr: standard output belongs to the program that is started afterwards. */
const say = (line) => process.stderr.write(`${line}\n`);

/** Ends the process with a message that says what to do, without a stack trace. */
const giveUp = (message) => {
  say(message);
  process.exit(1);
};

function checkNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  giveUp(
    `Mafqood needs Node ${OLDEST_NODE.join('.')} or later (22 or 24 are good choices), and this is Node ${process.versions.node}.\n` +
      'Get a current one from https://nodejs.org or with a version manager, then run the same command again.',
  );
}

/**
 * Whether what npm last finished installing is what the lockfile asks for. npm writes its own record of node_modules after everything
 * else, so an interrupted installation has none. Optional packages may be missing: most are other platforms' binaries.
 */
function isInstalled() {
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  let present;
  try {
    present = JSON.parse(readFileSync(join(root, 'node_modules/.package-lock.json'), 'utf8')).packages;
  } catch {
    return false;
  }
  return Object.entries(wanted).every(
    ([path, entry]) => path === '' || entry.optional || present[path]?.version === entry.version,
  );
}

/** Runs `work` while no other process runs it for this repository. */
async function alone(work) {
  const lock = join(tmpdir(), `mafqood-install-${createHash('sha256').update(root).digest('hex').slice(0, 16)}.lock`);
  for (let waited = 0; ; waited++) {
    try {
      closeSync(openSync(lock, 'wx'));
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const touched = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - touched > LOCK_GONE_AFTER_MS) rmSync(lock, { force: true });
    if (waited === 0) say('Waiting for another command that is installing the packages …');
    await sleep(500);
  }
  const touch = setInterval(() => utimesSync(lock, new Date(), new Date()), 1000);
  const release = () => rmSync(lock, { force: true });
  process.once('exit', release);
  try {
    return await work();
  } finally {
    clearInterval(touch);
    process.off('exit', release);
    release();
  }
}

/** The npm that runs this script, so that a second one on the PATH does not matter. */
const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];

async function runNpmCi() {
  say('Installing the packages of package-lock.json (once; one to three minutes) …');
  const started = Date.now();
  const progress = setInterval(() => say(`  still installing, ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  const [command, ...before] = npm;
  const child = spawn(
    command,
    [...before, 'ci', '--include=dev', '--include=optional', '--loglevel=error', '--no-audit', '--no-fund'],
    { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' && npm.length === 1 },
  );
  const outcome = await new Promise((resolve) => {
    child.once('error', (error) => resolve(error.message));
    child.once('exit', (code, signal) => resolve(code === 0 ? undefined : `it ended with ${code ?? signal}`));
  });
  clearInterval(progress);
  if (outcome !== undefined) {
    giveUp(
      `npm ci did not succeed: ${outcome}. Its own message stands above.\n` +
        'The first run needs a network that reaches the npm registry; later runs need none.',
    );
  }
  say(`Packages installed in ${Math.round((Date.now() - started) / 1000)} s.`);
}

checkNodeVersion();
if (!isInstalled()) {
  await alone(async () => {
    if (!isInstalled()) await runNpmCi();
  });
}
