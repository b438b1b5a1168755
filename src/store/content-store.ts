import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { IMAGE_PARTS, type RevisionManifest, type Sha256 } from '../domain/revision.js';
import { sha256 } from '../media/sha256.js';
import { ContentMismatch, type ContentStore } from '../ports/content-store.js';
import { readParts, readRevision } from './revision-content.js';

/**
 * Opens the content kept in a database. Images can be fetched from the public site for an hour, while the case has not ended.
 * @param publicUrl where the public site answers
 */
export function createContentStore(pool: pg.Pool, { publicUrl }: { readonly publicUrl: string }): ContentStore {
  return {
    async load({ caseNumber, revision, digest, channel }) {
      const stored = await readRevision(pool, caseNumber, revision);
      if (stored?.digest !== digest) throw new ContentMismatch('revision');
      const { manifest } = stored;
      const names = [`${channel}/text`, `${channel}/altText`, IMAGE_PARTS[channel]] as const;
      const [text, altText, image] = await readParts(pool, manifest, names);
      if (!text || !altText || !image) throw new ContentMismatch(channel);
      const token = await openImageAddress(pool, manifest, names[2], sha256(image.bytes));
      return {
        caseNumber,
        revision,
        digest,
        runKind: manifest.runKind,
        text: text.bytes.toString(),
        altText: altText.bytes.toString(),
        imageUrl: `${publicUrl.replace(/\/$/, '')}/images/${token}.jpg`,
        askedRadiusKm: manifest.area.radiusKm,
        countries: manifest.countries,
      };
    },

    async hasSameImage({ caseNumber, channel, revisions }) {
      const images = await Promise.all(
        revisions.map(async (number) => {
          const stored = await readRevision(pool, caseNumber, number);
          return stored?.manifest.parts.find(({ name }) => name === IMAGE_PARTS[channel])?.sha256;
        }),
      );
      return images[0] !== undefined && images[0] === images[1];
    },
  };
}

/** Returns the address' token. Only its hash is kept, so that whoever reads the database cannot fetch the image. */
async function openImageAddress(
  pool: pg.Pool,
  { caseNumber, revision }: RevisionManifest,
  part: string,
  imageSha256: Sha256,
): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  await pool.query({
    name: 'open image address',
    text: `WITH expired AS (DELETE FROM image_addresses WHERE expires_at < now())
     INSERT INTO image_addresses (token_sha256, case_number, revision, part, image_sha256, expires_at)
     VALUES ($1, $2, $3, $4, $5, now() + interval '1 hour')`,
    values: [sha256(token), caseNumber, revision, part, imageSha256],
  });
  return token;
}
