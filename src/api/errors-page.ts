import { markdownTable } from '../markdown-table.js';
import { FIELD_CODES } from './field-codes.js';
import { PROBLEM_GROUPS, type ProblemEntry } from './problem.js';

const MEMBERS: readonly (readonly [string, string])[] = [
  ['`type`', '`/problems/` and the code'],
  ['`status`', 'the HTTP status'],
  ['`code`', 'which problem it is: stable, the thing to program against'],
  ['`title`', 'the problem in a sentence'],
  ['`detail`', 'what to do next, where possible about this very request; it never repeats what was sent'],
  ['`instance`', 'names this one answer in the log; the same id as the header `X-Request-Id`'],
  ['`about`', 'what the code leaves open: the id of a criterion, a language or the name of a field'],
  [
    '`errors`',
    'with `invalid` and `text_too_long`: all that is wrong with the fields, each with `pointer`, `code` and `detail`',
  ],
];

const introduction = (): string => `# Errors of the staff API

Made from the code by \`npm run docs:errors\`: do not edit.

A refusal is a problem detail (RFC 9457, \`application/problem+json\`):

${markdownTable(['member', 'what it holds'], MEMBERS)}
When fields are wrong, the top-level \`code\` is \`invalid\` however few they are, and what is wrong with each is the \`code\` beside its
\`pointer\`: a client handles one field and many alike.
`;

const GROUPS: Readonly<Record<keyof typeof PROBLEM_GROUPS, string>> = {
  api: 'The request',
  photo: 'The photo',
  case: 'What the case refuses',
};

/** The page that lists every code the API answers with, as Markdown. */
export function errorsPage(): string {
  const problems = Object.entries(GROUPS).map(([group, title]) => {
    const entries = Object.entries<ProblemEntry>(PROBLEM_GROUPS[group as keyof typeof PROBLEM_GROUPS]);
    const rows = entries
      .sort(([a, { status }], [b, other]) => status - other.status || (a < b ? -1 : 1))
      .map(([code, { status, title: what, next }]) => [`\`${code}\``, String(status), what, next]);
    return `## ${title}\n\n${markdownTable(['code', 'status', 'title', 'what to do next'], rows)}`;
  });
  const fields = Object.entries(FIELD_CODES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, next]) => [`\`${code}\``, next]);
  return [
    introduction(),
    ...problems,
    `## A field\n\n${markdownTable(['code in `errors`', 'what to do next'], fields)}`,
  ].join('\n');
}
