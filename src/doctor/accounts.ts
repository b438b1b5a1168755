import { z } from 'zod';
import type { GraphClient } from '../channels/graph-client.js';
import { type Finding, findingOfFailure } from './finding.js';

const page = z.object({
  name: z.string().optional(),
  is_published: z.boolean().optional(),
  instagram_business_account: z.object({ id: z.string() }).optional(),
});
const account = z.object({ username: z.string().optional() });
const limit = z.object({
  data: z.array(z.object({ quota_usage: z.number(), config: z.object({ quota_total: z.number() }).optional() })).min(1),
});

/** Instagram posts that should be left in the day: an alert, its corrections and those of another case. */
const FEW_LEFT = 10;

/** Whether the Page can be seen, is online, and belongs to the Instagram account. */
export async function checkPage(graph: GraphClient, pageId: string, igUserId: string): Promise<Finding> {
  const of = 'Page';
  const parameters = { fields: 'id,name,is_published,instagram_business_account' };
  try {
    const call = { method: 'GET', path: [pageId], parameters, answer: page } as const;
    const found = await graph.harmless(call, new AbortController().signal);
    const named = `${pageId}${found.name === undefined ? '' : `, “${found.name}”`}`;
    if (found.is_published === false) {
      const next = 'publish the Page in its settings, or nobody sees an alert';
      return { of, verdict: 'fail', says: `${named}, is offline`, next };
    }
    const linked = found.instagram_business_account?.id;
    if (linked !== undefined && linked !== igUserId) {
      const next = 'see whether META_PAGE_ID and META_IG_USER_ID are those that are meant';
      return { of, verdict: 'warn', says: `${named}, is linked to another Instagram account, ${linked}`, next };
    }
    return { of, verdict: 'pass', says: named };
  } catch (error) {
    return findingOfFailure(of, error);
  }
}

/** Whether the Instagram account can be seen. */
export async function checkInstagram(graph: GraphClient, igUserId: string): Promise<Finding> {
  const of = 'Instagram';
  try {
    const call = { method: 'GET', path: [igUserId], parameters: { fields: 'id,username' }, answer: account } as const;
    const { username } = await graph.harmless(call, new AbortController().signal);
    return { of, verdict: 'pass', says: `${igUserId}${username === undefined ? '' : `, @${username}`}` };
  } catch (error) {
    return findingOfFailure(of, error);
  }
}

/** How many posts the Instagram account may still publish within the day; all cases share it. */
export async function checkQuota(graph: GraphClient, igUserId: string): Promise<Finding> {
  const of = 'quota';
  try {
    const path = [igUserId, 'content_publishing_limit'];
    const parameters = { fields: 'quota_usage,config' };
    const answer = await graph.harmless(
      { method: 'GET', path, parameters, answer: limit },
      new AbortController().signal,
    );
    const { quota_usage: used = 0, config } = answer.data[0] ?? {};
    if (!config)
      return { of, verdict: 'warn', says: `${used} Instagram posts in the last 24 hours, of how many is not told` };
    const says = `${used} of ${config.quota_total} Instagram posts used in the last 24 hours`;
    const left = config.quota_total - used;
    if (left >= FEW_LEFT) return { of, verdict: 'pass', says };
    const next =
      left > 0 ? 'keep what is left for alerts' : 'nothing goes out on Instagram until a post is 24 hours old';
    return { of, verdict: left > 0 ? 'warn' : 'fail', says, next };
  } catch (error) {
    return findingOfFailure(of, error);
  }
}
