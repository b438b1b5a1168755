import type { Scope } from '../domain/scope.js';

/** The value that stands for a scope in a statement; null for all. */
export function scopeValue(scope: Scope): readonly string[] | null {
  return scope === 'all' ? null : scope;
}

/** That a row of `cases` is within a scope, as SQL; the placeholder is that of its value. */
export function inScope(placeholder: string): string {
  return `(${placeholder}::text[] IS NULL OR cases.jurisdiction = ANY (${placeholder}))`;
}

/**
 * That one case is within a scope, as SQL for the other tables; both placeholders are those of values. It holds of no row in particular,
 * so that it is looked up once for all of them.
 */
export function caseInScope(caseNumber: string, placeholder: string): string {
  return `(${placeholder}::text[] IS NULL
    OR EXISTS (SELECT FROM cases WHERE cases.case_number = ${caseNumber} AND cases.jurisdiction = ANY (${placeholder})))`;
}
