import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { cacheFolder } from '../../src/embedded/data-folder.js';
import type { Stack } from '../../src/embedded/stack.js';
import { temporalCli } from '../../src/embedded/temporal-binaries.js';
import { caseWorkflowId } from '../../src/temporal/case-workflow-id.js';
import {
  aReport,
  arm,
  CaseUnderTest,
  CRITERIA,
  effects,
  send,
  sendReport,
  startStackUnderTest,
  until,
} from './stage.js';

jest.setTimeout(90_000);

let stack: Stack;
let stop: () => Promise<void>;
let cli: string;

beforeAll(async () => {
  ({ stack, stop } = await startStackUnderTest());
  cli = await temporalCli(cacheFolder, () => undefined);
});

afterAll(() => stop());

/** Runs the Temporal CLI without the user's own settings for it. */
async function temporal(...args: string[]): Promise<string> {
  const options = { env: { HOME: stack.dataFolder }, timeout: 20_000 };
  const { stdout } = await promisify(execFile)(cli, [...args, '--address', stack.temporal.address], options);
  return stdout;
}

test('a case can be approved with a signal from the Temporal CLI, and is then listed among the active ones', async () => {
  const theCase = await CaseUnderTest.reported(stack);
  const workflowId = caseWorkflowId(theCase.number);
  const criteria = { met: CRITERIA };
  const input = JSON.stringify({ actor: 'supervisor-2', role: 'supervisor', digest: theCase.digest, criteria });
  await temporal('workflow', 'signal', '--workflow-id', workflowId, '--name', 'approve', '--input', input);
  await theCase.untilLiveOnce();

  const approvals = (await theCase.entries('commandAccepted')).filter(({ fields }) => fields.command === 'approve');
  // No number: it is not among the commands that came through the API.
  expect(approvals).toMatchObject([{ fields: { actor: 'supervisor-2', role: 'supervisor', number: null } }]);
  const listed = (status: string): Promise<string> =>
    temporal('workflow', 'list', '--query', `CaseStatus='${status}'`, '--output', 'json');
  await until(`${workflowId} is listed as active`, async () => (await listed('active')).includes(workflowId));
  expect(await listed('awaiting_approval')).not.toContain(workflowId);
  await theCase.endsWithNothingLeft();
});

test('a command to a case whose workflow was terminated is kept, and whoever sends it is told that nobody will run it', async () => {
  const theCase = await CaseUnderTest.reported(stack);
  await temporal('workflow', 'terminate', '--workflow-id', caseWorkflowId(theCase.number));
  const answer = await theCase.found();
  expect(answer).toMatchObject({ status: 409, body: { code: 'case_not_running' } });
  const { body } = await send(stack, 'supervisor-1', 'GET', `/api/cases/${theCase.number}`);
  expect(body).toMatchObject({ needsAttention: true, status: 'awaiting_approval' });
});

/** Everything about a child that must be nowhere but in PostgreSQL and, while it is live, in the alert. */
const SECRET = {
  child: {
    name: { ar: 'زمردة القندلفتية', en: 'Zumurruda Quandelift' },
    age: 9,
    sex: 'female',
    heightCm: 137,
    hair: { ar: 'ضفائر كستنائية', en: 'chestnutty braids' },
    eyes: { ar: 'عسليتان', en: 'hazelgreenish' },
    clothing: { ar: 'معطف فستقي', en: 'pistachio anorak' },
  },
  lastSeen: {
    place: { ar: 'رصيف المرمرية', en: 'Marmarine Quay' },
    location: { latitude: 25.2718281, longitude: 51.3141592 },
  },
  circumstances: { ar: 'تاهت خلف السيرك', en: 'strayed behind the circusgrounds' },
  suspect: { ar: 'رجل بعكاز أبنوسي', en: 'a man with an ebonywood cane' },
  vehicle: { description: { ar: 'حافلة بنفسجية', en: 'lavendermauve minibus' }, plate: 'QX 90417' },
  policeOnly: {
    guardianContact: 'Grandaunt Philippina, +974 3141 5926',
    legalBasis: 'orally by the grandaunt',
    notes: 'custodydispute since springtime',
  },
  note: 'safeandsound at the lighthouse',
};

/** Pieces of it that occur nowhere else, in the ways in which they could have been written down. */
const TRACES = [
  ...['زمردة', 'القندلفتية', 'Zumurruda', 'Quandelift', 'كستنائية', 'chestnutty', 'عسليتان', 'hazelgreenish'],
  ...['فستقي', 'pistachio', 'المرمرية', 'Marmarine', '25.27182', '51.31415', 'السيرك', 'circusgrounds'],
  ...['أبنوسي', 'ebonywood', 'بنفسجية', 'lavendermauve', 'QX 90417', 'QX90417', 'Philippina', '3141 5926', 'grandaunt'],
  ...['custodydispute', 'springtime', 'safeandsound', 'lighthouse'],
].flatMap((trace) => [...new Set([trace, encodeURIComponent(trace), JSON.stringify(trace).slice(1, -1)])]);

