/** Starts one child on the data folder given as its argument, tells its process number and stays until it is killed. */
import { startChild } from '../../src/embedded/child-process.js';
import { openDataFolder } from '../../src/embedded/data-folder.js';

const folder = await openDataFolder(process.argv[2] ?? '', () => undefined);
const spec = { name: 'child', entry: 'test/integration/embedded-child.ts', env: {} };
const child = await startChild(spec, folder, new AbortController().signal);
process.send?.({ pid: child.pid });
