/** Whose cases somebody sees and works on: those of some jurisdictions, by their ids, or all. */
export type Scope = readonly string[] | 'all';

/** Whether a jurisdiction is within a scope. */
export function isInScope(scope: Scope, jurisdiction: string): boolean {
  return scope === 'all' || scope.includes(jurisdiction);
}
