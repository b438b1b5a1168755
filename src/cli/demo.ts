import { readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readStandaloneConfig } from '../config.js';
import { defaultDataFolder } from '../embedded/data-folder.js';
import { startStack, type Stack } from '../embedded/stack.js';
import { loadPolicyFile, namesPartnerDesk, usablePolicyFile } from '../policy/policy-file.js';
import { EXAMPLE_PHOTO, exampleReport, readReport } from './report-file.js';
import { postsSeen } from './simulated-feeds.js';
import { StaffClient } from './staff-client.js';
import { timelineLine } from './timeline-words.js';

const USAGE = `Usage: npm run demo [-- --report FILE --photo FILE --policy FILE]

Takes one case from report to stand-down on this machine alone. Everything is real but Meta, which is simulated.

  --report FILE  the report, as JSON; the example's when left out
  --photo FILE   the photo; the example's drawing when left out
  --policy FILE  the policy; config/policy.yaml when left out`;

const REPORTER = 'operator-1';
const APPROVER = 'supervisor-1';

/** No step of the case may take longer; each takes about a second. */
const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 50;
/** Somebody who watches gets this long to open the feeds while the alert is live. */
const LOOK_AROUND_MS = process.stdout.isTTY ? 15_000 : 0;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      report: { type: 'string' },
      photo: { type: 'string' },
      policy: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  // Apart from that of `npm start`, which may be running meanwhile.
  const { dataFolder: base = defaultDataFolder, ...settings } = readStandaloneConfig();
  const dataFolder = join(base, 'demo');
  const report = values.report === undefined ? exampleReport() : readReport(values.report);
  const policyFile: { policyFile?: string } =
    values.policy === undefined ? {} : { policyFile: usablePolicyFile(values.policy) };
  const photo = new Uint8Array(readFileSync(values.photo ?? EXAMPLE_PHOTO));

  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new Error('The demo was stopped.')));
  }
  // Whoever reads along may stop reading; the case is taken to its end all the same.
  process.stdout.on('error', () => undefined);
  console.log('Starting everything on this machine …');
  const stack = await startStack({
    ...settings,
    ...policyFile,
    dataFolder,
    // Of a policy that has a partner desk.
    simulator: { deskConfirmsAfterMs: 1_000 },
    progress: (line) => console.log(`  ${line}`),
    giveUp: interrupted.signal,
  });
  try {
    await takeOneCase(stack, report, photo, interrupted.signal);
  } finally {
    console.log('\nStopping everything …');
    await stack.stop();
  }
  console.log(whereToLook(stack, dataFolder, policyFile.policyFile));
}

/** From report to stand-down, each step told as it is seen to have happened. */
async function takeOneCase(
  stack: Stack,
  report: unknown,
  photo: Uint8Array<ArrayBuffer>,
  signal: AbortSignal,
): Promise<void> {
  const operator = clientOf(stack, REPORTER);
  const supervisor = clientOf(stack, APPROVER);
  const reportedAt = performance.now();
  const tell = (line: string): void => {
    const seconds = (performance.now() - reportedAt) / 1000;
    console.log(`${seconds.toFixed(1).padStart(6)}  ${line}`);
  };
  console.log('\nSeconds since the report');

  const { caseNumber, revision } = await operator.report(report, photo);
  const marker = `${caseNumber}/${revision.number}`;
  tell(`${REPORTER} has reported a missing child: case ${caseNumber}`);
  await until(`${APPROVER} is notified`, signal, async () => (await mailAbout(stack, caseNumber)).includes(APPROVER));
  tell(`${APPROVER} has the notice in the mailbox`);

  const approved = await until('the case can be approved', signal, async () => {
    const answer = await supervisor.readCase(caseNumber);
    return answer.status === 'awaiting_approval' && answer;
  });
  const { preview } = approved;
  await supervisor.approve(caseNumber, {
    digest: approved.preview.digest,
    criteria: approved.criteria.map(({ id }) => id),
  });
  tell(`${APPROVER} has approved revision ${preview.revision} by its digest ${preview.digest.slice(0, 12)}…`);

  const posts = await until('both posts are live', signal, async () => {
    const seen = await postsSeen(stack.simulator, marker);
    return ['facebook', 'instagram'].every((channel) => seen.some((post) => post.channel === channel)) && seen;
  });
  for (const { channel, id } of posts) tell(`${channel} shows post ${id}`);
  if (posts.length > 2) throw new Error('There is more than one post on a feed.');
  const page = `${stack.publicUrl}/alerts/${caseNumber}`;
  await until('the alert page shows it', signal, async () => (await fetch(page)).status === 200);
  tell(`the alert page shows it: ${page}`);
  const radiusKm = await publishedByDesk(supervisor, caseNumber, signal);
  if (radiusKm !== null) tell(`the partner desk has published it within ${radiusKm} km: ${stack.simulator.url}/desk`);
  if (LOOK_AROUND_MS > 0) {
    const places = [`${stack.simulator.url}/`, `${stack.simulator.url}/phone`, 'the alert page'];
    console.log(`        Have a look: ${places.join(', ')} – it goes on in ${LOOK_AROUND_MS / 1000} s`);
    await sleep(LOOK_AROUND_MS, undefined, { signal });
  }

  await operator.childFound(caseNumber, 'recovered_through_alert');
  tell(`${REPORTER} has said that the child is found`);
  await until('both posts are gone', signal, async () => (await postsSeen(stack.simulator, marker)).length === 0);
  tell('facebook and instagram show nothing any more');
  const ended = await until('the case is resolved', signal, async () => {
    const answer = await operator.readCase(caseNumber);
    return answer.status === 'resolved' && answer;
  });
  if (radiusKm !== null) tell('the partner desk has taken it down');
  tell('the case is resolved');
  await until('the alert page says that it is over', signal, async () => (await fetch(page)).status === 410);
  tell('the alert page says that it is over');

  console.log(`\nThe timeline of case ${caseNumber}, as the staff API tells it`);
  for (const entry of ended.timeline) console.log(timelineLine(entry));
}

