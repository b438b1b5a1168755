import { z } from 'zod';
import { caseFilterBody, caseFilterQuery, checkFilters } from './case-filter-schema.js';
import { nameWords } from '../store/name-words.js';
import { cursorSchema } from './page-cursor.js';
import { line } from './text-schema.js';

/** More words than any name has; each of them is looked for. */
const MOST_WORDS = 12;

const DEFAULT_PAGE = 50;
const MAX_PAGE = 200;

const limitQuery = z.coerce
  .number()
  .int()
  .min(1)
  .max(MAX_PAGE)
  .default(DEFAULT_PAGE)
  .meta({ description: 'How many at most.' });

/** The query of the list of cases. */
export const caseListQuery = z
  .strictObject({ ...caseFilterQuery, limit: limitQuery, cursor: cursorSchema.optional() })
  .superRefine(checkFilters);

/** The body of a search by name. */
export const caseSearchBody = z
  .strictObject({
    name: line(200).refine((name) => nameWords(name).length > 0 && nameWords(name).length <= MOST_WORDS, {
      error: `must have 1 to ${MOST_WORDS} words`,
      params: { code: 'words_out_of_range' },
    }),
    ...caseFilterBody,
    limit: z.int().min(1).max(MAX_PAGE).default(DEFAULT_PAGE),
    cursor: cursorSchema.optional(),
  })
  .superRefine(checkFilters);

/** The query of a case's timeline: what comes after an entry, by its number. */
export const timelineQuery = z.strictObject({
  after: z.coerce
    .number()
    .int()
    .min(0)
    .max(2_147_483_647)
    .default(0)
    .meta({ description: 'The `seq` of the last entry of the page before.' }),
  limit: limitQuery,
});

/** The query of the times over many cases. Actual cases, unless another run kind is asked for. */
export const timesQuery = z
  .strictObject({ ...caseFilterQuery, runKind: caseFilterQuery.runKind.default('actual') })
  .superRefine(checkFilters);

/** The header by which a stream of events is resumed: the id of the last event that arrived. */
export const lastEventIdHeader = z
  .string()
  .regex(/^\d{1,15}$/)
  .transform(Number);
