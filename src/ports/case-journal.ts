import type { CaseNumber } from '../domain/case-number.js';
import type { JournalEntry } from '../domain/event.js';
import type { CaseView } from '../domain/view.js';

/** Entries of one case in order, and the view of the case after the last of them. */
export interface JournalBatch {
  readonly caseNumber: CaseNumber;
  readonly entries: readonly JournalEntry[];
  readonly view: CaseView;
}

/** Where the journal of a case goes: the audit, the read model and the waiting callers, in one write. */
export interface CaseJournal {
  /**
   * Appends a batch. What is already there is left alone.
   * @throws JournalConflict when the batch leaves a gap, or an entry is there with another content
   */
  append(batch: JournalBatch): Promise<void>;
  /** The number of the newest stored command of a case, delivered or not; 0 when there is none. */
  newestStoredCommand(caseNumber: CaseNumber): Promise<number>;
}

/** The journal and the case disagree about what happened. Nothing was written; a person has to look. */
export class JournalConflict extends Error {
  override readonly name = 'JournalConflict';

  constructor(
    readonly reason: 'gap' | 'different',
    readonly seq: number,
  ) {
    super(`journal ${reason} at entry ${seq}`);
  }
}
