import { beside, filled, styled } from './band.js';
import type { CardWords, LocalWords } from './card-words.js';
import { setColumns, type Text } from './columns.js';
import type { Box, Drawing, Shape } from './drawing.js';
import { fittingShapes, type Size } from './photo-frame.js';
import { COLOURS, GUTTER, INK, MARGIN, PAPER, SIZES, WIDTH } from './style.js';

/** As wide as a photo beside the names may be. */
const BESIDE_AT_MOST = 620;
const NARROWEST = 0.62;
/** The height of names below a photo. */
const NAMES = 180;

type Arranged = Pick<Drawing, 'photo' | 'shapes'>;

/** Arranges photo and names so that the face is as large as it can be: beside each other, or one above the other for a photo that is wide. */
export function arrangeChild(words: CardWords, band: Box, photo: Size | undefined): Arranged {
  if (!photo) return alone(words, band);
  const { narrowest, widest } = fittingShapes(photo);
  const widestFrame = BESIDE_AT_MOST / band.height;
  if (narrowest > widestFrame) return above(words, band);
  const shape = Math.max(NARROWEST, Math.min(widest, widestFrame));
  return photoBeside(words, band, Math.round(band.height * shape));
}

function photoBeside(words: CardWords, band: Box, width: number): Arranged {
  const photo = { ...band, width };
  const names = { ...band, x: width + GUTTER, width: WIDTH - width - GUTTER - MARGIN };
  const { ar, en } = words.byLanguage;
  const box = { ...names, y: names.y + GUTTER, height: names.height - 2 * GUTTER };
  return {
    photo: { ...photo, over: stamp(words, photo) },
    shapes: [
      filled({ ...band, x: width, width: WIDTH - width }, PAPER),
      ...setColumns([{ box, texts: [name(ar), { ...name(en), gap: 6 }, { ...facts(ar), gap: 30 }, facts(en)] }]),
    ],
  };
}

function above(words: CardWords, band: Box): Arranged {
  const photo = { ...band, height: band.height - NAMES };
  const names = { ...band, y: photo.y + photo.height, height: NAMES };
  return {
    photo: { ...photo, over: stamp(words, photo) },
    shapes: [
      filled(names, PAPER),
      ...beside(words, { ...names, y: names.y + 16, height: NAMES - 16 }, (local) => [name(local), facts(local)]),
    ],
  };
}

function alone(words: CardWords, band: Box): Arranged {
  const { ar, en } = words.byLanguage;
  const box = { x: MARGIN, y: band.y + GUTTER, width: WIDTH - 2 * MARGIN, height: band.height - 2 * GUTTER };
  const centred = (text: Text): Text => ({ ...text, align: 'centre' });
  const large = (local: LocalWords): Text => centred({ ...name(local), sizes: SIZES.nameAlone });
  return {
    photo: undefined,
    shapes: [
      filled(band, COLOURS[words.tier].tint),
      ...setColumns([{ box, texts: [large(ar), large(en), { ...centred(facts(ar)), gap: 30 }, centred(facts(en))] }]),
    ],
  };
}

function name({ name: text, direction }: LocalWords): Text {
  return styled({ text, direction, sizes: SIZES.name, weight: 'bold', yields: 'size' });
}

function facts({ sexAndAge: text, direction }: LocalWords): Text {
  return styled({ text, direction, sizes: SIZES.fact, yields: 'size' });
}

/** A photo is cut out of its card and passed on alone, so that it is no real case stands across it too. */
function stamp({ byLanguage: { ar, en } }: CardWords, within: Box): Shape[] {
  if (!en.stamp) return [];
  const { x, y, width, height } = within;
  // Low on the photo: a face is seldom there. Longer than the photo, whose edges cut it off.
  const tape = { x: x - width, y: y + height * 0.8 - width * 0.07, width: 3 * width, height: width * 0.14 };
  const sizes = [0.088, 0.08, 0.072, 0.064].map((share) => share * width);
  const half = { ...tape, x: x + width * 0.03, width: width * 0.47 };
  const word = ({ stamp: text, direction }: LocalWords): Text =>
    styled({ text, direction, sizes, weight: 'bold', fill: PAPER, align: 'centre', yields: 'size' });
  const shapes: Shape[] = [
    { kind: 'box', ...tape, fill: INK, opacity: 0.88 },
    ...setColumns([
      { box: half, texts: [word(en)] },
      { box: { ...half, x: x + width / 2 }, texts: [word(ar)] },
    ]),
  ];
  return [{ kind: 'turned', within, angle: -7, shapes }];
}
