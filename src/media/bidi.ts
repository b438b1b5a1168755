/** Which way a text runs. */
export type Direction = 'rtl' | 'ltr';

const ISOLATE = { ltr: '\u2066', rtl: '\u2067', own: '\u2068' } as const;
const POP_ISOLATE = '\u2069';
const MARK = { ltr: '\u200E', rtl: '\u200F' } as const;
const NO_BREAK_SPACE = '\u00A0';

// Controls, half surrogate pairs and direction controls: one of them in a field would turn round the rest of the post.
const UNWANTED = /(?!\s)[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

// What nobody can see and no script of ours needs: it would part a word for whoever searches a post for it. A joiner, which Persian and emoji need, stays.
const INVISIBLE = /[\u00AD\u115F\u1160\u180E\u200B\u2060-\u2064\u206A-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]/gu;

/** An operator's text as one line without anything invisible that could disturb what stands around it. */
export function plain(text: string): string {
  return text.replace(UNWANTED, '').replace(INVISIBLE, '').replace(/\s+/gu, ' ').trim();
}

/** Shields a text from what stands around it; `own` goes by its first letter. */
export function isolate(text: string, direction: Direction | 'own'): string {
  return `${ISOLATE[direction]}${text}${POP_ISOLATE}`;
}

/** A telephone number or plate that neither wraps nor, in right-to-left text, falls apart. */
export function keepWhole(text: string, direction: Direction | 'own'): string {
  return isolate(plain(text).replaceAll(' ', NO_BREAK_SPACE), direction);
}

/** Ends a line with a mark of its own direction, so that it reads right also where an app shows it in the other one. */
export function closeLine(line: string, direction: Direction): string {
  return `${line}${MARK[direction]}`;
}
