import type { z } from 'zod';
import { FIELD_CODES, type FieldCode } from './field-codes.js';
import { type FieldError, Problem, type ProblemCode } from './problem.js';

type Issue = z.core.$ZodIssue;

/**
 * Reads what a caller sent.
 * @throws Problem with everything that is wrong with it, each with the place it stands in. No value is repeated, only names of fields
 */
export function parseSent<T>(schema: z.ZodType<T>, sent: unknown, code: ProblemCode = 'invalid'): T {
  const read = schema.safeParse(sent, { reportInput: true });
  if (read.success) return read.data;
  throw new Problem(code, { errors: read.error.issues.flatMap(fieldErrors) });
}

function fieldErrors(issue: Issue): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: pointer([...issue.path, key]),
      code: 'unknown_field',
      detail: 'is not a field that is known here',
    }));
  }
  if (issue.code !== 'custom' && issue.input === undefined) {
    return [{ pointer: pointer(issue.path), code: 'missing', detail: 'is missing' }];
  }
  return [{ pointer: pointer(issue.path), code: codeOf(issue), detail: issue.message }];
}

/** The code that the rule of a schema names, or one of ours for zod's own: its names are not ours to promise. */
function codeOf(issue: Issue): FieldCode {
  switch (issue.code) {
    case 'custom': {
      const named: unknown = issue.params?.code;
      return isFieldCode(named) ? named : 'invalid_value';
    }
    case 'invalid_format':
    case 'too_big':
    case 'too_small':
      return issue.code;
    case 'invalid_type':
    case 'invalid_union':
      return 'invalid_type';
    default:
      return 'invalid_value';
  }
}

function isFieldCode(code: unknown): code is FieldCode {
  return typeof code === 'string' && Object.hasOwn(FIELD_CODES, code);
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
