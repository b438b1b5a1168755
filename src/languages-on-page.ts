import type { Language } from './domain/report.js';
import { html, type Html } from './html.js';
import { TEMPLATES } from './media/templates/templates.js';

/** Both languages, the reader's first. */
export function inOrder(first: Language): readonly [Language, Language] {
  return first === 'ar' ? ['ar', 'en'] : ['en', 'ar'];
}

/** The attributes of an element whose text is in a language. */
export function inLanguage(language: Language): Html {
  return html`lang="${language}" dir="${TEMPLATES[language].direction}"`;
}
