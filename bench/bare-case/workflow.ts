import { condition, defineSignal, proxyActivities, setHandler } from '@temporalio/workflow';
import { ACCOUNT_CHANNELS } from '../../src/domain/channel.js';
import type { BareActivities, BareAlert } from './activities.js';

const { stage, publish, expire } = proxyActivities<BareActivities>({ startToCloseTimeout: '90 seconds' });

/** What the case is measured against: the same calls in the same order, and nothing else around them. */
export async function bareCase(alert: BareAlert): Promise<void> {
  const heard = new Set<string>();
  for (const name of ['approve', 'childFound']) setHandler(defineSignal(name), () => void heard.add(name));

  await condition(() => heard.has('approve'));
  const posts = await Promise.all(
    ACCOUNT_CHANNELS.map(async (channel) => {
      const staged = await stage({ channel, alert });
      return { channel, post: await publish({ channel, alert, staged }) };
    }),
  );

  await condition(() => heard.has('childFound'));
  await Promise.all(posts.map(({ channel, post }) => expire({ channel, alert, post })));
}
