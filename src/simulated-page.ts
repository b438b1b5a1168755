import { html, type Html, verbatim } from './html.js';

/** The colours and the type of pages that stand in for somebody else's: the simulator's and the mailbox. */
const BASE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#eef0f4, #131417);
  --card: light-dark(#ffffff, #212327);
  --ink: light-dark(#15171c, #e9eaee);
  --quiet: light-dark(#5c6370, #a3a9b5);
  --line: light-dark(#dcdfe6, #34373e);
}
* { box-sizing: border-box; margin: 0; }
body {
  background: var(--ground);
  color: var(--ink);
  font: 16px/1.5 system-ui, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', sans-serif;
  overflow-wrap: anywhere;
}
`;

/**
 * The head of such a page.
 * @param style what it has beside the colours and the type that all have
 * @param refreshSeconds how often it is loaded anew where scripts do not run; never when left out
 */
export function simulatedPageHead(title: string, style: string, refreshSeconds?: number): Html {
  return html`<head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="robots" content="noindex" />
    <title>${title}</title>
    <link rel="icon" href="data:," />
    ${refreshSeconds === undefined ? undefined : html`<noscript><meta http-equiv="refresh" content="${refreshSeconds}" /></noscript>`}
    <style>
      ${verbatim(BASE + style)}
    </style>
  </head>`;
}
