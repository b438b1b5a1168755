import { z } from 'zod';
import { type Instant, MINUTE, parseZonedTime } from '../domain/time.js';

/** How far the clocks of a duty room may be ahead of ours before a time counts as one in the future. */
const CLOCKS_DIFFER_BY = 5 * MINUTE;

const written = z.string().superRefine((text, context) => {
  if (parseZonedTime(text)) return;
  context.addIssue({
    code: 'custom',
    message: 'must be an ISO 8601 time with its zone, such as 2026-11-24T05:20+03:00',
    params: { code: 'not_a_zoned_time' },
  });
});

const ABOUT = 'ISO 8601 with its zone; seconds may be left out.';

/** A time with its zone, as it was written. */
export const zonedTime = written.meta({ format: 'date-time', description: ABOUT });

/** A {@link zonedTime}, read as the moment that it names. */
export const moment = zonedTime.transform((text): Instant => parseZonedTime(text)?.instant ?? 0);

/** A {@link zonedTime} of something that has happened. */
export function pastTime(now: () => Instant): z.ZodType<string, string> {
  return written
    .superRefine((text, context) => {
      const time = parseZonedTime(text);
      if (!time || time.instant <= now() + CLOCKS_DIFFER_BY) return;
      context.addIssue({ code: 'custom', message: 'must not be in the future', params: { code: 'in_the_future' } });
    })
    .meta({ format: 'date-time', description: `${ABOUT} Not in the future.` });
}
