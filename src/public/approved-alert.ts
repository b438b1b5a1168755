import type pg from 'pg';
import { type CaseNumber, marker } from '../domain/case-number.js';
import type { Tier } from '../domain/policy.js';
import { revisionDigest, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import type { Instant } from '../domain/time.js';
import { sha256 } from '../media/sha256.js';
import { ContentMismatch } from '../ports/content-store.js';

/** An alert while it is live, as it was approved. */
export interface ApprovedAlert {
  readonly tier: Tier;
  readonly marker: string;
  readonly approvedAt: Instant;
  readonly arabic: string;
  readonly english: string;
}

interface ApprovedRow {
  /** What was approved. */
  readonly digest: Sha256;
  readonly manifest: RevisionManifest | null;
}

type AlertRow =
  | { readonly over: true }
  | (ApprovedRow & {
      readonly over: false;
      readonly approved_at: Instant;
      readonly arabic: Buffer | null;
      readonly english: Buffer | null;
    });

/**
 * Finds the alert of a case; `over` when it was public once, undefined when it never was.
 * @param pool with the public site's own role
 * @throws ContentMismatch when what is stored is not what was approved
 */
export async function findAlert(pool: pg.Pool, caseNumber: CaseNumber): Promise<ApprovedAlert | 'over' | undefined> {
  const { rows } = await pool.query<AlertRow>('SELECT * FROM public_alert($1)', [caseNumber]);
  const [row] = rows;
  if (!row) return undefined;
  if (row.over) return 'over';
  const manifest = approvedManifest(row);
  return {
    tier: manifest.tier,
    marker: marker(manifest.caseNumber, manifest.revision),
    approvedAt: row.approved_at,
    arabic: approvedPart(manifest, 'facebook/text/ar', row.arabic).toString(),
    english: approvedPart(manifest, 'facebook/text/en', row.english).toString(),
  };
}

/**
 * Finds the picture of a case's alert, as JPEG; undefined unless the alert is live.
 * @param pool with the public site's own role
 * @throws ContentMismatch when what is stored is not what was approved
 */
export async function findPhoto(pool: pg.Pool, caseNumber: CaseNumber): Promise<Buffer | undefined> {
  const { rows } = await pool.query<ApprovedRow & { readonly name: string; readonly photo: Buffer | null }>(
    'SELECT * FROM public_alert_photo($1)',
    [caseNumber],
  );
  const [row] = rows;
  return row && approvedPart(approvedManifest(row), row.name, row.photo);
}

function approvedManifest({ digest, manifest }: ApprovedRow): RevisionManifest {
  if (!manifest || revisionDigest(manifest, sha256) !== digest) throw new ContentMismatch('revision');
  return manifest;
}

function approvedPart({ parts }: RevisionManifest, name: string, bytes: Buffer | null): Buffer {
  const listed = parts.find((part) => part.name === name);
  if (!bytes || sha256(bytes) !== listed?.sha256) throw new ContentMismatch(name);
  return bytes;
}
