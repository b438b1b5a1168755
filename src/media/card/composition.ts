import { LANGUAGES } from '../../domain/report.js';
import { beside, divider, filled, inset, styled } from './band.js';
import { callBand } from './call-band.js';
import type { CardWords } from './card-words.js';
import { arrangeChild } from './child-band.js';
import type { Box, Drawing, Shape } from './drawing.js';
import type { Size } from './photo-frame.js';
import { COLOURS, GREY, INK, MARGIN, PAPER, RULE, SIZES, WIDTH } from './style.js';

/** The heights of the bands that a card is made of, from top to bottom. */
export interface Format {
  readonly header: number;
  readonly child: number;
  readonly lastSeen: number;
  /** Tells how to recognise the child: on a poster, which is read standing still. */
  readonly description: number;
  readonly call: number;
}

const BANNER = 80;

/**
 * Composes a card. Arabic stands on the right and English on the left wherever there is room for both beside each other.
 * @param photo its size; without a photo, the names take its place
 */
export function compose(words: CardWords, format: Format, photo: Size | undefined): Drawing {
  const isReal = LANGUAGES.every((language) => words.byLanguage[language].banner === '');
  let height = 0;
  const band = (bandHeight: number): Box => {
    height += bandHeight;
    return { x: 0, y: height - bandHeight, width: WIDTH, height: bandHeight };
  };
  const header = band(format.header);
  const child = arrangeChild(words, band(format.child - (isReal ? 0 : BANNER)), photo);
  const { fill, onFill } = COLOURS[words.tier];
  const shapes = [
    filled(header, fill),
    ...beside(words, header, ({ title: [title = '', subtitle = ''], direction }) => [
      styled({ text: title, direction, sizes: SIZES.title, weight: 'bold', fill: onFill }),
      styled({ text: subtitle, direction, sizes: SIZES.subtitle, fill: onFill }),
    ]),
    ...child.shapes,
    ...(isReal ? [] : banner(words, band(BANNER))),
    ...lastSeenBand(words, band(format.lastSeen)),
    ...(format.description > 0 ? descriptionBand(words, band(format.description)) : []),
    ...callBand(words, band(format.call)),
  ];
  return { width: WIDTH, height, photo: child.photo, shapes };
}

function banner(words: CardWords, band: Box): Shape[] {
  return [
    filled(band, INK),
    ...beside(words, band, ({ banner: text, direction }) => [
      styled({ text, direction, sizes: SIZES.banner, weight: 'bold', fill: PAPER, yields: 'size' }),
    ]),
  ];
}

function lastSeenBand(words: CardWords, band: Box): Shape[] {
  return [
    filled(band, PAPER),
    divider(band),
    ...beside(words, inset(band, 20), ({ lastSeen, place, time, direction }) => [
      styled({ text: place ? lastSeen : '', direction, sizes: SIZES.label, fill: GREY, yields: 'size' }),
      styled({ text: place, direction, sizes: SIZES.place, weight: 'bold' }),
      styled({ text: time, direction, sizes: SIZES.time, gap: 6, yields: 'size' }),
    ]),
  ];
}

function descriptionBand(words: CardWords, band: Box): Shape[] {
  return [
    filled(band, PAPER),
    divider(band),
    filled({ x: MARGIN, y: band.y, width: WIDTH - 2 * MARGIN, height: 2 }, RULE),
    ...beside(words, inset(band, 20), ({ description, direction }) =>
      description.map((text) => styled({ text, direction, sizes: SIZES.description, gap: 6, yields: 'place' })),
    ),
  ];
}
