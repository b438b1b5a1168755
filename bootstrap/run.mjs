/**
 * `node bootstrap/run.mjs ENTRY [args…]` runs one of the program's TypeScript entries from a bare clone: it installs the packages if need
 * be and goes on in this same process, so that signals and the exit code are the entry's own.
 */
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './install.mjs';

const [entry, ...args] = process.argv.slice(2);
if (entry === undefined) throw new Error('usage: node bootstrap/run.mjs ENTRY [args…]');

if (process.env.npm_lifecycle_event) {
  // npm hands signals on, but cannot when it is killed outright.
  await import('./end-with-parent.mjs');
  // npm runs scripts in the package's folder; files named on the command line are meant from where the user stands.
  if (process.env.INIT_CWD) process.chdir(process.env.INIT_CWD);
}

const { register } = await import('tsx/esm/api');
register();

const path = resolve(root, entry);
process.argv = [process.execPath, path, ...args];
await import(pathToFileURL(path).href);
