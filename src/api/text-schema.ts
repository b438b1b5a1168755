import { z } from 'zod';
import { LANGUAGES, type LocalText } from '../domain/report.js';

// Written as ranges, not as \p{Cc}: the patterns stand in the OpenAPI document, and not every reader of it knows properties of Unicode.
// U+FFFD is what is left of a text that was not sent in UTF-8.
const LINE = new RegExp(String.raw`^[^\u0000-\u001f\u007f-\u009f\u2028\u2029\ufffd]*$`, 'u');
const PROSE = new RegExp(String.raw`^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\ufffd]*$`, 'u');

const FORMAT = { code: 'invalid_format' } as const;

const text = (maxCharacters: number): z.ZodString =>
  z
    .string()
    .trim()
    .max(maxCharacters)
    // PostgreSQL stores no half of a surrogate pair. Few programs can read a pattern that says so.
    .refine((written) => !/\p{Cs}/u.test(written), { error: 'must be text in UTF-8', params: FORMAT });
const lineOrNothing = (maxCharacters: number): z.ZodString =>
  text(maxCharacters).regex(LINE, 'must be one line of text, in UTF-8');
const proseOrNothing = (maxCharacters: number): z.ZodString =>
  text(maxCharacters).regex(PROSE, 'must be text without control characters, in UTF-8');

/** Whether a text says something: a dash does not, nor an emoji, nor a mark or a filler (some of which count as letters) that nobody can see. */
const saysSomething = (written: string): boolean => /(?!\p{Default_Ignorable_Code_Point})[\p{L}\p{N}]/u.test(written);

const filled = (schema: z.ZodString): z.ZodString =>
  schema
    .refine(saysSomething, { error: 'must be filled in', params: FORMAT })
    .meta({ minLength: 1, description: 'Holds at least one letter or digit.' });

/** A text of one line, so that nobody can put a line of their own into an alert. */
export function line(maxCharacters: number): z.ZodString {
  return filled(lineOrNothing(maxCharacters));
}

/** A text that may have several lines. */
export function prose(maxCharacters: number): z.ZodString {
  return filled(proseOrNothing(maxCharacters));
}

/** A {@link line} in every language; '' in one in which it is not written yet, though in one at least it is. */
export function localLine(maxCharacters: number): z.ZodType<LocalText> {
  return inLanguages(lineOrNothing(maxCharacters));
}

/** As {@link localLine}, of {@link prose}. */
export function localProse(maxCharacters: number): z.ZodType<LocalText> {
  return inLanguages(proseOrNothing(maxCharacters));
}

function inLanguages(schema: z.ZodString): z.ZodType<LocalText> {
  const orNothing = schema
    .refine((written) => written === '' || saysSomething(written), { error: 'must be filled in', params: FORMAT })
    .meta({ description: 'Holds at least one letter or digit; empty or left out while it is not written yet.' })
    .default('');
  return z
    .strictObject({ ar: orNothing, en: orNothing })
    .refine((texts) => LANGUAGES.some((language) => texts[language]), {
      error: 'must be written in one language at least',
      params: { code: 'missing' },
    })
    .meta({ description: 'Written in one language at least.' });
}
