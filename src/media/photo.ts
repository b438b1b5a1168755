import { fileTypeFromBuffer } from 'file-type';
import sharp from 'sharp';
import type { Sha256 } from '../domain/revision.js';
import { sha256 } from './sha256.js';

/** A photo as it is kept: an upright sRGB JPEG without metadata. Sizes in pixels. */
export interface IntakePhoto {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  /** Of `bytes`. */
  readonly sha256: Sha256;
}

export type PhotoRefusal =
  | 'photo_not_supported'
  | 'photo_heic'
  | 'photo_too_large'
  | 'photo_too_many_pixels'
  | 'photo_too_small'
  | 'photo_animated'
  | 'photo_unreadable';

/** A photo cannot be taken in. `detail` tells the operator, in English, what to do about it. */
export class PhotoRefused extends Error {
  override readonly name = 'PhotoRefused';

  constructor(
    readonly code: PhotoRefusal,
    readonly detail: string,
  ) {
    super(detail);
  }
}

export const MAX_PHOTO_BYTES = 15_000_000;
const MAX_PHOTO_PIXELS = 50_000_000;
const MIN_PHOTO_SIDE = 200;
/** Twice what any channel shows. */
const KEPT_SIDE = 4096;
/** A JPEG of very many passes costs far more time than its size says. */
const DECODING_SECONDS = 30;

const ACCEPTED = ['image/jpeg', 'image/png', 'image/webp'];
const HEIC = ['image/heic', 'image/heif', 'image/heic-sequence', 'image/heif-sequence'];

/**
 * Takes in an uploaded photo (JPEG, PNG or WebP, told by its content) and encodes it anew: turned upright, in sRGB, at most
 * 4096 pixels on the long side, and without any metadata, so that where it was taken does not leave the house.
 * @throws PhotoRefused
 */
export async function intakePhoto(bytes: Buffer): Promise<IntakePhoto> {
  if (bytes.length > MAX_PHOTO_BYTES) {
    throw new PhotoRefused('photo_too_large', 'The photo is larger than 15 MB. Send a smaller version of it.');
  }
  await refuseOtherFormats(bytes);
  await refuseUnsuitable(bytes);
  try {
    const { data, info } = await sharp(bytes, {
      limitInputPixels: MAX_PHOTO_PIXELS,
      // Not 'warning': cameras write files with harmless flaws, and a flaw must not keep a child's photo out.
      failOn: 'error',
    })
      .timeout({ seconds: DECODING_SECONDS })
      .autoOrient()
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .resize({ width: KEPT_SIDE, height: KEPT_SIDE, fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: 92 })
      .toBuffer({ resolveWithObject: true });
    return { bytes: data, width: info.width, height: info.height, sha256: sha256(data) };
  } catch {
    throw unreadable();
  }
}

async function refuseOtherFormats(bytes: Buffer): Promise<void> {
  const mime = (await fileTypeFromBuffer(bytes))?.mime ?? '';
  if (ACCEPTED.includes(mime)) return;
  if (mime === 'image/apng' || (mime === 'image/gif' && (await isFilm(bytes)))) throw animated();
  if (HEIC.includes(mime)) {
    throw new PhotoRefused(
      'photo_heic',
      'The photo is HEIC. Save it as JPEG: on an iPhone choose Settings > Camera > Formats > Most Compatible ' +
        'and take it again, or open it and export it as JPEG.',
    );
  }
  throw new PhotoRefused('photo_not_supported', 'The file is not a JPEG, PNG or WebP image. Save the photo as JPEG.');
}

/** A GIF that holds one picture does not move: it is only of a kind that cannot be used. */
async function isFilm(gif: Buffer): Promise<boolean> {
  const { pages = 1 } = await sharp(gif, { limitInputPixels: false })
    .metadata()
    .catch(() => ({ pages: 1 }));
  return pages > 1;
}

/** Reads the header only: what a decompression bomb would unpack to is refused before anything is unpacked. */
async function refuseUnsuitable(bytes: Buffer): Promise<void> {
  const { autoOrient, pages = 1 } = await sharp(bytes, { limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw unreadable();
    });
  if (pages > 1) throw animated();
  const { width, height } = autoOrient;
  if (width * height > MAX_PHOTO_PIXELS) {
    throw new PhotoRefused(
      'photo_too_many_pixels',
      'The photo has more than 50 million pixels. Make it smaller, for example 4000 pixels wide, and send it again.',
    );
  }
  if (Math.min(width, height) < MIN_PHOTO_SIDE) {
    throw new PhotoRefused(
      'photo_too_small',
      `The photo is ${width} x ${height} pixels; a face cannot be recognised below ${MIN_PHOTO_SIDE} on the short side. ` +
        'Send the original, not a preview of it.',
    );
  }
}

function animated(): PhotoRefused {
  return new PhotoRefused('photo_animated', 'The image is animated. Send a single picture of the child, as JPEG.');
}

function unreadable(): PhotoRefused {
  return new PhotoRefused(
    'photo_unreadable',
    'The photo is damaged or did not arrive whole. Send it again, or open it and save it as a new JPEG.',
  );
}
