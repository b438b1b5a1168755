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

/** The photo, which the page shows, and the square card, which previews of its link show. */
export const PICTURES = ['photo', 'card'] as const;
export type Picture = (typeof PICTURES)[number];

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

type PictureRow =
  | { readonly over: true }
  | (ApprovedRow & { readonly over: false; readonly name: string; readonly picture: Buffer | null });

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
 * Finds a picture of a case's alert, as JPEG; `over` when the alert was public once, undefined when it never was.
 * @param pool with the public site's own role
 * @throws ContentMismatch when what is stored is not what was approved
 */
export async function findPicture(
  pool: pg.Pool,
  caseNumber: CaseNumber,
  picture: Picture,
): Promise<Buffer | 'over' | undefined> {
  const { rows } = await pool.query<PictureRow>('SELECT * FROM public_alert_picture($1, $2)', [caseNumber, picture]);
  const [row] = rows;
  if (!row) return undefined;
  return row.over ? 'over' : approvedPart(approvedManifest(row), row.name, row.picture);
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
