import { markdownTable } from '../markdown-table.js';
import { HOLD_WORDS } from './hold-words.js';

const introduction = `# What holds a publication up

Made from the code by \`npm run docs:holds\`: do not edit.

The code stands in \`hold\` of a publication and of timeline entries, beside the same words in Arabic and English (\`means\`, \`next\`). The codes are stable; their words are not.
A code is looked for whole, then by its last part (\`*/…\`), then by what it begins with: \`meta/190/463\` is told as \`meta/190\`, \`meta/100/2207085\` as \`*/2207085\`.

`;

/** The page that says of every code that holds a publication up what it means and what to do next, as Markdown. */
export function holdsPage(): string {
  const rows = HOLD_WORDS.map(({ codes, means, next }) => [listed(codes), means.en, next.en]);
  return introduction + markdownTable(['code', 'what it means', 'what to do next'], rows);
}

/** The hundred codes of permissions as the first and the last of them. */
function listed(codes: readonly string[]): string {
  const permissions = codes.filter((code) => /^meta\/2\d\d$/.test(code));
  const others = codes.filter((code) => !permissions.includes(code)).map((code) => `\`${code}\``);
  const range = permissions.length === 0 ? [] : [`\`${permissions[0]}\` … \`${permissions.at(-1)}\``];
  return [...others, ...range].join(', ');
}
