import type pg from 'pg';
import type { CaseNumber } from '../domain/case-number.js';
import { revisionDigest, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';
import { sha256 } from '../media/sha256.js';
import { ContentMismatch } from '../ports/content-store.js';

/** One part of a revision: a text or an image. */
export interface RevisionPart {
  readonly mediaType: string;
  readonly bytes: Buffer;
}

/** A revision as it is stored, its manifest checked against its digest. */
export interface StoredRevision {
  readonly manifest: RevisionManifest;
  readonly digest: Sha256;
  readonly author: string;
  readonly storedAt: Instant;
}

/**
 * Reads a revision; undefined when it is not there.
 * @throws ContentMismatch when the manifest is not what the stored digest covers, or another revision's
 */
export async function readRevision(
  pool: pg.Pool,
  caseNumber: CaseNumber,
  number: number,
): Promise<StoredRevision | undefined> {
  const { rows } = await pool.query<StoredRevision>({
    name: 'read revision',
    text: `SELECT manifest, digest, author, created_at AS "storedAt" FROM revisions WHERE case_number = $1 AND number = $2`,
    values: [caseNumber, number],
  });
  const [revision] = rows;
  if (revision === undefined) return undefined;
  const { manifest, digest } = revision;
  const isItself = manifest.caseNumber === caseNumber && manifest.revision === number;
  if (!isItself || revisionDigest(manifest, sha256) !== digest) throw new ContentMismatch('revision');
  return revision;
}

/**
 * Reads parts of a revision, in the order of their names.
 * @throws ContentMismatch when one is not there, or its bytes are not what the manifest lists
 */
export async function readParts(
  pool: pg.Pool,
  { caseNumber, revision, parts }: RevisionManifest,
  names: readonly string[],
): Promise<RevisionPart[]> {
  const { rows } = await pool.query<RevisionPart & { name: string }>({
    name: 'read parts',
    text: `SELECT name, media_type AS "mediaType", bytes FROM revision_parts
     WHERE case_number = $1 AND revision = $2 AND name = ANY ($3)`,
    values: [caseNumber, revision, names],
  });
  return names.map((name) => {
    const stored = rows.find((row) => row.name === name);
    const listed = parts.find((part) => part.name === name);
    if (!stored || sha256(stored.bytes) !== listed?.sha256) throw new ContentMismatch(name);
    return { mediaType: stored.mediaType, bytes: stored.bytes };
  });
}
