import type pg from 'pg';
import type { Coordinates } from '../domain/area.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { LocalText } from '../domain/report.js';
import type { Scope } from '../domain/scope.js';
import type { Instant } from '../domain/time.js';
import { caseInScope, scopeValue } from './scope-condition.js';

/** Where and when somebody says that they saw the child: personal data, of which the case gets to know a digest only. */
export interface Sighting {
  /** In the language in which it was told; empty in the other. */
  readonly place: LocalText;
  readonly location: Coordinates;
  /** When the child was seen. */
  readonly at: Instant;
  readonly description: string;
}

/** A sighting with who reported it and when. */
export interface StoredSighting extends Sighting {
  readonly commandId: string;
  readonly reportedBy: string;
  readonly reportedAt: Instant;
  /** Whether the case has answered yet. It refuses one that comes after its end, which is worth knowing all the same. */
  readonly status: 'stored' | 'accepted' | 'refused';
}

/** Keeps a sighting beside the command that reported it. */
export async function insertSighting(
  client: pg.ClientBase,
  { caseNumber, commandId }: { readonly caseNumber: CaseNumber; readonly commandId: string },
  { place, location: { latitude, longitude }, at, description }: Sighting,
): Promise<void> {
  await client.query(
    `INSERT INTO sightings (case_number, command_id, place, latitude, longitude, seen_at, description)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [caseNumber, commandId, place, latitude, longitude, new Date(at), description],
  );
}

/** The sightings of a case within a scope, those of some commands or all, in the order in which they were reported. */
export async function readSightings(
  pool: pg.Pool,
  scope: Scope,
  caseNumber: CaseNumber,
  commandIds?: readonly string[],
): Promise<StoredSighting[]> {
  const { rows } = await pool.query<StoredSighting>(
    `SELECT command_id AS "commandId", actor AS "reportedBy", stored_at AS "reportedAt", place,
       CASE WHEN outcome IS NULL THEN 'stored' WHEN (outcome -> 'accepted')::boolean THEN 'accepted' ELSE 'refused' END AS status,
       jsonb_build_object('latitude', latitude, 'longitude', longitude) AS location, seen_at AS at, description
     FROM sightings JOIN commands USING (case_number, command_id)
     WHERE case_number = $1 AND ($2::text[] IS NULL OR command_id = ANY ($2)) AND ${caseInScope('$1', '$3')}
     ORDER BY number`,
    [caseNumber, commandIds, scopeValue(scope)],
  );
  return rows;
}
