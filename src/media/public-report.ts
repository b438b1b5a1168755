import type { Report } from '../domain/report.js';

/** A report without what only the police may know. A whole report does not pass for one: `policeOnly` must not be there. */
export type PublicReport = Omit<Report, 'policeOnly'> & { readonly policeOnly?: never };

/** What of a report the public may be told. Each field is named, so that a new one stays private until somebody decides. */
export function publicPart(report: Report): PublicReport {
  const { tier, runKind, jurisdiction, child, lastSeen, circumstances, suspect, vehicle, area } = report;
  return { tier, runKind, jurisdiction, child, lastSeen, circumstances, suspect, vehicle, area };
}
