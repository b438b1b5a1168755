import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Blob, Face, Font } from 'harfbuzzjs';

export type Weight = 'medium' | 'bold';

/** What an em is divided into. */
export const UNITS = 1000;

const require = createRequire(import.meta.url);

/** In the order in which they are asked for a letter: digits and punctuation are the Latin font's in both scripts. */
const FONTS: Readonly<Record<Weight, readonly Font[]>> = {
  medium: [
    load('@expo-google-fonts/noto-sans/500Medium/NotoSans_500Medium.ttf'),
    load('@expo-google-fonts/noto-sans-arabic/500Medium/NotoSansArabic_500Medium.ttf'),
  ],
  bold: [
    load('@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf'),
    load('@expo-google-fonts/noto-sans-arabic/700Bold/NotoSansArabic_700Bold.ttf'),
  ],
};

/** What has no form of its own: joiners, marks of direction, variation selectors. It goes with the letters around it. */
const FORMLESS = /^\p{Default_Ignorable_Code_Point}*$/u;

/** The font that has every letter of a grapheme; `any` when there is nothing to draw, undefined when none has them. */
export function fontFor(grapheme: string, weight: Weight): Font | 'any' | undefined {
  if (FORMLESS.test(grapheme)) return 'any';
  const letters = Array.from(grapheme).filter((letter) => !FORMLESS.test(letter));
  return FONTS[weight].find((font) => letters.every((letter) => font.nominalGlyph(letter.codePointAt(0) ?? 0)));
}

/** The outline of a glyph, in {@link UNITS}, y upwards: commands as SVG has them, of which there are M, L, Q, C and Z. */
export type Outline = readonly { readonly type: string; readonly values: readonly number[] }[];

const outlines = new Map<Font, Map<number, Outline>>();

/** The same object every time, so that what is made of it can be kept. */
export function outlineOf(font: Font, glyph: number): Outline {
  const known = outlines.get(font) ?? new Map<number, Outline>();
  outlines.set(font, known);
  const outline = known.get(glyph) ?? font.glyphToJson(glyph);
  known.set(glyph, outline);
  return outline;
}

/** Out of a package of ours and never out of the system, so that a card looks the same on every machine. */
function load(file: string): Font {
  const font = new Font(new Face(new Blob(readFileSync(require.resolve(file)))));
  font.setScale(UNITS, UNITS);
  return font;
}
