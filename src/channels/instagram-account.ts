import { markerIn } from '../domain/case-number.js';
import type { Account } from '../ports/account.js';
import { readPages } from './graph-pages.js';
import { instagramFeed } from './instagram-feed.js';
import { readQuota } from './instagram-quota.js';
import type { InstagramOptions } from './instagram.js';

/** What is on an Instagram account: its media. Containers lapse by themselves. */
export function createInstagramAccount({ graph, igUserId }: Pick<InstagramOptions, 'graph' | 'igUserId'>): Account {
  const feed = instagramFeed(igUserId);
  return {
    name: 'instagram',
    async list(since, run) {
      const all = await readPages(graph, feed, since, run);
      return all.map((media) => ({
        id: media.id,
        marker: markerIn(media.caption ?? '') ?? null,
        live: true,
        createdAt: feed.createdAt(media),
        attachments: [],
      }));
    },
    quota: ({ signal }) => readQuota(graph, igUserId, signal),
  };
}