function tracesIn(text: string): string[] {
  const lower = text.toLowerCase();
  return TRACES.filter((trace) => lower.includes(trace.toLowerCase()));
}

/** What Temporal holds as it is to be read: payloads decoded, numbers and times as text. */
function readable(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (Array.isArray(value)) return value.map(readable);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, readable(part)]));
}

/** All that Temporal tells of a case: its history, its memo and search attributes, and what the UI shows. */
async function everythingAbout(client: Client, { number }: CaseUnderTest): Promise<string> {
  const handle = client.workflow.getHandle(caseWorkflowId(number));
  const parts = [
    await handle.fetchHistory(),
    (await handle.describe()).raw,
    await handle.query('__temporal_workflow_metadata'),
  ];
  return parts.map((part) => JSON.stringify(readable(part))).join('\n');
}

function filesIn(folder: string): string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

test('nothing of a child, its guardian or a place is in the history of a case, a log, a notice, an id or an address', async () => {
  const { note, ...secret } = SECRET;
  const plain = aReport();
  const report = { ...plain, ...secret, lastSeen: { ...(plain.lastSeen as object), ...secret.lastSeen } };
  // All that can go wrong on the way, so that errors are among what is searched.
  await arm(
    stack.simulator,
    { endpoint: 'facebook.createPost', fault: 'fail' },
    { endpoint: 'instagram.createContainer', fault: 'fail' },
    { endpoint: 'facebook.publishPost', fault: 'effectThen500' },
    { endpoint: 'instagram.publish', fault: 'loseAnswer' },
  );
  const misplaced = { ...report, tier: secret.child.name.en, [secret.child.name.ar]: secret.circumstances };
  expect((await sendReport(stack, misplaced)).status).toBe(422);
  const lost = `/api/cases/${encodeURIComponent(secret.child.name.ar)}?near=${secret.lastSeen.place.en}`;
  expect((await send(stack, 'operator-1', 'GET', lost)).status).toBe(404);

  const found = await CaseUnderTest.reported(stack, report);
  const cancelled = await CaseUnderTest.reported(stack, report);
  const rejected = await CaseUnderTest.reported(stack, report);
  const command = (theCase: CaseUnderTest, name: string, body: object): Promise<unknown> =>
    send(stack, 'supervisor-1', 'POST', `/api/cases/${theCase.number}/${name}`, body);
  await command(rejected, 'reject', { reason: note });
  await command(cancelled, 'cancel', { reason: 'hoax', note });
  await found.approve();
  await found.untilLiveOnce();
  await command(found, 'found', { outcome: 'recovered_through_alert', note });
  const cases = [found, cancelled, rejected];
  const statuses = ['resolved', 'cancelled', 'rejected'];
  for (const [index, theCase] of cases.entries()) await theCase.untilStatus(statuses[index] ?? '');

  // What is searched for was really there.
  const staff = await send(stack, 'supervisor-1', 'GET', `/api/cases/${found.number}`);
  expect(new Set(tracesIn(JSON.stringify(staff.body))).size).toBeGreaterThan(20);

  const connection = await Connection.connect({ address: stack.temporal.address });
  try {
    const client = new Client({ connection });
    for (const theCase of cases) {
      const told = await everythingAbout(client, theCase);
      expect(told).toContain(theCase.digest);
      expect(tracesIn(told)).toEqual([]);
    }
  } finally {
    await connection.close();
  }
  const store = readdirSync(stack.dataFolder).filter((name) => name.startsWith('temporal.sqlite'));
  const stored = store.map((name) => readFileSync(join(stack.dataFolder, name), 'utf8')).join('\n');
  expect(stored).toContain(found.digest);
  expect(tracesIn(stored)).toEqual([]);

  const logs = filesIn(stack.logFolder).join('\n');
  expect(logs).toContain(found.number);
  expect(tracesIn(logs)).toEqual([]);

  const notices = await (await fetch(`${stack.mailbox.url}/messages`)).text();
  expect(notices).toContain(found.number);
  expect(tracesIn(notices)).toEqual([]);

  const { temporalUi } = await found.read();
  const addresses = (await effects(stack.simulator)).flatMap((effect) =>
    Object.entries(effect).flatMap(([name, value]) => (/Id$|Url$/.test(name) ? [String(value)] : [])),
  );
  expect(addresses.length).toBeGreaterThan(0);
  expect(tracesIn([temporalUi, ...addresses].join('\n'))).toEqual([]);
});