/** The radius in which the partner desk says that it shows the alert, in kilometres; null where the case has no partner desk. */
async function publishedByDesk(
  supervisor: StaffClient,
  caseNumber: string,
  signal: AbortSignal,
): Promise<number | null> {
  return until('the partner desk has published it', signal, async () => {
    const { publications } = await supervisor.readCase(caseNumber);
    const desk = publications.find(({ channel }) => channel === 'meta-partner');
    if (!desk) return null;
    return desk.there.some(({ state }) => state === 'live') && (desk.reach?.deliveredRadiusKm ?? false);
  });
}

function clientOf({ staffUrl, secrets }: Stack, person: string): StaffClient {
  return new StaffClient(person, staffUrl, secrets.tokens[person] ?? '');
}

async function mailAbout({ mailbox }: Stack, caseNumber: string): Promise<string> {
  const messages = (await (await fetch(`${mailbox.url}/messages`)).json()) as unknown[];
  return messages
    .map((message) => JSON.stringify(message))
    .filter((message) => message.includes(caseNumber))
    .join();
}

/** Asks again and again, and returns the first answer that is not false. */
async function until<T>(what: string, signal: AbortSignal, ask: () => Promise<T | false>): Promise<T> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const answer = await ask();
    if (answer !== false) return answer;
    if (Date.now() > deadline) throw new Error(`It took more than ${PATIENCE_MS / 1000} s until ${what}.`);
    await sleep(LOOK_EVERY_MS, undefined, { signal });
  }
}

/** @param policyFile where it is not the shipped one */
function whereToLook(stack: Stack, dataFolder: string, policyFile: string | undefined): string {
  const folder = relative(process.cwd(), dataFolder);
  const policy = policyFile === undefined ? '' : ` -- --policy ${policyFile}`;
  const desk = namesPartnerDesk(loadPolicyFile(stack.policyFile).policy)
    ? `\n  Partner desk      ${stack.simulator.url}/desk`
    : '';
  return `
Done: one case from report to stand-down, both posts seen live and then gone.

To look around in it, start it again and open

  Simulated feeds   ${stack.simulator.url}/
  On a phone        ${stack.simulator.url}/phone${desk}
  Staff's mailbox   ${stack.mailbox.url}/
  Temporal UI       ${stack.temporal.uiUrl}/

  MAFQOOD_DATA=${folder} npm start${policy}     what this demo left
  npm start                            the same system with data of its own

Data are in ${stack.dataFolder}, logs in ${stack.logFolder}.`;
}

await main().catch((error: unknown) => {
  console.error(`\nThe demo did not succeed. ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.cause instanceof Error) console.error(`Because: ${error.cause.message}`);
  process.exitCode = 1;
});
process.exit();
