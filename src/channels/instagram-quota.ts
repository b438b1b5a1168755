import { z } from 'zod';
import type { PostNeed } from '../domain/quota.js';
import { type Milliseconds, SECOND } from '../domain/time.js';
import { ChannelFailure, type StepRun } from '../ports/alert-channel.js';
import { briefly } from './briefly.js';
import type { GraphClient } from './graph-client.js';

/** The share of a day's posts that is left for what is needed more. */
const LEAVES: Readonly<Record<PostNeed, number>> = { urgent: 0, routine: 0.2, drill: 0.5 };

/** Asked before a flip, so that the answer, or its absence, leaves time to send it. */
const ANSWERS_WITHIN: Milliseconds = SECOND;

const limit = z.object({
  data: z.tuple([z.object({ quota_usage: z.int(), config: z.object({ quota_total: z.int().positive() }) })]),
});

/**
 * Keeps what is left of the account's daily quota for those who need it more: asks Meta how much has been used, unless the post may take
 * the last of it. When Meta does not say, the post goes out.
 * @throws ChannelFailure `refused` with `quota/reserved` when what is left is reserved, `throttled` when Meta asks for no calls
 */
export async function refuseReserved(
  graph: GraphClient,
  igUserId: string,
  need: PostNeed,
  { signal }: Pick<StepRun, 'signal'>,
): Promise<void> {
  if (LEAVES[need] === 0) return;
  const asked = await usage(graph, igUserId, signal);
  if (!asked) return;
  const { used, total } = asked;
  if (total - used <= Math.ceil(total * LEAVES[need])) throw new ChannelFailure('refused', 'quota/reserved');
}

async function usage(
  graph: GraphClient,
  igUserId: string,
  signal: AbortSignal,
): Promise<{ used: number; total: number } | undefined> {
  const parameters = { fields: 'quota_usage,config' };
  const call = { method: 'GET', path: [igUserId, 'content_publishing_limit'], parameters, answer: limit } as const;
  try {
    const { data } = await briefly(ANSWERS_WITHIN, signal, (brief) => graph.harmless(call, brief));
    return { used: data[0].quota_usage, total: data[0].config.quota_total };
  } catch (error) {
    // Calling on would prolong the throttle.
    if (error instanceof ChannelFailure && error.kind === 'throttled') throw error;
    return undefined;
  }
}
