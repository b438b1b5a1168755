import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { TestWorkflowEnvironment } from '@temporalio/testing';
import { Worker } from '@temporalio/worker';
import type { AccountWatchActivities, Look } from '../../src/activities/account-watch-activities.js';
import type { ChannelName } from '../../src/domain/channel.js';
import { MINUTE } from '../../src/domain/time.js';
import type { accountWatch } from '../../src/workflows/account-watch.js';
import { NEWEST_ENTRY } from '../../src/workflows/queries.js';
import { TASK_QUEUES } from '../../src/workflows/task-queues.js';
import { CaseUnderTest } from './case-under-test.js';
import { startTimeSkippingServer } from './time-skipping-server.js';
import { bundleWorkflows } from './workflow-bundle.js';

jest.setTimeout(60_000);

let bundle: Awaited<ReturnType<typeof bundleWorkflows>>;

beforeAll(async () => {
  bundle = await bundleWorkflows();
});

afterAll(async () => {
  await bundle.remove();
});

const counts = { unmarked: 3, ours: 1, later: 0, report: 0, remove: 2 };
const seen: Look = {
  result: 'seen',
  counts,
  unwanted: [
    { objectId: 'a', attachments: ['photo-a'] },
    { objectId: 'b', attachments: [] },
  ],
};

/** The workflow over activities that answer as told, and a record of what was asked of them. */
async function watching(
  activities: Partial<AccountWatchActivities>,
  test: (environment: TestWorkflowEnvironment, asked: string[]) => Promise<void>,
): Promise<void> {
  const environment = await startTimeSkippingServer();
  const asked: string[] = [];
  const worker = await Worker.create({
    connection: environment.nativeConnection,
    namespace: environment.namespace ?? 'default',
    taskQueue: TASK_QUEUES.background,
    workflowBundle: bundle,
    activities: {
      lookOverAccount: async (target) => {
        asked.push(`look ${target.channel}${target.whole ? ' whole' : ''}`);
        return (await activities.lookOverAccount?.(target)) ?? seen;
      },
      removeUnwanted: async (target) => {
        asked.push(`remove ${target.channel} ${target.objectId}`);
        return (await activities.removeUnwanted?.(target)) ?? { result: 'removed' };
      },
      tellAdministrators: async (target) => {
        asked.push(target.quotas?.instagram ? `tell of ${target.quotas.instagram.used}` : 'tell');
        return (await activities.tellAdministrators?.(target)) ?? 0;
      },
    } satisfies AccountWatchActivities,
  });
  await worker.runUntil(test(environment, asked));
  await environment.teardown();
}

const run = (environment: TestWorkflowEnvironment): ReturnType<typeof accountWatch> =>
  environment.client.workflow.execute<typeof accountWatch>('accountWatch', {
    taskQueue: TASK_QUEUES.background,
    workflowId: 'account-watch',
  });

const only = (channel: ChannelName, look: Look) => (target: { channel: ChannelName }) =>
  Promise.resolve<Look>(target.channel === channel ? look : { result: 'noAccount' });

describe('a round of the account watch', () => {
  it('takes what an account says of its quota to administrators, and into its result', async () => {
    const quota = { used: 45, total: 50 };
    const full: Look = { result: 'seen', counts, unwanted: [], quota };
    await watching({ lookOverAccount: only('instagram', full) }, async (environment, asked) => {
      expect((await run(environment)).instagram).toMatchObject({ quota });
      expect(asked.at(-1)).toBe('tell of 45');
    });
  });

  it('looks over every account, removes what is unwanted, and tells administrators last', async () => {
    await watching({}, async (environment, asked) => {
      const result = await run(environment);
      expect(result.facebook).toMatchObject({ counts, removals: { removed: 2 }, problem: null, notBefore: 0 });
      expect(result.instagram).toMatchObject({ counts, removals: { removed: 2 } });
      expect(asked.slice(0, -1).sort()).toEqual([
        'look facebook whole',
        'look instagram whole',
        'remove facebook a',
        'remove facebook b',
        'remove instagram a',
        'remove instagram b',
      ]);
      expect(asked.at(-1)).toBe('tell');
    });
  });

  it('tries a removal once, whatever becomes of it, and goes on with the next', async () => {
    const removeUnwanted = ({ objectId }: { objectId: string }) =>
      objectId === 'a' ? Promise.reject(new Error('lost')) : Promise.resolve({ result: 'removed' as const });
    await watching({ lookOverAccount: only('facebook', seen), removeUnwanted }, async (environment, asked) => {
      expect((await run(environment)).facebook?.removals).toEqual({ unknown: 1, removed: 1 });
      expect(asked.filter((what) => what.startsWith('remove'))).toHaveLength(2);
    });
  });

  it('that is throttled removes no more, and says until when the channel is to be left alone', async () => {
    const removeUnwanted = () =>
      Promise.resolve({ result: 'throttled' as const, code: 'meta/32', retryAfterMs: 7 * MINUTE });
    await watching({ lookOverAccount: only('facebook', seen), removeUnwanted }, async (environment, asked) => {
      const before = await environment.currentTimeMs();
      const result = await run(environment);
      expect(result.facebook?.notBefore).toBeGreaterThanOrEqual(before + 7 * MINUTE);
      expect(asked.filter((what) => what.startsWith('remove'))).toHaveLength(1);
    });
  });

  it('sees to one channel when the other cannot be looked at, and ends well when nobody can be told', async () => {
    const lookOverAccount = ({ channel }: { channel: ChannelName }) =>
      channel === 'facebook' ? Promise.reject(new Error('away')) : Promise.resolve(seen);
    const tellAdministrators = () => Promise.reject(new Error('no mail'));
    await watching({ lookOverAccount, tellAdministrators }, async (environment) => {
      const result = await run(environment);
      expect(result.facebook).toMatchObject({ counts: null, problem: 'look/failed', wholeAt: null });
      expect(result.instagram).toMatchObject({ removals: { removed: 2 } });
    });
  });
});

describe('a case', () => {
  it('says how far it has come, whether or not that is written down', async () => {
    await CaseUnderTest.run(bundle, async (theCase) => {
      await theCase.report();
      await theCase.until(() => theCase.journal.length > 0);
      expect(await theCase.handle?.query(NEWEST_ENTRY)).toBe(theCase.journal.length);
    });
  });
});
