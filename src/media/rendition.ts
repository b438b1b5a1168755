import sharp from 'sharp';
import type { ChannelName, Sha256 } from '../domain/revision.js';
import type { IntakePhoto } from './photo.js';
import { sha256 } from './sha256.js';

/** A photo as one channel gets it: a JPEG within the channel's limits. Sizes in pixels. */
export interface Rendition {
  readonly bytes: Buffer;
  readonly width: number;
  readonly height: number;
  readonly sha256: Sha256;
}

/** What a channel takes. Aspect ratios are width divided by height. */
interface ImageLimits {
  readonly maxBytes: number;
  readonly minWidth: number;
  readonly maxWidth: number;
  readonly maxHeight: number;
  readonly minAspect: number;
  readonly maxAspect: number;
}

/** Facebook rescales above 2048 px; Instagram refuses what is outside its limits. */
const IMAGE_LIMITS: Readonly<Record<ChannelName, ImageLimits>> = {
  facebook: { maxBytes: 4_000_000, minWidth: 1, maxWidth: 2048, maxHeight: 2048, minAspect: 0, maxAspect: Infinity },
  instagram: { maxBytes: 8_000_000, minWidth: 320, maxWidth: 1440, maxHeight: 1800, minAspect: 0.8, maxAspect: 1.91 },
};

interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Makes the picture of a channel. Nothing of the photo is ever cut off: where the channel wants another shape it stands on a
 * blurred, darkened copy of itself. The same photo gives the same bytes.
 */
export async function renditionFor(photo: IntakePhoto, channel: ChannelName): Promise<Rendition> {
  const limits = IMAGE_LIMITS[channel];
  const canvas = canvasFor(photo, limits);
  const pixels = await draw(photo, canvas, limits);
  let quality = 90;
  let bytes = await encode(pixels, canvas, quality);
  while (bytes.length > limits.maxBytes) {
    quality -= 10;
    bytes = await encode(pixels, canvas, quality);
  }
  return { bytes, ...canvas, sha256: sha256(bytes) };
}

/** The smallest shape the channel takes that holds the whole photo, rounded so that it never falls out of the limits. */
function canvasFor(photo: Size, limits: ImageLimits): Size {
  const aspect = Math.min(Math.max(photo.width / photo.height, limits.minAspect), limits.maxAspect);
  const natural = Math.max(photo.width, photo.height * aspect);
  const widest = Math.min(limits.maxWidth, limits.maxHeight * aspect);
  const width = Math.max(1, Math.round(Math.max(limits.minWidth, Math.min(natural, widest))));
  const shortest = Math.ceil(width / limits.maxAspect);
  const tallest = Math.min(limits.maxHeight, Math.floor(width / limits.minAspect));
  return { width, height: Math.max(1, shortest, Math.min(tallest, Math.round(width / aspect))) };
}

async function draw(photo: IntakePhoto, canvas: Size, limits: ImageLimits): Promise<Buffer> {
  const aspect = photo.width / photo.height;
  if (aspect >= limits.minAspect && aspect <= limits.maxAspect) {
    return sharp(photo.bytes)
      .resize({ ...canvas, fit: 'fill' })
      .raw()
      .toBuffer();
  }
  const whole = await sharp(photo.bytes)
    .resize({ ...canvas, fit: 'inside' })
    .png()
    .toBuffer();
  return sharp(photo.bytes)
    .resize({ ...canvas, fit: 'cover' })
    .blur(canvas.width / 30)
    .modulate({ brightness: 0.6, saturation: 0.7 })
    .composite([{ input: whole, gravity: 'centre' }])
    .removeAlpha()
    .raw()
    .toBuffer();
}

function encode(pixels: Buffer, canvas: Size, quality: number): Promise<Buffer> {
  return sharp(pixels, { raw: { ...canvas, channels: 3 } })
    .jpeg({ quality })
    .toBuffer();
}
