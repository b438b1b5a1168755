import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import type { DraftRevision } from '../domain/command.js';
import { languagesMissing, type Report } from '../domain/report.js';
import type { IntakePhoto } from '../media/photo.js';
import type { RenderedRevision } from '../media/render-revision.js';
import { storeSearchTerms } from './search-terms.js';

/** A complete version of an alert with what it was made from. */
export interface NewContent {
  readonly report: Report;
  /** The photo that the images were made of. */
  readonly photo: IntakePhoto;
  readonly revision: RenderedRevision;
}

/** Somebody else has stored a revision under this number meanwhile. */
export class RevisionTaken extends Error {
  override readonly name = 'RevisionTaken';

  constructor() {
    super('there is a revision of this number already');
  }
}

/**
 * Stores a revision, the report it was made from, and its photo unless the case has it already.
 * @throws RevisionTaken
 */
export async function insertContent(
  client: pg.ClientBase,
  author: string,
  { report, photo, revision }: NewContent,
): Promise<void> {
  const { caseNumber } = revision.manifest;
  await insertPhoto(client, caseNumber, photo);
  await insertRevision(client, author, revision, photo);
  await insertReport(client, caseNumber, revision.manifest.revision, report);
}

/** A rendered revision as the case is told of it: without its place. */
export function draftOf({ revision: { manifest, digest }, report }: NewContent): DraftRevision {
  const { radiusKm, widening } = manifest.area;
  const area = { radiusKm, widening };
  return { number: manifest.revision, digest, area, languagesMissing: languagesMissing(report) };
}

async function insertPhoto(client: pg.ClientBase, caseNumber: CaseNumber, photo: IntakePhoto): Promise<void> {
  await client.query(
    `INSERT INTO photos (case_number, sha256, bytes, width, height) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [caseNumber, photo.sha256, photo.bytes, photo.width, photo.height],
  );
}

async function insertReport(
  client: pg.ClientBase,
  caseNumber: CaseNumber,
  revision: number,
  report: Report,
): Promise<void> {
  const { policeOnly, ...open } = report;
  await client.query('INSERT INTO reports (case_number, revision, public, police_only) VALUES ($1, $2, $3, $4)', [
    caseNumber,
    revision,
    open,
    policeOnly,
  ]);
  await storeSearchTerms(client, caseNumber, report);
}

/** Whoever wants the same number at the same time waits here until the other is stored or has failed. */
async function insertRevision(
  client: pg.ClientBase,
  author: string,
  { manifest, digest, parts }: RenderedRevision,
  photo: IntakePhoto,
): Promise<void> {
  const { caseNumber, revision } = manifest;
  const { rowCount } = await client.query(
    `INSERT INTO revisions (case_number, number, author, manifest, digest, photo_sha256, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, now())
     ON CONFLICT DO NOTHING`,
    [caseNumber, revision, author, manifest, digest, photo.sha256],
  );
  if (rowCount === 0) throw new RevisionTaken();
  // Each part's bytes are a parameter of their own: an array of them would travel as text, at twice the size.
  const bytes = parts.map((_, index) => `$${index + 6}::bytea`).join(', ');
  await client.query(
    `INSERT INTO revision_parts (case_number, revision, name, media_type, sha256, bytes)
     SELECT $1, $2, name, media_type, sha256, bytes
     FROM unnest($3::text[], $4::text[], $5::text[], ARRAY[${bytes}]) AS part (name, media_type, sha256, bytes)`,
    [
      caseNumber,
      revision,
      parts.map(({ name }) => name),
      parts.map(({ mediaType }) => mediaType),
      parts.map((part) => part.sha256),
      ...parts.map((part) => part.bytes),
    ],
  );
}
