/** Text that is HTML already. */
class Html {
  constructor(private readonly source: string) {}

  toString(): string {
    return this.source;
  }
}

export type { Html };

type Part = Html | string | number | undefined | readonly Part[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A template whose parts are escaped, unless they are HTML themselves. Lists are joined, undefined leaves nothing. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(template.map((text, index) => text + render(parts[index])).join(''));
}

/** Takes text as HTML. For our own style and script only, which `html` would escape. */
export function verbatim(source: string): Html {
  return new Html(source);
}

function render(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.toString();
  if (typeof part === 'string' || typeof part === 'number') {
    return String(part).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
  }
  return part.map(render).join('');
}
