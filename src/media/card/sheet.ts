import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';
import sharp from 'sharp';
import type { Drawing, Shape } from './drawing.js';
import { cropped, framed, isOfShape, type Pixels, type Size } from './photo-frame.js';
import { type Outline, UNITS } from './typeface.js';

/** A4, in points and in pixels of 300 to the inch. */
const SHEET = { width: 595.28, height: 841.89, pixels: 2480 };
const QUALITY = 88;

/** In pixels, how large something of a drawing is in print. */
export function printSize(drawing: Drawing, { width, height }: Size): Size {
  const scale = SHEET.pixels / drawing.width;
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

/**
 * Makes a sheet of A4 of a drawing, as a PDF in which all but the photo is outlines. The same drawing and photo give the same bytes.
 * @param title what a reader shows in its title bar
 */
export async function sheetOf(drawing: Drawing, photo: Pixels | undefined, title: string): Promise<Buffer> {
  const page = new PDFDocument({
    size: [SHEET.width, SHEET.height],
    margin: 0,
    // None: the letters are outlines.
    font: '',
    // The date goes into the file and into its id; a real one would make every rendering another.
    info: { Title: title, Producer: 'Mafqood', Creator: 'Mafqood', CreationDate: new Date(0) },
  });
  page.scale(SHEET.width / drawing.width);
  for (const shape of drawing.shapes) draw(page, shape);
  if (photo && drawing.photo) {
    const { x, y, width, height, over } = drawing.photo;
    page.image(await printed(photo, printSize(drawing, drawing.photo)), x, y, { width, height });
    for (const shape of over) draw(page, shape);
  }
  page.end();
  return buffer(page);
}

/** The photo as it is printed, in its own pixels: a printer enlarges a small one better than we do. */
async function printed(photo: Pixels, frame: Size): Promise<Buffer> {
  const part = await cropped(photo, frame);
  const { data, ...size } = isOfShape(part, frame) ? part : await framed(photo, frame);
  return sharp(data, { raw: { ...size, channels: 3 } })
    .jpeg({ quality: QUALITY })
    .toBuffer();
}

function draw(page: PDFKit.PDFDocument, shape: Shape): void {
  page.save();
  switch (shape.kind) {
    case 'box': {
      const { x, y, width, height, fill, radius = 0, opacity = 1 } = shape;
      page.roundedRect(x, y, width, height, radius).fillOpacity(opacity).fill(fill);
      break;
    }
    case 'line': {
      const { line, x, y, size, fill } = shape;
      page
        .translate(x, y)
        .scale(size / UNITS, -size / UNITS)
        .fillColor(fill);
      // Written as PDF has it: the library would read each outline again for each of its letters.
      page.addContent(
        line.glyphs.map((glyph) => `q 1 0 0 1 ${glyph.x} ${glyph.y} cm ${operators(glyph.outline)} Q`).join('\n'),
      );
      break;
    }
    case 'path': {
      const { path, x, y, scale, fill } = shape;
      page.translate(x, y).scale(scale).path(path).fill(fill);
      break;
    }
    case 'turned': {
      const { x, y, width, height } = shape.within;
      page.rect(x, y, width, height).clip();
      page.rotate(shape.angle, { origin: [x + width / 2, y + height / 2] });
      for (const inner of shape.shapes) draw(page, inner);
      break;
    }
  }
  page.restore();
}

const written = new WeakMap<Outline, string>();

/** An outline in the operators of PDF, filled. */
function operators(outline: Outline): string {
  const known = written.get(outline);
  if (known !== undefined) return known;
  let [fromX, fromY] = [0, 0];
  const commands = outline.map(({ type, values }) => {
    const [x = fromX, y = fromY] = values.slice(-2);
    const curve = type === 'Q' ? cubic([fromX, fromY], values) : values;
    [fromX, fromY] = [x, y];
    return `${curve.map((value) => Math.round(value)).join(' ')} ${OPERATORS[type] ?? ''}`;
  });
  const text = `${commands.join(' ')} f`;
  written.set(outline, text);
  return text;
}

const OPERATORS: Readonly<Record<string, string>> = { M: 'm', L: 'l', Q: 'c', C: 'c', Z: 'h' };

/** PDF has no quadratic curves; each is a cubic one too. */
function cubic(
  [fromX, fromY]: readonly [number, number],
  [overX = 0, overY = 0, x = 0, y = 0]: readonly number[],
): number[] {
  const towards = (from: number, over: number): number => from + (2 / 3) * (over - from);
  return [towards(fromX, overX), towards(fromY, overY), towards(x, overX), towards(y, overY), x, y];
}
