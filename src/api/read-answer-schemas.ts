import { z } from 'zod';
import { CHANNELS } from '../domain/channel.js';
import { MEASURES } from '../store/case-times.js';
import type { Spread } from '../store/times-reader.js';
import { millisecondsSchema, statusSchema, zonedTimeSchema } from './answer-values.js';
import { caseNumberSchema } from './path-parameters.js';

const spread = z
  .strictObject({
    count: z.int().min(0),
    medianMs: millisecondsSchema.nullable(),
    p90Ms: millisecondsSchema.nullable(),
    maxMs: millisecondsSchema.nullable(),
  } satisfies Record<keyof Spread, z.ZodType>)
  .meta({ id: 'Spread', description: 'How a measure is spread over the cases that have it.' });

/** The times over many cases. */
export const timesSchema = z.strictObject({
  cases: z.int().min(0).meta({ description: 'How many cases were asked for, measured or not.' }),
  ...(Object.fromEntries(MEASURES.map((measure) => [measure, spread])) as Record<
    (typeof MEASURES)[number],
    typeof spread
  >),
  approvalToLiveOn: z.record(z.enum(CHANNELS), spread),
});

/** The data of one event of a stream. */
export const journalledEventSchema = z
  .strictObject({
    caseNumber: caseNumberSchema,
    seq: z.int().min(1).meta({ description: 'Its place in the timeline of the case.' }),
    type: z.string().meta({ description: 'What happened.' }),
    at: zonedTimeSchema,
    status: statusSchema,
  })
  .meta({ id: 'JournalledEvent' });

/** Whether the API can do its work. Temporal may be away: what is sent is stored, and delivered later. */
export const readinessSchema = z
  .strictObject({
    status: z.enum(['ready', 'unready']),
    postgres: z.enum(['reachable', 'unreachable']),
    migrations: z.enum(['current', 'missing', 'unknown']),
    temporal: z.enum(['reachable', 'unreachable']),
  })
  .meta({ id: 'Readiness' });
export type Readiness = z.infer<typeof readinessSchema>;
