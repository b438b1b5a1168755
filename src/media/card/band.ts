import type { CardWords, LocalWords } from './card-words.js';
import { setColumns, type Text } from './columns.js';
import type { Box, Shape } from './drawing.js';
import { GUTTER, INK, MARGIN, RULE } from './style.js';

/** A text in the usual manner: aligned with its language's side, and shortened when it is far too long. */
export function styled(text: Pick<Text, 'text' | 'direction' | 'sizes'> & Partial<Text>): Text {
  const align = text.direction === 'rtl' ? 'right' : 'left';
  return { weight: 'medium', fill: INK, align, gap: 0, yields: 'lastWords', ...text };
}

export function filled(box: Box, fill: string): Shape {
  return { kind: 'box', ...box, fill };
}

export function inset(box: Box, vertically: number): Box {
  return { ...box, y: box.y + vertically, height: box.height - 2 * vertically };
}

/** English on the left and Arabic on the right of a box, inside the margins. */
export function beside(words: CardWords, box: Box, texts: (words: LocalWords) => readonly Text[]): Shape[] {
  const { en, ar } = words.byLanguage;
  const [left, right] = halves({ ...box, x: box.x + MARGIN, width: box.width - 2 * MARGIN });
  return setColumns([
    { texts: texts(en), box: left },
    { texts: texts(ar), box: right },
  ]);
}

function halves(box: Box): [Box, Box] {
  const width = (box.width - GUTTER) / 2;
  return [
    { ...box, width },
    { ...box, x: box.x + width + GUTTER, width },
  ];
}

/** The fine line between the languages. */
export function divider(box: Box): Shape {
  return { kind: 'box', x: box.x + box.width / 2 - 1, y: box.y + 40, width: 2, height: box.height - 80, fill: RULE };
}
