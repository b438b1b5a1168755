import { once } from 'node:events';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { readStandaloneConfig } from './config.js';
import { AlreadyRunningError, defaultDataFolder, repositoryRoot } from './embedded/data-folder.js';
import { loadPolicyFile, namesPartnerDesk, usablePolicyFile } from './policy/policy-file.js';
import { startStack, type Stack } from './embedded/stack.js';
import { UnusableFile } from './settings-file.js';

/** Where people expect them, and the README says they are. */
const WELL_KNOWN_PORTS = {
  temporal: 7233,
  temporalUi: 8233,
  staffApi: 8400,
  publicSite: 8401,
  simulator: 8402,
  mailbox: 8403,
};

/** One Ctrl-C reaches a program that npm runs twice: from the terminal and from npm. What comes later is a second Ctrl-C. */
const SAME_INTERRUPTION_MS = 1000;

/** Mafqood with everything it needs, running until it is told to stop. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { policy: { type: 'string' } } });
  const policyFile = values.policy === undefined ? {} : { policyFile: usablePolicyFile(values.policy) };
  const interrupted = new AbortController();
  let interruptedAt = 0;
  const hurried = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!interrupted.signal.aborted) {
        interruptedAt = Date.now();
        interrupted.abort(new Error('stopped before everything had started'));
      } else if (Date.now() - interruptedAt > SAME_INTERRUPTION_MS) hurried.abort();
    });
  }
  // The terminal may be gone before we are.
  process.stdout.on('error', () => undefined);

  const { dataFolder = defaultDataFolder, ...settings } = readStandaloneConfig();
  console.log('Starting Mafqood …');
  const stack = await startStack({
    ...settings,
    ...policyFile,
    dataFolder,
    progress: (line) => console.log(`  ${line}`),
    preferredPorts: WELL_KNOWN_PORTS,
    giveUp: interrupted.signal,
  });
  hurried.signal.addEventListener('abort', () => stack.hasten());
  console.log(overview(stack));
  if (!interrupted.signal.aborted) await once(interrupted.signal, 'abort');

  console.log('\nStopping; a second Ctrl-C hurries …');
  await stack.stop();
  console.log('Stopped. Open cases go on with the next `npm start`.');
}

function overview(stack: Stack): string {
  const { policy } = loadPolicyFile(stack.policyFile);
  const places = {
    'Temporal UI': `${stack.temporal.uiUrl}/namespaces/${stack.temporal.namespace}/workflows`,
    'Staff API': `${stack.staffUrl}/api/cases`,
    'Simulated feeds': `${stack.simulator.url}/`,
    'On a phone': `${stack.simulator.url}/phone`,
    ...(namesPartnerDesk(policy) ? { 'Partner desk': `${stack.simulator.url}/desk` } : {}),
    "Staff's mailbox": `${stack.mailbox.url}/`,
    'Public site': stack.publicUrl,
    Data: stack.dataFolder,
    Logs: stack.logFolder,
    'Staff and tokens': stack.secrets.staffFile,
  };
  const width = Math.max(...Object.keys(places).map((name) => name.length));
  const examples = join(repositoryRoot, 'examples');
  const criteria = Object.fromEntries(policy.tiers.amber.criteria.map((id) => [id, { met: true }]));
  const approval = JSON.stringify({ digest: 'DIGEST', criteria });
  return `
Mafqood runs. It publishes to the simulator only.

${Object.entries(places)
  .map(([name, place]) => `  ${name.padEnd(width)}  ${place}`)
  .join('\n')}

Enter a report as an operator (the answer names the case and the digest of its revision):

  curl -sS ${stack.staffUrl}/api/cases \\
    -H 'Authorization: Bearer ${tokenOf(stack, 'operator-1')}' \\
    -H "Idempotency-Key: $(node -p 'crypto.randomUUID()')" \\
    -F 'report=@${join(examples, 'report.json')};type=application/json' -F 'photo=@${join(examples, 'photo.jpg')}'

Approve it as a supervisor, who answers the checklist:

  curl -sS ${stack.staffUrl}/api/cases/CASE/approve \\
    -H 'Authorization: Bearer ${tokenOf(stack, 'supervisor-1')}' \\
    -H 'Content-Type: application/json' -d '${approval}'

Ctrl-C stops everything in order.`;
}

/** On a terminal only: a log that the output goes to is no place for a token. */
function tokenOf({ secrets }: Stack, person: string): string {
  return process.stdout.isTTY ? (secrets.tokens[person] ?? '') : `TOKEN_OF_${person.toUpperCase()}`;
}

await main().catch((error: unknown) => {
  const expected = error instanceof AlreadyRunningError || error instanceof UnusableFile || !(error instanceof Error);
  console.error(expected ? String(error) : error.stack);
  process.exitCode = 1;
});
process.exit();
