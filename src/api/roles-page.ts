import { COMMANDS, type CommandKind, READS, roleMay, ROLES } from '../domain/permissions.js';
import { markdownTable } from '../markdown-table.js';

/** What each command does, in a few words. */
const COMMAND_WORDS: Readonly<Record<CommandKind, string>> = {
  report: 'report a child missing',
  reissue: 'open a new case with the content of an ended one',
  approve: 'approve the newest revision, which publishes it',
  reject: 'reject a report',
  return: 'return a report to be corrected',
  resubmit: 'correct a report before its approval',
  withdraw: 'withdraw a report before its approval',
  amend: 'propose a new version of a live alert',
  approveAmendment: 'approve an amendment, which publishes it',
  rejectAmendment: 'reject an amendment',
  widen: 'take the next step of the area plan at once',
  extend: 'put off the expiry',
  reportSighting: 'record a sighting',
  childFound: 'say that the child was found, which ends the case',
  cancel: 'cancel the alert, which ends the case',
  acknowledge: 'acknowledge a notice, where they are on its ladder',
  confirmPublished: 'say that an alert was published by hand',
  confirmRemoved: 'say that an alert is gone from a channel',
};

/** What each reading gives. */
const READ_WORDS: Readonly<Record<keyof typeof READS, string>> = {
  listCases: 'the list of cases, by filters',
  searchCases: 'cases by the name of the child',
  readTimes: 'how long things take, over many cases',
  followCases: 'what happens in all cases, as it happens',
  readCase: 'a case, with its report and the police-only fields',
  followCase: 'what happens in a case, as it happens',
  readTimeline: 'what has happened in a case',
  readRevision: 'a revision, with the report it was made from',
  readRevisionImage: 'the image of a revision',
  readCard: 'a card of a revision',
  readCommand: 'what became of a command',
};

const INTRODUCTION = `# Who may do what

Made from the code by \`npm run docs:roles\`: do not edit.

The table is \`src/domain/permissions.ts\`. The staff API's routes ask it before anything else, and every case asks it again for each command, whichever way it came. An operation of
\`/openapi.json\` lists its roles as \`x-roles\`; whoever has another gets 403 \`role_may_not\`.

A member of staff has one role, and jurisdictions: some, or all. Whatever a role may do, it may do to the cases of these jurisdictions; a case of another one is answered like one that there is not,
404 \`case_unknown\`, and no list, count, search, time or stream holds it. A report in another jurisdiction is refused. A \`partner\` is no staff: the people of the partner desk have no token, and each of
their signed links is for one publication on \`meta-partner\`.
`;

/** The page that says which role may do what, as Markdown. */
export function rolesPage(): string {
  const commands = Object.keys(COMMANDS) as CommandKind[];
  const reads = Object.keys(READS) as (keyof typeof READS)[];
  const head = ['', '', ...ROLES];
  return [
    INTRODUCTION,
    `## Commands\n\n${markdownTable(
      head,
      commands.map((kind) => [`\`${kind}\``, COMMAND_WORDS[kind], ...ROLES.map((role) => mark(roleMay(role, kind)))]),
    )}`,
    `## Reading\n\n${markdownTable(
      head,
      reads.map((read) => [`\`${read}\``, READ_WORDS[read], ...ROLES.map((role) => mark(roleMay(role, read)))]),
    )}`,
  ].join('\n');
}

function mark(may: boolean): string {
  return may ? 'yes' : '';
}
