import { spawnSync } from 'node:child_process';
import type { Progress } from './progress.js';

/** PostgreSQL refuses to run as root; then it runs as this user. */
export interface PostgresUser {
  uid: number;
  gid: number;
}

/** The user `postgres` when we are root, made if the system has none; undefined when PostgreSQL can simply run as we do. */
export function postgresUser(progress: Progress): PostgresUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  if (idOf('-u') === undefined) {
    progress('PostgreSQL does not run as root: adding the system user "postgres" for it');
    const added = spawnSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], {
      encoding: 'utf8',
    });
    if (added.status !== 0) {
      throw new Error(
        'PostgreSQL does not run as root, and the system user "postgres" could not be added. ' +
          `Add it, or run this as an ordinary user. ${added.error?.message ?? added.stderr}`,
      );
    }
  }
  const [uid, gid] = [idOf('-u'), idOf('-g')];
  if (uid === undefined || gid === undefined) throw new Error('The system user "postgres" cannot be looked up.');
  return { uid, gid };
}

/** Whether that user can pass through every folder on the way to `path` and into (or execute) it. */
export function canReach(user: PostgresUser, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', path], { ...user, cwd: '/' }).status === 0;
}

function idOf(which: '-u' | '-g'): number | undefined {
  const id = spawnSync('id', [which, 'postgres'], { encoding: 'utf8' });
  return id.status === 0 ? Number(id.stdout) : undefined;
}
