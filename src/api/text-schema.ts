import { z } from 'zod';

// PostgreSQL stores no NUL and no half of a surrogate pair; U+FFFD is what is left of a text that was not sent in UTF-8.
const UNREADABLE = '\\p{Cs}\\u{FFFD}';
const LINE = new RegExp(`^[^${UNREADABLE}\\p{Cc}\\u{2028}\\u{2029}]*$`, 'u');
const PROSE = new RegExp(`^(?:[^${UNREADABLE}\\p{Cc}]|[\\n\\r\\t])*$`, 'u');

/** A text that says something: a dash, or a mark that nobody can see, is none. */
const filled = (maxCharacters: number): z.ZodString =>
  z
    .string()
    .trim()
    .max(maxCharacters)
    .regex(/[\p{L}\p{N}]/u, 'must be filled in');

/** A text of one line, so that nobody can put a line of their own into an alert. */
export function line(maxCharacters: number): z.ZodString {
  return filled(maxCharacters).regex(LINE, 'must be one line of text, in UTF-8');
}

/** A text that may have several lines. */
export function prose(maxCharacters: number): z.ZodString {
  return filled(maxCharacters).regex(PROSE, 'must be text without control characters, in UTF-8');
}
