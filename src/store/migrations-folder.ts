import { fileURLToPath } from 'node:url';

/** The folder of the migrations, one file each. */
export const MIGRATIONS = fileURLToPath(new URL('./migrations', import.meta.url));
