import type pg from 'pg';
import { type AccessLog, createAccessLog } from './access-log.js';
import { type CaseIntake, createCaseIntake } from './case-intake.js';
import { type CaseReader, createCaseReader } from './case-reader.js';
import { createJournalFeed, type JournalFeed } from './journal-feed.js';
import { createReadiness, type StoreReadiness } from './readiness.js';
import { createRevisionSources, type RevisionSources } from './revision-source.js';
import { createTimesReader, type TimesReader } from './times-reader.js';

/** Cases as the staff API stores and reads them. */
export interface CaseStore
  extends CaseIntake, CaseReader, RevisionSources, TimesReader, JournalFeed, AccessLog, StoreReadiness {}

/** Opens the cases kept in a database. */
export function createCaseStore(pool: pg.Pool): CaseStore {
  return {
    ...createCaseIntake(pool),
    ...createCaseReader(pool),
    ...createRevisionSources(pool),
    ...createTimesReader(pool),
    ...createJournalFeed(pool),
    ...createAccessLog(pool),
    ...createReadiness(pool),
  };
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
