import { filled, styled } from './band.js';
import type { CardWords, LocalWords } from './card-words.js';
import { setColumns, type Text } from './columns.js';
import type { Box, Shape } from './drawing.js';
import { qrCode, QUIET_ZONE } from './qr-code.js';
import { COLOURS, GUTTER, INK, MARGIN, PALE, PAPER, SIZES, WIDTH } from './style.js';

/** Above and below what is written, and less of it around the code, which cannot be too large. */
const PADDING = 20;
const CODE_PADDING = 13;
const ROW = 52;
const MARKER = 34;
/** What a figure takes of its em, with a little air. */
const FIGURE = 1;

/** Whom to call, in the largest figures that fit, and the code that opens the alert's page, with the marker below it. */
export function callBand(words: CardWords, band: Box): Shape[] {
  const { ar, en } = words.byLanguage;
  const { shapes, tile } = codeTile(words, band);
  const box = { x: MARGIN, y: band.y + PADDING, width: tile.x - GUTTER - MARGIN, height: band.height - 2 * PADDING };
  const sizes = SIZES.telephone.filter((size) => size * FIGURE <= box.height - 2 * ROW);
  const number = styled({
    text: words.telephone,
    direction: 'ltr',
    sizes,
    weight: 'bold',
    fill: PAPER,
    align: 'centre',
    yields: 'size',
  });
  const row = (y: number, text: (local: LocalWords) => Text): Shape[] => {
    const left = { ...box, y, width: box.width / 2, height: ROW };
    return setColumns([
      { box: left, texts: [text(en)] },
      { box: { ...left, x: left.x + left.width }, texts: [text(ar)] },
    ]);
  };
  return [
    filled(band, INK),
    ...shapes,
    ...row(box.y, ({ call: text, direction }) =>
      styled({ text, direction, sizes: SIZES.call, weight: 'bold', fill: COLOURS[words.tier].onInk, yields: 'size' }),
    ),
    ...setColumns([{ box, texts: [number] }]),
    ...row(box.y + box.height - ROW, ({ authority: text, direction }) =>
      styled({ text, direction, sizes: SIZES.authority, fill: PALE, yields: 'size' }),
    ),
  ];
}

/** The code on a white tile, at the right end of its band. */
function codeTile(
  { pageUrl, marker }: CardWords,
  band: Box,
): { readonly shapes: readonly Shape[]; readonly tile: Box } {
  const code = qrCode(pageUrl);
  // A whole number of pixels a square, so that the edges of the code stay sharp.
  const square = Math.floor((band.height - 2 * CODE_PADDING - MARKER) / (code.size + 2 * QUIET_ZONE));
  const side = square * (code.size + 2 * QUIET_ZONE);
  const height = side + MARKER;
  const tile = { x: WIDTH - MARGIN - side, y: band.y + Math.floor((band.height - height) / 2), width: side, height };
  const quiet = square * QUIET_ZONE;
  const text = styled({ text: marker, direction: 'ltr', sizes: SIZES.marker, align: 'centre', yields: 'size' });
  return {
    tile,
    shapes: [
      { kind: 'box', ...tile, fill: PAPER, radius: 8 },
      { kind: 'path', path: code.path, x: tile.x + quiet, y: tile.y + quiet, scale: square, fill: INK },
      ...setColumns([
        { box: { x: tile.x + 8, y: tile.y + side - 8, width: side - 16, height: MARKER }, texts: [text] },
      ]),
    ],
  };
}
