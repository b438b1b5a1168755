import bidiFactory, { type Bidi } from 'bidi-js';
import { Buffer as ShapingBuffer, BufferFlag, Direction as ShapingDirection, type Font, shape } from 'harfbuzzjs';
import type { Direction } from '../bidi.js';
import { fontFor, type Outline, outlineOf, UNITS, type Weight } from './typeface.js';

/** A glyph in its place on a line, in the font's units from the line's left end on its baseline, y upwards. */
export interface Glyph {
  readonly outline: Outline;
  readonly x: number;
  readonly y: number;
}

/** A line of text as it is drawn, from left to right. */
export interface Line {
  /** In ems. */
  readonly width: number;
  readonly glyphs: readonly Glyph[];
}

/** A stretch of a text that stays on one line: a word, or words up to the width of a line. The end is exclusive, the width in ems. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly width: number;
}

/** A text that can be set at any size and broken at any width: what depends on neither is worked out once. */
export interface Paragraph {
  readonly text: string;
  readonly words: readonly Stretch[];
  readonly levels: Uint8Array;
  /** The font of each UTF-16 unit; undefined where nothing is to be drawn. */
  readonly fonts: readonly (Font | undefined)[];
}

// The package is a function; its types say that it is a module with one.
const bidi = (bidiFactory as unknown as () => Bidi)();
const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' });
/** As wide as Noto Sans has it, in ems. */
const SPACE = 0.26;

/**
 * Prepares a text. What no font of ours can draw (an emoji, a script that they do not have) is left out, and all of it when nothing is
 * left that says something. It can be broken at spaces; a no-break space holds together.
 */
export function paragraph(written: string, weight: Weight, direction: Direction): Paragraph {
  const text = drawable(written, weight);
  const { levels } = bidi.getEmbeddingLevels(text, direction);
  const set = { text, levels, fonts: fontsOf(text, weight) };
  const words = Array.from(text.matchAll(/[^ ]+/gu), ({ index: start, 0: { length } }) => ({
    start,
    end: start + length,
    width: setLine(set, { start, end: start + length }).width,
  }));
  return { ...set, words };
}

/** Breaks words into lines of at most so many ems; undefined when one alone is wider. */
export function breakLines(words: readonly Stretch[], width: number): Stretch[] | undefined {
  const lines: Stretch[] = [];
  for (const word of words) {
    if (word.width > width) return undefined;
    const line = lines.at(-1);
    const joined = (line?.width ?? width) + SPACE + word.width;
    if (line && joined <= width) lines[lines.length - 1] = { start: line.start, end: word.end, width: joined };
    else lines.push(word);
  }
  return lines;
}

/** Sets a stretch of a text on one line. */
export function setLine(
  { text, ...of }: Omit<Paragraph, 'words'>,
  { start, end }: Pick<Stretch, 'start' | 'end'>,
): Line {
  const glyphs: Glyph[] = [];
  let x = 0;
  for (const { font, level, ...run } of inVisualOrder(runsOf(of, start, end))) {
    if (!font) continue;
    const buffer = new ShapingBuffer();
    buffer.addText(text, run.start, run.end - run.start);
    buffer.setDirection(level % 2 === 1 ? ShapingDirection.RTL : ShapingDirection.LTR);
    buffer.setFlags(BufferFlag.REMOVE_DEFAULT_IGNORABLES);
    buffer.guessSegmentProperties();
    shape(font, buffer);
    for (const { codepoint, xAdvance = 0, xOffset = 0, yOffset = 0 } of buffer.getGlyphInfosAndPositions()) {
      const outline = outlineOf(font, codepoint);
      if (outline.length > 0) glyphs.push({ outline, x: x + xOffset, y: yOffset });
      x += xAdvance;
    }
  }
  return { width: x / UNITS, glyphs };
}

function drawable(text: string, weight: Weight): string {
  const kept = Array.from(graphemes.segment(text), ({ segment }) => (fontFor(segment, weight) ? segment : ' '));
  const line = kept.join('').replace(/ +/gu, ' ').trim();
  return /[\p{L}\p{N}]/u.test(line) ? line : '';
}

function fontsOf(text: string, weight: Weight): (Font | undefined)[] {
  const fonts: (Font | undefined)[] = [];
  for (const { segment } of graphemes.segment(text)) {
    const font = fontFor(segment, weight);
    // What has no form stays with the letters before it, so that a joiner goes on joining them.
    const own = font === 'any' ? fonts.at(-1) : font;
    fonts.push(...Array.from({ length: segment.length }, () => own));
  }
  return fonts;
}

interface Run {
  readonly start: number;
  end: number;
  readonly level: number;
  readonly font: Font | undefined;
}

/** Stretches of one direction and one font, in the order of the text. */
function runsOf({ levels, fonts }: Pick<Paragraph, 'levels' | 'fonts'>, start: number, end: number): Run[] {
  const runs: Run[] = [];
  for (let at = start; at < end; at++) {
    const [level = 0, font] = [levels[at], fonts[at]];
    const last = runs.at(-1);
    if (last?.level === level && last.font === font) last.end = at + 1;
    else runs.push({ start: at, end: at + 1, level, font });
  }
  return runs;
}

/** Rule L2 of the Unicode Bidirectional Algorithm, over whole runs. */
function inVisualOrder(runs: readonly Run[]): Run[] {
  const ordered = [...runs];
  for (let level = Math.max(0, ...runs.map((run) => run.level)); level > 0; level--) {
    for (let from = 0; from < ordered.length; from++) {
      let to = from;
      while ((ordered[to]?.level ?? -1) >= level) to++;
      if (to > from) ordered.splice(from, to - from, ...ordered.slice(from, to).reverse());
      from = to;
    }
  }
  return ordered;
}
