import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Stack, StackOptions } from '../../src/embedded/stack.js';
import { sha256 } from '../../src/media/sha256.js';
import type { Effect } from '../../src/simulator/effect.js';
import { POLICY_FILE } from '../integration/api-stage.js';
import { temporaryDataFolder } from '../integration/embedded-folder.js';
import { commandLineOf, processesOf } from './processes.js';
import { aReport, arm, CaseUnderTest, effects, startStackUnderTest, until } from './stage.js';

jest.setTimeout(120_000);

const RADIUS_KM = 160;
/** 70 km and almost 400 km from Aspire Park. */
const INSIDE = 'dukhan';
const OUTSIDE = 'dubai';

let stack: Stack;
let stop: () => Promise<void>;

/** A stack whose amber alerts go to the partner desk as well. */
async function startWithDesk(options: Partial<StackOptions> = {}): ReturnType<typeof startStackUnderTest> {
  const dataFolder = temporaryDataFolder();
  const policyFile = join(dataFolder, 'policy.yaml');
  const shipped = readFileSync(POLICY_FILE, 'utf8');
  writeFileSync(
    policyFile,
    shipped
      .replace('channels: [facebook, instagram]', 'channels: [facebook, instagram, meta-partner]')
      .replace('notStoodDownAfter: 5m', 'notStoodDownAfter: 2s'),
  );
  return startStackUnderTest({ dataFolder, policyFile, ...options });
}

beforeAll(async () => {
  ({ stack, stop } = await startWithDesk());
});

afterAll(() => stop());

type DeskEffect<Type extends Effect['type']> = Extract<Effect, { type: Type }>;

/** What happened at the desk about a case, of one type. */
async function atDesk<Type extends Effect['type']>(type: Type, { number }: CaseUnderTest): Promise<DeskEffect<Type>[]> {
  return (await effects(stack.simulator)).filter(
    (effect): effect is DeskEffect<Type> => effect.type === type && JSON.stringify(effect).includes(number),
  );
}

/** What a message asked, once it has come. */
async function asked(kind: string, subject: CaseUnderTest): Promise<DeskEffect<'desk.received'>> {
  const received = async () => (await atDesk('desk.received', subject)).filter((message) => message.kind === kind);
  await subject.until(`the desk is asked to ${kind}`, async () => (await received()).length > 0);
  const [message] = await received();
  if (!message) throw new Error('unreachable');
  return message;
}

/** Presses the button that stands on the desk's page for a message. */
async function press({ messageId }: { readonly messageId: string }): Promise<void> {
  const url = `${stack.simulator.url}/desk`;
  expect(await (await fetch(url)).text()).toContain(`value="${messageId}"`);
  const answer = await fetch(`${url}/done`, { method: 'POST', body: new URLSearchParams({ id: messageId }) });
  expect(answer.status).toBe(200);
}

async function phoneAt(place: string): Promise<string> {
  return (await fetch(`${stack.simulator.url}/phone?lang=en&place=${place}`)).text();
}

/** Where the case says that it is live. */
async function liveOn(subject: CaseUnderTest): Promise<string[]> {
  const { publications } = await subject.read();
  return publications.filter(({ liveSince }) => liveSince !== null).map(({ channel }) => channel);
}

async function untilLiveOnThree(subject: CaseUnderTest): Promise<void> {
  await subject.until('live on three channels', async () => (await liveOn(subject)).length === 3);
}

function tellDesk(confirmsAfterMs: number | null): Promise<Response> {
  return fetch(`${stack.simulator.url}/simulator/desk`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ confirmsAfterMs }),
  });
}

