import type pg from 'pg';
import { type CaseIntake, createCaseIntake } from './case-intake.js';
import { type CaseReader, createCaseReader } from './case-reader.js';

/** Cases as the staff API stores and reads them. */
export interface CaseStore extends CaseIntake, CaseReader {}

/** Opens the cases kept in a database. */
export function createCaseStore(pool: pg.Pool): CaseStore {
  return { ...createCaseIntake(pool), ...createCaseReader(pool) };
}

export {
  CaseNumberTaken,
  CaseUnknown,
  type Idempotency,
  IdempotencyKeyReused,
  type NewCommand,
  type NewReport,
} from './case-intake.js';
export type { CaseRecord, CaseSummary, Preview, TimelineEntry } from './case-reader.js';
