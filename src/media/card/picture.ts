import sharp from 'sharp';
import type { Drawing, PhotoPlace } from './drawing.js';
import { framed, type Pixels } from './photo-frame.js';
import { svgOf } from './svg.js';

/** Not below: sharp letters on flat colours show what a JPEG loses long before a photo does. */
const QUALITY = 88;
const CHANNELS = 3;

/** Draws a drawing, one pixel to its unit. */
export async function pixelsOf(
  { width, height, shapes, photo: place }: Drawing,
  photo: Pixels | undefined,
): Promise<Pixels> {
  const all = { x: 0, y: 0, width, height };
  const data = await sharp(svgOf(all, shapes)).removeAlpha().raw().toBuffer();
  if (place && photo) lay(await photoIn(place, photo), place, data, width);
  return { data, width, height };
}

/** Adds rows of one colour (`#rrggbb`) above and below. */
export function betweenEnds(
  { data, width, height }: Pixels,
  above: { readonly rows: number; readonly colour: string },
  below: { readonly rows: number; readonly colour: string },
): Pixels {
  const end = ({ rows, colour }: typeof above): Buffer =>
    Buffer.alloc(rows * width * CHANNELS, Buffer.from(colour.slice(1), 'hex'));
  return { data: Buffer.concat([end(above), data, end(below)]), width, height: above.rows + height + below.rows };
}

/** Encodes pixels as a JPEG without any metadata; the same pixels give the same bytes. */
export function jpegOf({ data, width, height }: Pixels): Promise<Buffer> {
  return (
    sharp(data, { raw: { width, height, channels: CHANNELS } })
      // Whole colours, or red and blue letters blur. The best tables make it a tenth smaller and take as long again.
      .jpeg({ quality: QUALITY, chromaSubsampling: '4:4:4', optimiseCoding: false })
      .toBuffer()
  );
}

async function photoIn(place: PhotoPlace, photo: Pixels): Promise<Buffer> {
  const { data, ...size } = await framed(photo, place);
  if (place.over.length === 0) return data;
  return sharp(data, { raw: { ...size, channels: CHANNELS } })
    .composite([{ input: svgOf(place, place.over) }])
    .removeAlpha()
    .raw()
    .toBuffer();
}

/** Copies the photo in, row by row: nothing shines through it, and composing two large pictures takes as long as all the rest. */
function lay(photo: Buffer, { x, y, width, height }: PhotoPlace, canvas: Buffer, canvasWidth: number): void {
  for (let row = 0; row < height; row++) {
    const start = row * width * CHANNELS;
    photo.copy(canvas, ((y + row) * canvasWidth + x) * CHANNELS, start, start + width * CHANNELS);
  }
}