test('a package is handed over once, shown within its true radius only, and the case ends when the desk says that it is gone', async () => {
  const subject = await CaseUnderTest.reported(stack);
  expect(await atDesk('desk.received', subject)).toEqual([]);
  await subject.approve();
  await subject.untilLiveOnce();

  const publish = await asked('publish', subject);
  expect(publish).toMatchObject({
    caseNumber: subject.number,
    revision: 1,
    digest: subject.digest,
    runKind: 'exercise',
    radiusKm: RADIUS_KM,
    package: {
      tier: 'amber',
      centre: (aReport().lastSeen as { location: object }).location,
      countries: ['QA'],
      texts: { ar: expect.stringContaining('سارة'), en: expect.stringContaining('Sara Example') },
    },
  });
  expect(publish.package?.files.map(({ name }) => name)).toEqual(['photo', 'feed', 'square', 'story', 'poster']);
  expect(publish.confirmUrl).toMatch(new RegExp(`^${stack.staffUrl}/desk/`));
  expect(await phoneAt(INSIDE)).not.toContain('class="radius-alert"');
  expect(await liveOn(subject)).toEqual(['facebook', 'instagram']);

  await press(publish);
  await untilLiveOnThree(subject);
  const inside = await phoneAt(INSIDE);
  expect(inside.match(/class="radius-alert"/g)).toHaveLength(2);
  expect(inside).toContain('EXERCISE – not a real case');
  expect(await phoneAt(OUTSIDE)).not.toContain('class="radius-alert"');
  expect(await atDesk('desk.published', subject)).toMatchObject([{ radiusKm: RADIUS_KM }]);

  expect((await subject.found()).status).toBe(200);
  const remove = await asked('remove', subject);
  expect(remove.digest).toBe(subject.digest);
  await subject.until('administrators are told', async () => {
    const told = (await subject.entries('rungNotified')).map(({ fields }) => fields);
    return told.some(({ about, channel }) => about === 'notStoodDown' && channel === 'meta-partner');
  });
  expect((await subject.read()).status).toBe('standing_down');
  expect(await phoneAt(INSIDE)).toContain('class="radius-alert"');

  await press(remove);
  await subject.untilNothingLeft();
  expect(await phoneAt(INSIDE)).not.toContain('class="radius-alert"');
  const [photo] = publish.package?.files ?? [];
  expect((await fetch(`${stack.simulator.url}/desk/files/${photo?.sha256 ?? ''}`)).status).not.toBe(200);
  expect(await atDesk('desk.received', subject)).toHaveLength(2);
  expect(await atDesk('desk.repeated', subject)).toEqual([]);
});

test('no secret stands on the command line of a process, where everybody on the machine can read it', () => {
  const { tokens, databasePassword, publicDatabasePassword, webhookSecret, partnerSecret, deskSecret } = stack.secrets;
  const own = [databasePassword, publicDatabasePassword, webhookSecret, partnerSecret, deskSecret];
  const known = [...own, ...Object.values(tokens), stack.simulator.accessToken];
  expect(known.length).toBeGreaterThan(8);
  const processes = processesOf(stack.dataFolder);
  const shown = processes.filter((pid) => known.some((secret) => commandLineOf(pid).includes(secret)));
  // PostgreSQL, Temporal, the simulator, the public site, the staff API and the worker at least.
  expect(processes.length).toBeGreaterThanOrEqual(6);
  expect(shown.map(commandLineOf)).toEqual([]);
});

test('a desk that loses its answers, is down and then slow is shown each message once, also over its own restart', async () => {
  await arm(
    stack.simulator,
    { endpoint: 'desk.receive', fault: 'loseAnswer' },
    { endpoint: 'desk.receive', fault: 'fail', status: 503 },
    { endpoint: 'desk.receive', fault: 'slow', ms: 500 },
  );
  const subject = await CaseUnderTest.reported(stack);
  await subject.approve();
  const publish = await asked('publish', subject);
  await until('the message came again', async () => (await atDesk('desk.repeated', subject)).length > 0);
  await stack.processes.simulator.kill('SIGKILL');
  await stack.processes.simulator.stop(0);
  await stack.processes.simulator.start();

  await tellDesk(0);
  await untilLiveOnThree(subject);
  expect(await atDesk('desk.published', subject)).toMatchObject([{ messageId: publish.messageId }]);
  await subject.endsWithNothingLeft();
  expect(await atDesk('desk.removed', subject)).toHaveLength(1);
  const kinds = (await atDesk('desk.received', subject)).map(({ kind }) => kind);
  expect(kinds).toEqual(['publish', 'remove']);
  await tellDesk(null);
});

interface Mail {
  readonly kind: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly attachments: readonly { readonly name: string; readonly mediaType: string; readonly sha256: string }[];
}

