import { z } from 'zod';
import { isCaseNumber } from '../domain/case-number.js';
import { CHANNELS } from '../domain/channel.js';
import { CARDS } from '../domain/revision.js';
import type { ProblemCode } from './problem.js';

/** A case number in what is sent. Its pattern is that of the domain, which a test holds it against. */
export const caseNumberSchema = z
  .string()
  .refine(isCaseNumber, { error: 'must be a case number', params: { code: 'invalid_format' } })
  .meta({ pattern: '^MFQ-[23456789BCDFGHJKMNPQRSTWXZ]{4}-[23456789BCDFGHJKMNPQRSTWXZ]{4}$' });

/** The form of a command's id. */
export const commandIdSchema = z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/);

interface PathParameter {
  readonly schema: z.ZodType;
  readonly description: string;
  /** The answer to a value that names nothing. */
  readonly unknown: ProblemCode;
}

/** Every parameter that stands in the path of a route, by its name. A path with another name cannot be documented. */
export const PATH_PARAMETERS: Readonly<Record<string, PathParameter>> = {
  caseNumber: {
    schema: caseNumberSchema,
    description: 'The number of the case, such as `MFQ-7K3D-92XQ`.',
    unknown: 'case_unknown',
  },
  commandId: {
    schema: commandIdSchema,
    description: 'The id that the answer to the command gave.',
    unknown: 'command_unknown',
  },
  revision: {
    schema: z.int().min(1).max(999_999_999),
    description: 'The number of the revision, from 1.',
    unknown: 'revision_unknown',
  },
  channel: { schema: z.enum(CHANNELS), description: 'The channel that shows the image.', unknown: 'image_unknown' },
  card: { schema: z.enum(CARDS), description: 'Which of the cards.', unknown: 'card_unknown' },
};

/** The names of the parameters in a path of express. */
export function namesIn(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '');
}
