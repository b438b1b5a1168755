import { z } from 'zod';
import type { SimulatedMeta } from '../embedded/environments.js';

const API_VERSION = 'v26.0';

const FEEDS = [
  { channel: 'facebook', account: 'pageId', edge: 'feed', text: 'message' },
  { channel: 'instagram', account: 'igUserId', edge: 'media', text: 'caption' },
] as const;

/** A post that the public would see. */
export interface SeenPost {
  channel: string;
  id: string;
}

const listSchema = z.object({ data: z.array(z.looseObject({ id: z.string() })) });

/** The posts on both simulated feeds that carry the marker, read over the Graph API as anybody with the token could. */
export async function postsSeen(meta: SimulatedMeta, marker: string): Promise<SeenPost[]> {
  const feeds = await Promise.all(
    FEEDS.map(async ({ channel, account, edge, text }) => {
      const response = await fetch(`${meta.url}/${API_VERSION}/${meta[account]}/${edge}?fields=id,${text}`, {
        headers: { Authorization: `Bearer ${meta.accessToken}` },
      });
      if (!response.ok) throw new Error(`the simulator's ${channel} feed answered HTTP ${response.status}`);
      const { data } = listSchema.parse(await response.json());
      return data.filter((post) => String(post[text]).includes(marker)).map(({ id }) => ({ channel, id }));
    }),
  );
  return feeds.flat();
}
