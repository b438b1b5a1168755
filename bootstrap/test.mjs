/** `npm test [-- jest's arguments]` from a bare clone: installs the packages, fetches the servers the tests need, runs jest. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from './install.mjs';

if (process.env.npm_lifecycle_event) await import('./end-with-parent.mjs');

const { register } = await import('tsx/esm/api');
register();
const { temporalCli, temporalTestServer } = await import('../src/embedded/temporal-binaries.ts');
const { cacheFolder } = await import('../src/embedded/data-folder.ts');
const progress = (line) => process.stderr.write(`${line}\n`);
await temporalCli(cacheFolder, progress);
await temporalTestServer(cacheFolder, progress);

const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    `--import=${new URL('end-with-parent.mjs', import.meta.url).href}`,
    fileURLToPath(import.meta.resolve('jest/bin/jest')),
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => jest.kill(signal));
jest.once('exit', (code) => {
  process.exitCode = code ?? 1;
});
