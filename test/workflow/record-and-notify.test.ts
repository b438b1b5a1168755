import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { ALL_MET, DIGEST } from '../given/a-case.js';
import { CaseUnderTest } from './case-under-test.js';
import { bundleWorkflows } from './workflow-bundle.js';

jest.setTimeout(60_000);

let bundle: Awaited<ReturnType<typeof bundleWorkflows>>;

beforeAll(async () => {
  bundle = await bundleWorkflows();
});

afterAll(async () => {
  await bundle.remove();
});

const rejection = { commandId: 'rejection', number: 2, actor: 'supervisor-1', role: 'supervisor' } as const;
const approval = { ...rejection, commandId: 'approval', digest: DIGEST, criteria: ALL_MET };

const away = (): Promise<never> => Promise.reject(new Error('away'));
/** As after a time-out: later than anybody waits for a first attempt. */
const silent = (): Promise<never> => setTimeout(6_000).then(away);
const well = (): Promise<void> => Promise.resolve();

/** Which notices went out, about what, one after another. */
const told = ({ notices }: CaseUnderTest): string[] => notices.map(({ notice }) => notice.subject.about);

const activitiesOf = ({ histories }: CaseUnderTest): string[] =>
  histories.flatMap(({ events }) =>
    (events ?? []).flatMap(
      ({ activityTaskScheduledEventAttributes: scheduled }) => scheduled?.activityType?.name ?? [],
    ),
  );

describe('what is written down and what people are told', () => {
  it('go out together, each once', async () => {
    const theCase = await CaseUnderTest.run(bundle, async (running) => {
      await running.report();
      await running.signal('reject', rejection);
      await running.handle?.result();
      expect(told(running)).toEqual(['approval', 'ended']);
      expect(running.journal.map(({ seq }) => seq)).toEqual(running.journal.map((_, index) => index + 1));
    });
    expect(activitiesOf(theCase)).toEqual(['record', 'record']);
  });

  it.each([
    ['refuses', away],
    ['falls silent', silent],
  ])('part where PostgreSQL %s: people are told all the same, once, and it is written later', async (_, fails) => {
    await CaseUnderTest.run(bundle, async (running) => {
      await running.report();
      running.write = fails;
      await running.signalAtOnce('reject', rejection);
      await running.until(() => told(running).includes('ended'));
      running.write = well;
      await running.untilInTime(() => running.isOver);
      await running.handle?.result();
      expect(told(running)).toEqual(['approval', 'ended']);
      expect(running.journal.map(({ seq }) => seq)).toEqual(running.journal.map((_, index) => index + 1));
    });
  });

  it.each([
    ['refuses', away],
    ['falls silent', silent],
  ])('part where the mail server %s: it is written all the same, and people are told later, once', async (_, fails) => {
    await CaseUnderTest.run(bundle, async (running) => {
      await running.report();
      running.reach = fails;
      await running.signalAtOnce('reject', rejection);
      await running.until(() => running.isOver);
      expect(told(running)).toEqual(['approval']);
      running.reach = well;
      await running.untilInTime(() => told(running).length === 2);
      expect(await running.handle?.result()).toBe('rejected');
      expect(told(running)).toEqual(['approval', 'ended']);
    });
  });

  it('leave out whom nobody could reach until what they were to be told was over', async () => {
    await CaseUnderTest.run(bundle, async (running) => {
      running.reach = away;
      await running.report();
      await running.signal('approve', approval);
      await running.untilStatus('active');
      running.reach = well;
      await running.signal('cancel', { ...rejection, number: 3, commandId: 'cancel', reason: 'unfounded' });
      await running.untilInTime(() => running.isOver);
      await running.handle?.result();
      expect(told(running)).toEqual(['ended']);
    });
  });

  it('leave out what was over before anybody was free to tell it', async () => {
    let begin = (): void => undefined;
    const free = new Promise<void>((resolve) => (begin = resolve));
    await CaseUnderTest.run(
      bundle,
      async (running) => {
        await running.start();
        await running.taskOver();
        await running.signalAtOnce('reject', rejection);
        await running.taskOver();
        begin();
        await running.until(() => running.isOver);
        expect(await running.handle?.result()).toBe('rejected');
        expect(told(running)).toEqual(['ended']);
        expect(running.journal.map(({ seq }) => seq)).toEqual(running.journal.map((_, index) => index + 1));
      },
      { free },
    );
  });
});
