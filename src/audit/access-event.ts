import type { CaseNumber } from '../domain/case-number.js';
import type { Role } from '../domain/command.js';

/**
 * What somebody did that no case records. Like a case's events it holds no personal data and no content. Other acts, such as log-ins, are
 * further members.
 */
export type AccessEvent = ContentRead;

/** Somebody was answered with what is a child's: the report with its police-only fields, or a picture. */
export interface ContentRead {
  readonly type: 'contentRead';
  /** `case`, `revision`, or the picture: `images/facebook`, `cards/poster`. */
  readonly what: string;
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly by: string;
  readonly role: Role;
}
