import { z } from 'zod';
import { markerIn } from '../domain/case-number.js';
import type { Account } from '../ports/account.js';
import { readPages } from './graph-pages.js';
import type { InstagramOptions } from './instagram.js';

const media = z.object({ id: z.string().min(1), caption: z.string().optional(), timestamp: z.string() });
type Media = z.infer<typeof media>;

const createdAt = ({ timestamp }: Media): number => Date.parse(timestamp);

/** What is on an Instagram account: its media. Containers are listed nowhere, and lapse by themselves. */
export function createInstagramAccount({ graph, igUserId }: Pick<InstagramOptions, 'graph' | 'igUserId'>): Account {
  return {
    name: 'instagram',
    async list(since, run) {
      const parameters = { fields: 'id,caption,timestamp' };
      const all = await readPages(graph, { path: [igUserId, 'media'], parameters, item: media, createdAt }, since, run);
      return all.map((one) => ({
        id: one.id,
        marker: markerIn(one.caption ?? '') ?? null,
        live: true,
        createdAt: createdAt(one),
        attachments: [],
      }));
    },
  };
}
