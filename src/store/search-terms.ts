import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { Report } from '../domain/report.js';
import { nameWords } from './name-words.js';

/**
 * Makes a case findable by the name in a report, in whichever language it is written, and by its place. A name that it had before is not
 * forgotten, for whoever looks for it may know that one only, and an amendment may be rejected; the place of before is.
 * Belongs into every transaction that writes a report.
 */
export async function storeSearchTerms(
  client: pg.ClientBase,
  caseNumber: CaseNumber,
  { child: { name }, lastSeen: { location } }: Report,
): Promise<void> {
  await client.query(
    `INSERT INTO report_names (case_number, word, reported_at)
     SELECT case_number, word, reported_at FROM cases CROSS JOIN unnest($2::text[]) AS word WHERE case_number = $1
     ON CONFLICT DO NOTHING`,
    [caseNumber, [...new Set(Object.values(name).flatMap(nameWords))]],
  );
  await client.query(
    `INSERT INTO report_places (case_number, latitude, longitude, reported_at)
     SELECT case_number, $2, $3, reported_at FROM cases WHERE case_number = $1
     ON CONFLICT (case_number) DO UPDATE SET latitude = excluded.latitude, longitude = excluded.longitude`,
    [caseNumber, location.latitude, location.longitude],
  );
}