test('a desk that is reached by mail gets one mail with all the files, and its people say by the links in it that the alert is published and gone', async () => {
  const DESK = 'desk@partner.example';
  const { stack: byMail, stop: stopByMail } = await startWithDesk({ partnerDesk: `mailto:${DESK}` });
  try {
    const subject = await CaseUnderTest.reported(byMail);
    const toDesk = async (): Promise<Mail[]> =>
      ((await (await fetch(`${byMail.mailbox.url}/messages`)).json()) as Mail[]).filter(
        ({ kind, to }) => kind === 'mail' && to.includes(DESK),
      );
    const mailed = async (count: number): Promise<Mail> => {
      await subject.until(`${count} mails are at the desk`, async () => (await toDesk()).length >= count);
      const mail = (await toDesk())[count - 1];
      if (!mail) throw new Error('unreachable');
      return mail;
    };
    /** Opens the link in a mail, as a mail program may too, and then sends the form that it shows. */
    const confirm = async ({ text }: Mail): Promise<string> => {
      const [link = ''] = new RegExp(`${byMail.staffUrl}/desk/\\S+`).exec(text) ?? [];
      const before = (await subject.read()).timeline.length;
      const page = await (await fetch(link)).text();
      expect(page).toContain('<form');
      expect(page).toContain(subject.number);
      expect((await subject.read()).timeline).toHaveLength(before);
      const body = new URLSearchParams({ name: 'Noor Example' });
      return (await fetch(link, { method: 'POST', body, headers: { 'Accept-Language': 'en' } })).text();
    };

    expect(await toDesk()).toEqual([]);
    await subject.approve();
    const publish = await mailed(1);
    expect(publish.subject).toBe(
      `[EXERCISE · تمرين] PUBLISH: missing-child alert within ${RADIUS_KM} km · ${subject.number} r1`,
    );
    for (const words of [subject.digest, 'Centre 25.2627, 51.4406', `Radius ${RADIUS_KM} km`, 'سارة', 'Sara Example']) {
      expect(publish.text).toContain(words);
    }
    expect(publish.attachments.map(({ name, mediaType }) => [name, mediaType])).toEqual(
      [
        ['photo', 'jpg', 'image/jpeg'],
        ['feed', 'jpg', 'image/jpeg'],
        ['square', 'jpg', 'image/jpeg'],
        ['story', 'jpg', 'image/jpeg'],
        ['poster', 'pdf', 'application/pdf'],
      ].map(([name, ending, mediaType]) => [`${subject.number}-1-${name}.${ending}`, mediaType]),
    );
    const approved = ['images/meta-partner', ...['feed', 'square', 'story', 'poster'].map((card) => `cards/${card}`)];
    const hashes = approved.map(async (part) => sha256(await partOf(byMail, subject, part)));
    expect(publish.attachments.map((file) => file.sha256)).toEqual(await Promise.all(hashes));

    await subject.untilLiveOnce();
    expect(await liveOn(subject)).toEqual(['facebook', 'instagram']);
    expect(await confirm(publish)).toContain('Thank you');
    await untilLiveOnThree(subject);

    expect((await subject.found()).status).toBe(200);
    const remove = await mailed(2);
    expect(remove.subject).toContain(`REMOVE: missing-child alert · ${subject.number} r1`);
    expect(remove.attachments).toEqual([]);
    expect(remove.text).not.toContain('Sara');
    expect((await subject.read()).status).toBe('standing_down');
    expect(await confirm(remove)).toContain('Thank you');
    await subject.untilNothingLeft();
    expect(await toDesk()).toHaveLength(2);
    expect(await atDesk('desk.received', subject)).toEqual([]);
  } finally {
    await stopByMail();
  }
});

/** A part of a case's first revision, as the staff API has it. */
async function partOf({ staffUrl, secrets }: Stack, { number }: CaseUnderTest, part: string): Promise<Buffer> {
  const response = await fetch(`${staffUrl}/api/cases/${number}/revisions/1/${part}`, {
    headers: { Authorization: `Bearer ${secrets.tokens['supervisor-1'] ?? ''}` },
  });
  expect(response.status).toBe(200);
  return Buffer.from(await response.arrayBuffer());
}
