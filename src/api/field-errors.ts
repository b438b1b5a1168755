import type { z } from 'zod';
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

/** zod's own code, or the one that the rule of a schema names. */
function codeOf(issue: Issue): string {
  const named: unknown = issue.code === 'custom' ? issue.params?.code : undefined;
  return typeof named === 'string' ? named : issue.code;
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
