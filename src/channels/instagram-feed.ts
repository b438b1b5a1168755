import { z } from 'zod';
import type { PostList } from './marked-post.js';

const media = z.object({
  id: z.string().min(1),
  caption: z.string().optional(),
  timestamp: z.string(),
  permalink: z.string().optional(),
});
export type InstagramMedia = z.infer<typeof media>;

/** What the public sees on an Instagram account. Containers are listed nowhere. */
export function instagramFeed(igUserId: string): PostList<InstagramMedia> {
  return {
    path: [igUserId, 'media'],
    parameters: { fields: 'id,caption,timestamp,permalink' },
    item: media,
    createdAt: ({ timestamp }) => Date.parse(timestamp),
    text: ({ caption }) => caption,
  };
}
