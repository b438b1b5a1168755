import { html, type Html } from '../html.js';
import type { Image } from './effect.js';
import type { Photo } from './world.js';

/** A post's picture. One of extreme proportions is cut, as the platforms do in a feed. */
export function picture({ image, altText }: Pick<Photo, 'image' | 'altText'>): Html {
  return html`<img
    src="/simulator/images/${image.sha256}"
    alt="${altText ?? ''}"
    width="${image.width}"
    height="${image.height}"
    style="aspect-ratio: ${shownRatio(image)}"
  />`;
}

function shownRatio(image: Image): string {
  return Math.min(Math.max(image.width / image.height, 4 / 5), 1.91).toFixed(4);
}

/** The lines of a post's text that say something. */
export function linesOf(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}

/** Each line is a paragraph of its own, so that Arabic and English each read in their own direction. */
export function paragraphs(lines: readonly string[]): Html[] {
  return lines.map((line) => html`<p dir="auto">${line}</p>`);
}
