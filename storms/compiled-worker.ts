import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { repositoryRoot } from '../src/embedded/data-folder.js';

/**
 * Compiles the program once for all workers of a run: each storm starts one anew, and to translate its TypeScript, in each of its threads
 * too, costs a processor more than the rest of the start.
 * @param folder where it is put; made if need be
 * @returns the worker's entry, a whole path
 */
export async function compileWorker(folder: string): Promise<string> {
  const sources = join(repositoryRoot, 'src');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  await build({
    entryPoints: readdirSync(sources, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(sources, name)),
    outbase: sources,
    outdir: folder,
    format: 'esm',
    platform: 'node',
    target: 'node20',
  });
  return join(folder, 'worker.js');
}
