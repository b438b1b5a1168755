import { readdir } from 'node:fs/promises';
import { parse } from 'node:path';
import type pg from 'pg';
import { MIGRATIONS } from './migrations-folder.js';

/** Whether a database can be worked with. */
export interface StoreReadiness {
  /**
   * Whether every migration that this program comes with has been applied. Newer ones do no harm.
   * @throws whatever the database says when it cannot be asked
   */
  migrationsAreCurrent(): Promise<boolean>;
}

const UNDEFINED_TABLE = '42P01';

/** Looks at a database. */
export function createReadiness(pool: pg.Pool): StoreReadiness {
  return {
    async migrationsAreCurrent() {
      const files = await readdir(MIGRATIONS);
      const names = files.filter((file) => file.endsWith('.sql')).map((file) => parse(file).name);
      try {
        const { rows } = await pool.query<{ name: string }>('SELECT name FROM migrations');
        const applied = new Set(rows.map(({ name }) => name));
        return names.every((name) => applied.has(name));
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) return false;
        throw error;
      }
    },
  };
}
