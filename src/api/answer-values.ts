import { z } from 'zod';
import { LISTED_STATUSES } from '../store/case-filters.js';

/** A moment, as answers write it: with the offset of the jurisdiction's time zone. */
export const zonedTimeSchema = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d$/)
  .meta({ format: 'date-time' });

/** Where a case is in its life; `accepted` until its first journal entries arrive. */
export const statusSchema = z.enum(LISTED_STATUSES);

/** A duration in milliseconds. */
export const millisecondsSchema = z.int();

/** A SHA-256 digest. */
export const digestSchema = z.string().regex(/^[0-9a-f]{64}$/, 'must be a digest: 64 lower-case hexadecimal digits');

/** A staff id. */
export const staffIdSchema = z.string().meta({ description: 'A staff id.' });

/** How far a stored command has got on its way to the case. */
export const deliverySchema = z
  .enum(['delivered', 'stored'])
  .meta({ description: '`stored`: safely kept, to be delivered as soon as the case can be reached.' });
