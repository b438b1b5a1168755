import type pg from 'pg';
import type { Scope } from '../domain/scope.js';
import { type AccessLog, createAccessLog } from './access-log.js';
import { type CaseIntake, createCaseIntake } from './case-intake.js';
import { type CaseReader, createCaseReader } from './case-reader.js';
import { createJournalFeed, type JournalFeed } from './journal-feed.js';
import { createReadiness, type StoreReadiness } from './readiness.js';
import { createRevisionSources, type RevisionSources } from './revision-source.js';
import { createTimesReader, type TimesReader } from './times-reader.js';

/** Cases as somebody stores and reads them, who has a scope: there is no way to any case that does not name one. */
export interface CaseStore extends CaseIntake, CaseReader, RevisionSources, TimesReader, JournalFeed, AccessLog {}

/** The cases kept in a database, as far as each who asks may see them. */
export interface CaseStores extends StoreReadiness {
  within(scope: Scope): CaseStore;
}

/**
 * Opens the cases kept in a database that are within a scope.
 * @param accessLog of the whole process, which groups what all of its requests append
 */
export function createCaseStore(pool: pg.Pool, scope: Scope, accessLog = createAccessLog(pool)): CaseStore {
  return {
    ...createCaseIntake(pool, scope),
    ...createCaseReader(pool, scope),
    ...createRevisionSources(pool, scope),
    ...createTimesReader(pool, scope),
    ...createJournalFeed(pool, scope),
    ...accessLog,
  };
}

/** Opens the cases kept in a database. */
export function createCaseStores(pool: pg.Pool): CaseStores {
  const accessLog = createAccessLog(pool);
  return { within: (scope) => createCaseStore(pool, scope, accessLog), ...createReadiness(pool) };
}

export {
  CaseNumberTaken,
  type NewCommand,
  type NewReport,
  type NewRevision,
  type RevisionKind,
} from './case-intake.js';
export { CaseUnknown, type Idempotency, IdempotencyKeyReused } from './command-intake.js';
export { RevisionTaken } from './content-intake.js';
export type { CaseRecord, CaseSummary, Preview, TimelineEntry } from './case-reader.js';
export type { Sighting, StoredSighting } from './sightings.js';
