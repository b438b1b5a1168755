import { html, type Html } from '../../html.js';
import { linesOf, paragraphs } from '../post-parts.js';
import type { Language } from './view.js';
import { WORDS } from './words.js';

/** So many letters stand on a line of a phone, about. */
const LETTERS_A_LINE = 40;

/**
 * The first lines, and the rest on demand, as both apps do.
 * @param id of its own on the page
 */
export function postText(id: string, message: string, linesShown: number, language: Language): Html {
  const lines = linesOf(message);
  const height = lines.reduce((sum, line) => sum + Math.ceil(Array.from(line).length / LETTERS_A_LINE), 0);
  const words = paragraphs(lines);
  if (height <= linesShown) return html`<div class="text">${words}</div>`;
  return html`<div class="text long">
    <input type="checkbox" id="more-${id}" class="sr" />
    <div class="words">${words}</div>
    <label for="more-${id}">… ${WORDS[language].seeMore}</label>
  </div>`;
}
