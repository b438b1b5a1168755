/** A line of an alert's text: a label with what it says, or words alone. */
export interface AlertLine {
  readonly label: string | undefined;
  readonly words: string;
}

/** An alert in one language, as the page sets it. */
export interface AlertText {
  /** That it is no real case; undefined when it is one. */
  readonly banner: string | undefined;
  readonly headline: string;
  /** Who is sought, what happened, who may be with the child. */
  readonly blocks: readonly (readonly AlertLine[])[];
  /** Whom to call. */
  readonly request: string;
  /** The number in it, as it is written and as it is dialled. */
  readonly telephone: { readonly written: string; readonly dialled: string } | undefined;
}

/** A telephone number as the templates shield it. */
const TELEPHONE = /\u2066(\+?[0-9][0-9\u00A0 ]{2,20})\u2069/u;

/**
 * Takes an approved text apart, which `media/texts` has put together: blocks with an empty line between them, the headline first and
 * whom to call last. Not a letter of it is changed; the link behind it, to this very page, is left away.
 */
export function readAlertText(text: string): AlertText {
  const blocks = text.split('\n\n').map((block) => block.split('\n'));
  const [head = [], ...rest] = blocks;
  const [request = ''] = rest.at(-1) ?? [];
  const written = TELEPHONE.exec(request)?.[1];
  return {
    banner: head.length > 1 ? head[0] : undefined,
    headline: head.at(-1) ?? '',
    blocks: rest.slice(0, -1).map((lines) => lines.map(readLine)),
    request,
    telephone: written === undefined ? undefined : { written, dialled: written.replace(/[^+0-9]/g, '') },
  };
}

function readLine(line: string): AlertLine {
  const at = line.indexOf(': ');
  return at < 0 ? { label: undefined, words: line } : { label: line.slice(0, at), words: line.slice(at + 2) };
}
