import type { z } from 'zod';
import type { FieldCode } from './field-codes.js';

interface NumberRule {
  readonly min: number;
  readonly max: number;
  /** The code of a number that is too small, and of one that is too large. */
  readonly codes: readonly [below: FieldCode, above: FieldCode];
}

/**
 * A number whose limits have codes of their own. zod's `min` and `max` know only theirs, so the limits are rules here, and the document
 * is told of them.
 */
export function limited(number: z.ZodNumber, { min, max, codes: [below, above] }: NumberRule): z.ZodNumber {
  const message = `must be ${min} to ${max}`;
  return number
    .refine((value) => value >= min, { error: message, params: { code: below } })
    .refine((value) => value <= max, { error: message, params: { code: above } })
    .meta({ minimum: min, maximum: max });
}
