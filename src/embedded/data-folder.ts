import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LockedError, takeLock } from './lock.js';
import { canReach, postgresUser, type PostgresUser } from './postgres-user.js';
import { endLeftovers } from './process-record.js';
import type { Progress } from './progress.js';

export const repositoryRoot = fileURLToPath(new URL('../../', import.meta.url));
/** Where everything lives that the embedded stack keeps, unless told otherwise. */
export const defaultDataFolder = join(repositoryRoot, '.mafqood');
/** Downloaded servers, shared by all data folders of this clone. */
export const cacheFolder = join(defaultDataFolder, 'cache');

/** Where root keeps the data of a clone that lies below a private folder, such as /root. */
const ROOTS_DATA_FOLDERS = '/var/lib/mafqood';

export class AlreadyRunningError extends Error {}

/** A data folder that this process alone works with until it is closed. */
export interface DataFolder {
  path: string;
  /** Records of the processes that work on this folder, by which a later start ends what a kill left running. */
  processes: string;
  logs: string;
  /** PostgreSQL's own part of the folder. */
  postgres: string;
  /** Whom PostgreSQL has to run as; undefined for ourselves. */
  postgresUser: PostgresUser | undefined;
  close: () => void;
}

/**
 * Opens (and makes, if need be) the one folder in which an embedded stack keeps everything, and ends whatever an earlier stack on it left
 * running when it was killed.
 *
 * @throws AlreadyRunningError when another process has it open
 */
export async function openDataFolder(wanted: string, progress: Progress): Promise<DataFolder> {
  const user = postgresUser(progress);
  const path = choosePlace(resolve(wanted), user, progress);
  const folder = {
    path,
    processes: join(path, 'processes'),
    logs: join(path, 'logs'),
    postgres: join(path, 'postgres'),
    postgresUser: user,
  };
  const locks = join(path, 'lock');
  mkdirSync(locks, { recursive: true });
  const lock = await takeLock(locks, 'stack').catch((error: unknown) => {
    if (!(error instanceof LockedError)) throw error;
    throw new AlreadyRunningError(
      `Mafqood is running already on ${path} (process ${error.holder.pid}). Stop that one first, or use another data folder.`,
    );
  });
  try {
    for (const part of [folder.processes, folder.logs, folder.postgres]) mkdirSync(part, { recursive: true });
    await endLeftovers(folder.processes, progress);
    if (user) chownSync(folder.postgres, user.uid, user.gid);
  } catch (error) {
    lock.release();
    throw error;
  }
  return { ...folder, close: () => lock.release() };
}

function choosePlace(wanted: string, user: PostgresUser | undefined, progress: Progress): string {
  makePassable(wanted);
  if (user === undefined || canReach(user, wanted)) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  const place = join(ROOTS_DATA_FOLDERS, name);
  makePassable(ROOTS_DATA_FOLDERS);
  makePassable(place);
  if (!canReach(user, place)) {
    throw new Error(
      `PostgreSQL runs as the user "postgres", who can reach neither ${wanted} nor ${place}. Choose another data folder with MAFQOOD_DATA.`,
    );
  }
  progress(`Data are kept in ${place}: PostgreSQL's user cannot reach ${wanted}`);
  return place;
}

/** Others may pass through the folder but not list it; its private files have modes of their own. */
function makePassable(folder: string): void {
  if (mkdirSync(folder, { recursive: true }) !== undefined) chmodSync(folder, 0o711);
}
