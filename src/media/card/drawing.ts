import type { Line } from './typeset.js';

/** A rectangle; in the drawing's own units, y downwards. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a card is drawn with. Colours are `#rrggbb`. */
export type Shape =
  | ({ readonly kind: 'box'; readonly fill: string; readonly radius?: number; readonly opacity?: number } & Box)
  /** A line of text from its left end on its baseline; `size` is the em. */
  | {
      readonly kind: 'line';
      readonly line: Line;
      readonly x: number;
      readonly y: number;
      readonly size: number;
      readonly fill: string;
    }
  /** An SVG path, enlarged and moved. */
  | {
      readonly kind: 'path';
      readonly path: string;
      readonly x: number;
      readonly y: number;
      readonly scale: number;
      readonly fill: string;
    }
  /** Shapes turned about the middle of a box, of which nothing shows outside it. Degrees, clockwise. */
  | { readonly kind: 'turned'; readonly within: Box; readonly angle: number; readonly shapes: readonly Shape[] };

/** A photo in its place, and what is drawn over it. */
export interface PhotoPlace extends Box {
  readonly over: readonly Shape[];
}

/** A card, whatever it is made into. Its shapes leave nothing uncovered but the place of the photo, and nothing of them is there. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly shapes: readonly Shape[];
  readonly photo: PhotoPlace | undefined;
}
