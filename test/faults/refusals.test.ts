import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { holdWords } from '../../src/channels/hold-words.js';
import type { Stack } from '../../src/embedded/stack.js';
import { CaseUnderTest, effects, NONE, send, startStackUnderTest, until } from './stage.js';

jest.setTimeout(180_000);

let stack: Stack;
let stop: () => Promise<void>;

beforeAll(async () => {
  ({ stack, stop } = await startStackUnderTest());
});

afterEach(async () => {
  await mended();
  await pageIs(true);
});

afterAll(() => stop());

async function simulator(method: string, path: string, body?: object): Promise<void> {
  const response = await fetch(`${stack.simulator.url}/simulator/${path}`, {
    method,
    headers: { 'Content-Type': 'application/json' },
    body: body === undefined ? null : JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`the simulator does not take it: ${await response.text()}`);
}

const mended = (): Promise<void> => simulator('DELETE', 'faults');
const pageIs = (online: boolean): Promise<void> =>
  simulator('PUT', 'page', online ? { online } : { online, code: 200 });
/** From now on, until it is mended. */
const lasting = (endpoint: string, fault: string): Promise<void> =>
  simulator('POST', 'faults', { endpoint, fault, probability: 1 });

/** What holds a channel up, as the case's answer says. */
async function holdOn({ number }: CaseUnderTest, channel: string): Promise<unknown> {
  const { body } = await send(stack, 'supervisor-1', 'GET', `/api/cases/${number}`);
  const publications = body.publications as { channel: string; hold: unknown }[];
  return publications.find((publication) => publication.channel === channel)?.hold ?? null;
}

async function untilHeld(theCase: CaseUnderTest, channel: string, hold: object): Promise<void> {
  await theCase.until(`${channel} is held by ${JSON.stringify(hold)}`, async () => {
    const is = (await holdOn(theCase, channel)) as Record<string, unknown> | null;
    return Object.entries(hold).every(([name, value]) => is?.[name] === value);
  });
}

/** Whether the first administrator has been mailed about a case in these words. */
async function untilAdministratorIsTold({ number }: CaseUnderTest, words: string): Promise<void> {
  await until(`admin-1 is told of ${number}: ${words}`, async () => {
    const messages = (await (await fetch(`${stack.mailbox.url}/messages`)).json()) as {
      subject: string;
      text: string;
      to: string[];
    }[];
    return messages.some(
      ({ subject, text, to }) =>
        to.some((address) => address.startsWith('admin-1@')) &&
        `${subject} ${text}`.includes(number) &&
        text.includes(words),
    );
  });
}

const CHANNELS = ['facebook', 'instagram'];
const EXPIRED = { cause: 'refused', code: 'meta/190/463' };
const OFFLINE = { cause: 'refused', code: 'meta/200' };

async function approved(): Promise<CaseUnderTest> {
  const theCase = await CaseUnderTest.reported(stack);
  await theCase.approve();
  return theCase;
}

async function live(): Promise<CaseUnderTest> {
  const theCase = await approved();
  await theCase.untilLiveOnce();
  return theCase;
}

test('a token that expires before a case is staged, before it is published, or while it is live leaves nothing half out, is told at once, and once it is replaced each case goes on by itself', async () => {
  const found = await live();
  for (const endpoint of ['facebook.publishPost', 'instagram.publish']) await lasting(endpoint, 'tokenExpired');
  const staged = await approved();
  for (const channel of CHANNELS) await untilHeld(staged, channel, EXPIRED);
  await lasting('*', 'tokenExpired');
  const unstaged = await approved();
  expect((await found.found()).status).toBe(200);

  for (const theCase of [unstaged, found]) for (const channel of CHANNELS) await untilHeld(theCase, channel, EXPIRED);
  for (const channel of ['Facebook', 'Instagram']) {
    for (const theCase of [staged, unstaged]) await untilAdministratorIsTold(theCase, `is not live on ${channel}`);
    await untilAdministratorIsTold(found, `may still be up on ${channel}`);
  }
  for (const theCase of [staged, unstaged]) expect(await theCase.everPublic()).toEqual(NONE);
  expect((await found.read()).status).toBe('standing_down');

  await mended();
  // As when the token is replaced in the environment.
  await stack.processes.worker.crash();
  await Promise.all([staged.untilLiveOnce(), unstaged.untilLiveOnce(), found.untilNothingLeft()]);
  const made = (await staged.entries('alertStaged')).map(({ fields }) => fields.channel);
  expect(made.sort()).toEqual(CHANNELS);
  await Promise.all([staged, unstaged].map((theCase) => theCase.endsWithNothingLeft()));
});

test('a Page taken offline holds up what is for Facebook alone, is told at once, and once it is back what is wanted goes up once and what is not comes down', async () => {
  const found = await live();
  await pageIs(false);
  const wanted = await approved();
  await found.found();
  for (const theCase of [wanted, found]) await untilHeld(theCase, 'facebook', OFFLINE);
  await untilAdministratorIsTold(wanted, 'is not live on Facebook');
  await untilAdministratorIsTold(found, 'may still be up on Facebook');
  await wanted.until('live on Instagram', async () => (await wanted.everPublic()).instagram.length === 1);
  expect((await wanted.everPublic()).facebook).toEqual([]);
  expect((await found.entries('alertRemoved')).map(({ fields }) => fields.channel)).toEqual(['instagram']);
  expect((await found.read()).status).toBe('standing_down');

  await pageIs(true);
  await Promise.all([wanted.untilLiveOnce(), found.untilNothingLeft()]);
  await wanted.endsWithNothingLeft();
});

test('a post that Instagram does not delete is closed to comments, keeps the case open, and a named person confirms that it is gone', async () => {
  const theCase = await live();
  await lasting('instagram.deleteMedia', 'deleteRefused');
  await theCase.found();
  await untilHeld(theCase, 'instagram', { cause: 'refused', code: 'meta/100/2207085', commentsClosed: true });
  await untilAdministratorIsTold(theCase, 'may still be up on Instagram');
  await untilAdministratorIsTold(theCase, 'Reason (meta/100/2207085): Instagram does not let the post be deleted.');
  expect(await holdOn(theCase, 'instagram')).toMatchObject(holdWords('meta/100/2207085'));
  const [mediaId] = (await theCase.onFeeds()).instagram;
  const closed = (await effects(stack.simulator)).filter(({ type }) => type === 'media.comments');
  expect(closed).toMatchObject([{ mediaId, enabled: false }]);
  const held = (await theCase.entries('stepHeld')).map(({ fields }) => fields.hold);
  expect(held).toContainEqual(
    expect.objectContaining({ ...holdWords('meta/100/2207085'), code: 'meta/100/2207085', commentsClosed: true }),
  );
  expect((await theCase.read()).status).toBe('standing_down');
  const answer = await send(stack, 'supervisor-1', 'POST', `/api/cases/${theCase.number}/confirm-removed`, {
    channel: 'instagram',
    note: 'Deleted in the app.',
  });
  expect(answer.status).toBe(200);
  await theCase.untilStatus('resolved');
  expect(await theCase.entries('removalConfirmed')).toMatchObject([{ fields: { by: 'supervisor-1' } }]);
});
