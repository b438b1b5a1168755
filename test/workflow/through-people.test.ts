import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { amend, approval, find } from '../replay/lives/life.js';
import { deskSays, handOver, publish } from '../replay/lives/through-people.js';
import { DIGEST, OTHER_DIGEST, POLICY } from '../given/a-case.js';
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

const run = (test: (theCase: CaseUnderTest) => Promise<void>): Promise<CaseUnderTest> =>
  CaseUnderTest.run(bundle, test);
const told = ({ notices }: CaseUnderTest): string[] => notices.map(({ notice }) => notice.subject.about);
const BY_DESK = { actor: 'partner-desk', role: 'partner', channel: 'meta-partner' } as const;

describe('an alert that the partner desk publishes', () => {
  it('is handed over once, is live by their word, and ends only when they say that it is gone', async () => {
    await run(async (theCase) => {
      await handOver(theCase);
      expect(theCase.view?.liveChannels).toEqual([]);
      await publish(theCase);
      expect(theCase.view?.liveChannels).toEqual(['meta-partner']);
      await find(theCase);
      await theCase.until(() => theCase.desk.holds.length === 0);
      await theCase.untilStatus('standing_down');
      await theCase.pass(HOUR);
      expect(theCase.view?.status).toBe('standing_down');
      expect(told(theCase)).toContain('notStoodDown');
      await deskSays(theCase, 'confirmRemoved');
      expect(await theCase.handle?.result()).toBe('resolved');
      expect(theCase.desk.asked.map(({ kind }) => kind)).toEqual(['publish', 'remove']);
    });
  });

  it('is asked back although nobody ever said that it was published', async () => {
    await run(async (theCase) => {
      await handOver(theCase);
      await theCase.pass(3 * MINUTE);
      await theCase.until(() => told(theCase).includes('notLive'));
      await find(theCase);
      await theCase.until(() => theCase.desk.asked.some(({ kind }) => kind === 'remove'));
      await deskSays(theCase, 'confirmRemoved');
      expect(await theCase.handle?.result()).toBe('resolved');
    });
  });

  it('is not handed over at all when the child is found while the desk cannot be reached, or is asked back as if it had been', async () => {
    await run(async (theCase) => {
      theCase.desk.manner = () => 'lost';
      await theCase.report({ policy: { ...POLICY, channels: ['meta-partner'] } });
      await theCase.signal('approve', approval);
      await theCase.until(() => theCase.events('publicationUncertain').length > 0);
      theCase.desk.manner = () => 'takes';
      await find(theCase);
      await theCase.untilInTime(() => theCase.desk.asked.at(-1)?.kind === 'remove');
      await deskSays(theCase, 'confirmRemoved');
      expect(await theCase.handle?.result()).toBe('resolved');
    });
  });

  it('is shown in the radius that is wanted now', async () => {
    await run(async (theCase) => {
      await handOver(theCase);
      await publish(theCase);
      await theCase.pass(4 * HOUR);
      await theCase.until(() => theCase.desk.asked.at(-1)?.radiusKm === 300);
      expect(theCase.desk.asked.map(({ kind, radiusKm }) => [kind, radiusKm])).toEqual([
        ['publish', 160],
        ['area', 300],
      ]);
      await theCase.until(() => theCase.view?.publications[0]?.reach?.deliveredRadiusKm === 300);
    });
  });

  it('is not taken for published by the link of a version that has been replaced', async () => {
    await run(async (theCase) => {
      await handOver(theCase);
      await amend(theCase);
      await theCase.until(() => theCase.events('alertHandedOver').length === 2);
      await theCase.signal('confirmPublished', { ...BY_DESK, digest: DIGEST });
      await theCase.until(() => theCase.events('commandRefused').length === 1);
      expect(theCase.view?.liveChannels).toEqual([]);
      await theCase.signal('confirmPublished', { ...BY_DESK, digest: OTHER_DIGEST });
      await theCase.until(() => theCase.view?.liveChannels.length === 1);
    });
  });
});
