/**
 * Asks a case for the number of the newest entry of its journal, written or not: how far a reader of PostgreSQL must have read to know
 * all that the case knows.
 */
export const NEWEST_ENTRY = 'newestEntry';
