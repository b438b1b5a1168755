import type { Direction } from '../bidi.js';
import type { Box, Shape } from './drawing.js';
import type { Weight } from './typeface.js';
import { breakLines, paragraph, type Paragraph, setLine, type Stretch } from './typeset.js';

/** A text of a column, and how it is to look. All measures are in the drawing's units. */
export interface Text {
  readonly text: string;
  readonly direction: Direction;
  readonly weight: Weight;
  readonly fill: string;
  readonly align: 'left' | 'right' | 'centre';
  /** The em at each step of shrinking; where a column has more steps, the last one stays. */
  readonly sizes: readonly number[];
  /** The space above it, unless it is the first of its column. */
  readonly gap: number;
  /**
   * What gives when the column is too long even at the last step: it gets smaller still, loses its last words to an ellipsis, or is left
   * out whole. No word is ever broken.
   */
  readonly yields: 'size' | 'lastWords' | 'place';
}

/** Texts one below the other, and where. */
export interface Column {
  readonly texts: readonly Text[];
  readonly box: Box;
}

/** A text broken into lines of one size. */
interface Block {
  readonly text: Text;
  readonly paragraph: Paragraph;
  readonly size: number;
  readonly lines: readonly Stretch[];
}

/** One for both scripts, so that lines beside each other share their baselines; room enough for the marks of Arabic. */
const LINE_HEIGHT = 1.34;
/** From the middle of a line down to its baseline, in ems: half the height of a capital letter. */
const BASELINE = 0.36;
const SMALLER = 0.94;
const ELLIPSIS = '…';

/**
 * Sets columns that stand beside each other, at the first step of shrinking at which all of them fit, so that they keep one size. All begin
 * at one height, at which the tallest of them stands in the middle.
 */
export function setColumns(columns: readonly Column[]): Shape[] {
  const prepared = columns.map((column) => ({
    column,
    texts: column.texts
      .map((text) => ({ text, paragraph: paragraph(text.text, text.weight, text.direction) }))
      .filter(({ paragraph: { words } }) => words.length > 0),
  }));
  const steps = Math.max(1, ...columns.flatMap(({ texts }) => texts.map(({ sizes }) => sizes.length)));
  const setAt = (step: number): { column: Column; blocks: (Block | undefined)[] }[] =>
    prepared.map(({ column, texts }) => ({
      column,
      blocks: texts.map(({ text, paragraph: written }) =>
        setText(text, written, text.sizes[Math.min(step, text.sizes.length - 1)] ?? 0, column.box.width),
      ),
    }));
  for (let step = 0; step < steps; step++) {
    const set = setAt(step);
    if (set.every(({ column, blocks }) => isWhole(blocks) && heightOf(blocks) <= column.box.height)) {
      return placed(
        set.map(({ column, blocks }) => ({ column, blocks: blocks.filter((block) => block !== undefined) })),
      );
    }
  }
  return placed(prepared.map(({ column, texts }) => ({ column, blocks: squeezed(texts, column.box) })));
}

function isWhole(blocks: readonly (Block | undefined)[]): blocks is readonly Block[] {
  return blocks.every((block) => block !== undefined);
}

/** Undefined when a word is wider than the column. */
function setText(text: Text, written: Paragraph, size: number, width: number): Block | undefined {
  const lines = breakLines(written.words, width / size);
  return lines && { text, paragraph: written, size, lines };
}

function heightOf(blocks: readonly Block[]): number {
  return blocks.reduce(
    (height, { text, lines, size }, index) => height + (index === 0 ? 0 : text.gap) + lines.length * size * LINE_HEIGHT,
    0,
  );
}

/** Makes a column fit that does not at its smallest. */
function squeezed(texts: readonly Pick<Block, 'text' | 'paragraph'>[], { width, height }: Box): Block[] {
  let blocks = texts.flatMap(({ text, paragraph: written }) => {
    const size = text.sizes.at(-1) ?? 0;
    return setText(text, written, size, width) ?? narrowed(text, written, size, width);
  });
  while (heightOf(blocks) > height) blocks = withLess(blocks, width);
  return blocks;
}

function narrowed(text: Text, written: Paragraph, size: number, width: number): Block[] {
  if (text.yields === 'place') return [];
  if (text.yields === 'lastWords') return shortened({ text, paragraph: written, size, lines: [] }, Infinity, width);
  return [smaller({ text, paragraph: written, size, lines: [] }, width)];
}

function withLess(blocks: readonly Block[], width: number): Block[] {
  const dispensable = blocks.findLastIndex(({ text }) => text.yields === 'place');
  if (dispensable >= 0) return blocks.toSpliced(dispensable, 1);
  const lineCounts = blocks.map(({ text, lines }) => (text.yields === 'lastWords' ? lines.length : 0));
  const most = Math.max(...lineCounts);
  if (most > 1) {
    const longest = lineCounts.indexOf(most);
    return blocks.flatMap((block, index) => (index === longest ? shortened(block, most - 1, width) : [block]));
  }
  const shrinking = blocks.filter(({ text }) => text.yields === 'size');
  // Where none is meant to get smaller still all of them do: what is too long must not run into what stands below it.
  return blocks.map((block) => (shrinking.length === 0 || shrinking.includes(block) ? smaller(block, width) : block));
}

function smaller({ text, paragraph: written, size }: Block, width: number): Block {
  const less = size * SMALLER;
  return setText(text, written, less, width) ?? smaller({ text, paragraph: written, size: less, lines: [] }, width);
}

/** As many whole words as so many lines hold, with an ellipsis; nothing when that is none. */
function shortened({ text, paragraph: { text: whole, words }, size }: Block, most: number, width: number): Block[] {
  for (let count = words.length - 1; count > 0; count--) {
    // Measured with a wide ellipsis first: to shape every one of many words anew for each that is left out would take long.
    const kept = words
      .slice(0, count)
      .map((word, index) => (index < count - 1 ? word : { ...word, width: word.width + 1 }));
    if ((breakLines(kept, width / size)?.length ?? Infinity) > most) continue;
    const written = paragraph(whole.slice(0, words[count - 1]?.end) + ELLIPSIS, text.weight, text.direction);
    const block = setText(text, written, size, width);
    return block ? [block] : [];
  }
  return [];
}

function placed(columns: readonly { readonly column: Column; readonly blocks: readonly Block[] }[]): Shape[] {
  const room = Math.min(...columns.map(({ column: { box }, blocks }) => box.height - heightOf(blocks)));
  return columns.flatMap(({ column: { box }, blocks }) => linesFrom(box.y + room / 2, blocks, box));
}

function linesFrom(top: number, blocks: readonly Block[], box: Box): Shape[] {
  const shapes: Shape[] = [];
  let y = top;
  for (const [index, { text, paragraph: written, lines, size }] of blocks.entries()) {
    if (index > 0) y += text.gap;
    for (const stretch of lines) {
      const line = setLine(written, stretch);
      const spare = box.width - line.width * size;
      const indent = { left: 0, right: spare, centre: spare / 2 }[text.align];
      const baseline = y + (LINE_HEIGHT / 2 + BASELINE) * size;
      shapes.push({ kind: 'line', line, x: box.x + indent, y: baseline, size, fill: text.fill });
      y += size * LINE_HEIGHT;
    }
  }
  return shapes;
}
