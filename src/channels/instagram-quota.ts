import { z } from 'zod';
import { isReserved, mayTakeTheLast, type PostNeed, type Quota } from '../domain/quota.js';
import { type Milliseconds, SECOND } from '../domain/time.js';
import { ChannelFailure, type StepRun } from '../ports/alert-channel.js';
import { briefly } from './briefly.js';
import type { GraphClient } from './graph-client.js';

/** Asked before a flip, so that the answer, or its absence, leaves time to send it. */
const ANSWERS_WITHIN: Milliseconds = SECOND;

const limit = z.object({
  data: z.tuple([z.object({ quota_usage: z.int(), config: z.object({ quota_total: z.int().positive() }) })]),
});

/**
 * Asks Meta how many of the account's posts have been taken.
 * @throws ChannelFailure
 */
export async function readQuota(graph: GraphClient, igUserId: string, signal: AbortSignal): Promise<Quota> {
  const parameters = { fields: 'quota_usage,config' };
  const path = [igUserId, 'content_publishing_limit'];
  const { data } = await graph.harmless({ method: 'GET', path, parameters, answer: limit }, signal);
  return { used: data[0].quota_usage, total: data[0].config.quota_total };
}

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
  if (mayTakeTheLast(need)) return;
  let quota: Quota;
  try {
    quota = await briefly(ANSWERS_WITHIN, signal, (brief) => readQuota(graph, igUserId, brief));
  } catch (error) {
    // Calling on would prolong the throttle.
    if (error instanceof ChannelFailure && error.kind === 'throttled') throw error;
    return;
  }
  if (isReserved(quota, need)) throw new ChannelFailure('refused', 'quota/reserved');
}
