import { z } from 'zod';
import { isCaseNumber } from '../domain/case-number.js';
import type { CaseKey } from '../store/case-filters.js';

/** The end of the year 9999, in milliseconds. */
const LATEST = 253_402_300_799_999;

/** Writes down where the next page begins. Callers hand it back as it is; that it can be read is nobody's business. */
export function cursorOf({ reportedAt, caseNumber }: CaseKey): string {
  return Buffer.from(JSON.stringify([reportedAt, caseNumber])).toString('base64url');
}

const key = z.tuple([z.int().min(0).max(LATEST), z.string().refine(isCaseNumber)]);

function readCursor(text: string): CaseKey | undefined {
  try {
    const [reportedAt, caseNumber] = key.parse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    const read = { reportedAt, caseNumber };
    // Base64 has many spellings of one text; only ours is taken.
    return cursorOf(read) === text ? read : undefined;
  } catch {
    return undefined;
  }
}

/** The place in a list that an answer's `next` names. */
export const cursorSchema = z
  .string()
  .max(200)
  .transform((text, context): CaseKey => {
    const read = readCursor(text);
    if (read) return read;
    context.addIssue({
      code: 'custom',
      message: 'must be a cursor that an answer gave as the place of its next page',
      params: { code: 'cursor_invalid' },
    });
    return z.NEVER;
  });
