import { z } from 'zod';
import { FIELD_CODES } from './field-codes.js';
import { PROBLEMS } from './problem.js';

const codesOf = <T extends string>(table: Readonly<Record<T, unknown>>): T[] => Object.keys(table) as T[];

/** A problem as a part of an answer, as `problemPart` writes it. */
export const problemPartSchema = z
  .strictObject({
    code: z.enum(codesOf(PROBLEMS)).meta({ description: 'Stable. See `docs/errors.md`.' }),
    title: z.string(),
    detail: z.string().meta({ description: 'What to do next.' }),
    about: z.string().optional().meta({ description: 'What the code leaves open.' }),
  })
  .meta({ id: 'ProblemPart' });

/** The body of every refusal, as `problemBody` writes it. */
export const problemSchema = z
  .strictObject({
    type: z.string().meta({ format: 'uri-reference' }),
    title: z.string(),
    status: z.int().min(400).max(599),
    code: z.enum(codesOf(PROBLEMS)).meta({ description: 'Stable. See `docs/errors.md`.' }),
    detail: z.string().meta({ description: 'What to do next.' }),
    instance: z.string().meta({ format: 'uri', description: 'Names this one answer in the log.' }),
    about: z
      .string()
      .optional()
      .meta({ description: 'What the code leaves open: the id of a criterion, a language or the name of a field.' }),
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().meta({ format: 'json-pointer', description: 'Into the JSON that was sent.' }),
          code: z.enum(codesOf(FIELD_CODES)).meta({ description: 'Stable. See `docs/errors.md`.' }),
          detail: z.string(),
        }),
      )
      .optional()
      .meta({ description: 'Everything that is wrong with the fields of the request.' }),
  })
  .meta({ id: 'Problem', description: 'A refusal (RFC 9457).' });
