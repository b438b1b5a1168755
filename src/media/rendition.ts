import sharp from 'sharp';
import type { Sha256 } from '../domain/revision.js';
import type { IntakePhoto } from './photo.js';
import { sha256 } from './sha256.js';

/** A photo as a channel gets it: a JPEG within the channel's limits. Sizes in pixels. */
export interface Rendition {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly sha256: Sha256;
}

/** Facebook rescales what is larger. */
const MAX_SIDE = 2048;
/** What Facebook takes. */
const MAX_BYTES = 4_000_000;

/** Makes the picture that Facebook shows: the whole photo, in its own shape. The same photo gives the same bytes. */
export async function facebookPhoto(photo: IntakePhoto): Promise<Rendition> {
  const { data, info } = await sharp(photo.bytes)
    .resize({ width: MAX_SIDE, height: MAX_SIDE, fit: 'inside', withoutEnlargement: true })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const encode = (quality: number): Promise<Buffer> =>
    sharp(data, { raw: { width, height, channels } }).jpeg({ quality }).toBuffer();
  let quality = 90;
  let bytes = await encode(quality);
  while (bytes.length > MAX_BYTES) {
    quality -= 10;
    bytes = await encode(quality);
  }
  return { bytes, width, height, sha256: sha256(bytes) };
}
