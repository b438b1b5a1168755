import sharp, { type Sharp } from 'sharp';
import type { IntakePhoto } from '../photo.js';

/** In pixels, or in the units of a drawing. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Pixels in memory: three bytes each, rows from the top. */
export interface Pixels extends Size {
  readonly data: Buffer;
}

/** How much of its width or of its height a photo may lose so that the face gets larger; a card has little room. */
const MOST_CUT = 0.2;
/** The share of what is cut off the height that is cut at the top, where the face is. */
const CUT_AT_TOP = 0.25;

/** The shapes, width by height, between which a photo fills a frame without losing more than {@link MOST_CUT}. */
export function fittingShapes({ width, height }: Size): { readonly narrowest: number; readonly widest: number } {
  const own = width / height;
  return { narrowest: own * (1 - MOST_CUT), widest: own / (1 - MOST_CUT) };
}

/** Reads a photo once, no larger than any of its frames needs it. */
export async function readPhoto(photo: IntakePhoto, largest: Size): Promise<Pixels> {
  const { data, info } = await sharp(photo.bytes)
    .resize({ ...largest, fit: 'outside', withoutEnlargement: true })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** A hundredth: what a shape may be off without anybody seeing that it was stretched. */
const UNSEEN = 0.01;

/**
 * Fills a frame with a photo. Where the photo would lose too much, all of it that may be shown stands on a blurred, darkened copy.
 * @returns an image of exactly the frame's size
 */
export async function framed(photo: Pixels, { width, height }: Size): Promise<Pixels> {
  const part = await cropped(photo, { width, height });
  if (isOfShape(part, { width, height })) {
    return { data: await image(part).resize({ width, height, fit: 'fill' }).raw().toBuffer(), width, height };
  }
  const whole = await image(part).resize({ width, height, fit: 'inside' }).png({ compressionLevel: 0 }).toBuffer();
  const onBackdrop = await image(photo)
    .resize({ width, height, fit: 'cover' })
    .blur(width / 30)
    .modulate({ brightness: 0.6, saturation: 0.7 })
    .composite([{ input: whole }])
    .removeAlpha()
    .raw()
    .toBuffer();
  return { data: onBackdrop, width, height };
}

export function isOfShape(part: Size, frame: Size): boolean {
  return Math.abs((part.width * frame.height) / (part.height * frame.width) - 1) < UNSEEN;
}

/** The part of a photo that comes closest to the shape of a frame without losing too much. */
export async function cropped(photo: Pixels, frame: Size): Promise<Pixels> {
  const { narrowest, widest } = fittingShapes(photo);
  const shape = Math.min(Math.max(frame.width / frame.height, narrowest), widest);
  const width = Math.min(photo.width, Math.round(photo.height * shape));
  const height = Math.min(photo.height, Math.round(photo.width / shape));
  const left = Math.round((photo.width - width) / 2);
  const top = Math.round((photo.height - height) * CUT_AT_TOP);
  return { data: await image(photo).extract({ left, top, width, height }).raw().toBuffer(), width, height };
}

function image({ data, width, height }: Pixels): Sharp {
  return sharp(data, { raw: { width, height, channels: 3 } });
}
