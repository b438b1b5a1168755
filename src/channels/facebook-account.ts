import { z } from 'zod';
import { markerIn } from '../domain/case-number.js';
import type { Account, AccountPost } from '../ports/account.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { FacebookOptions } from './facebook.js';
import { readPages } from './graph-pages.js';

const listed = z.object({
  id: z.string().min(1),
  message: z.string().optional(),
  created_time: z.string(),
  from: z.object({ id: z.string() }).optional(),
  attachments: z.object({ data: z.array(z.object({ target: z.object({ id: z.string() }).optional() })) }).optional(),
});
type Listed = z.infer<typeof listed>;

const FIELDS = 'id,message,created_time,from{id},attachments{target{id}}';

/**
 * What is on a Facebook Page: its feed, and its unpublished posts where the version still lists them. Unpublished photos are listed
 * nowhere, and say nothing of whose they are: those of a post are removed with it, and one without a post is seen by nobody.
 */
export function createFacebookAccount({ graph, pageId }: Pick<FacebookOptions, 'graph' | 'pageId'>): Account {
  // The feed also shows what visitors wrote on the Page and posts it is tagged in, a copy of an alert perhaps: not ours to remove.
  const isOurs = ({ from }: Listed): boolean => from === undefined || from.id === pageId;

  const shown = (post: Listed, live: boolean): AccountPost => ({
    id: post.id,
    marker: (isOurs(post) ? markerIn(post.message ?? '') : null) ?? null,
    live,
    createdAt: Date.parse(post.created_time),
    attachments: post.attachments?.data.flatMap(({ target }) => target?.id ?? []) ?? [],
  });

  return {
    name: 'facebook',
    async list(since, run) {
      const read = (edge: string, parameters: object): Promise<Listed[]> =>
        readPages(
          graph,
          {
            path: [pageId, edge],
            parameters: { fields: FIELDS, ...parameters },
            item: listed,
            createdAt: ({ created_time }) => Date.parse(created_time),
          },
          since,
          run,
        );
      // Before the feed: a post flipped meanwhile is then on both and not on neither, and counts as live.
      const unpublished = await read('promotable_posts', { is_published: false }).catch(noneIfRefused);
      const live = await read('feed', {});
      const posts = [...unpublished.map((post) => shown(post, false)), ...live.map((post) => shown(post, true))];
      return [...new Map(posts.map((post) => [post.id, post])).values()];
    },
  };
}

/** A version without the list refuses it. A Page that refuses everything will refuse its feed as well. */
function noneIfRefused(error: unknown): [] {
  if (error instanceof ChannelFailure && error.kind === 'refused') return [];
  throw error;
}
