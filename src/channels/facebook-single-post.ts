import { z } from 'zod';
import { ChannelFailure, type LivePost, type PlacedObject, type StepRun } from '../ports/alert-channel.js';
import type { PostingWay } from './facebook-flip.js';
import { created, type FacebookPage, isDuplicate, postOf } from './facebook-page.js';
import type { GraphClient } from './graph-client.js';
import { isAbsent } from './graph-errors.js';
import { findByMarker, type PostList } from './marked-post.js';

const listed = z.object({
  id: z.string().min(1),
  message: z.string().optional(),
  created_time: z.string(),
  permalink_url: z.string().optional(),
  from: z.object({ id: z.string() }).optional(),
});

/**
 * For a Page on which flipping does not do what it should. The object of an alert is a photo that nobody can see, and the post of it is
 * made when it is published, by one call that is sent once. Sent again it would make a second post, so what is not known of it is
 * settled by searching the feed for the marker; not found may mean late.
 */
export function facebookSinglePost(graph: GraphClient, pageId: string, page: FacebookPage): PostingWay {
  const feed: PostList<z.infer<typeof listed>> = {
    path: [pageId, 'feed'],
    parameters: { fields: 'id,message,created_time,permalink_url,from{id}' },
    item: listed,
    createdAt: ({ created_time }) => Date.parse(created_time),
    // The feed also shows what visitors wrote on the Page: not ours, whatever it says.
    text: ({ from, message }) => (from === undefined || from.id === pageId ? message : undefined),
  };

  async function find(placed: PlacedObject, run: StepRun): Promise<LivePost | undefined> {
    const post = await findByMarker(graph, feed, placed, run);
    return post && { postId: post.id, permalink: post.permalink_url ?? null };
  }

  /** Before anything is sent: a search that fails says only that nothing was. */
  async function findBeforehand(placed: PlacedObject, run: StepRun): Promise<LivePost | undefined> {
    try {
      return await find(placed, run);
    } catch (error) {
      if (!(error instanceof ChannelFailure) || error.kind !== 'unknown') throw error;
      throw new ChannelFailure('notSent', error.code);
    }
  }

  async function isGone(photoId: string, run: StepRun): Promise<boolean> {
    const call = { method: 'GET', path: [photoId], parameters: { fields: 'id' }, answer: created } as const;
    return graph.harmless(call, run.signal).then(() => false, isAbsent);
  }

  return {
    async stage(content, run) {
      const { askedRadiusKm, countries } = content;
      const id = await page.uploadPhoto(content, run);
      return {
        object: { id, attachments: [], lapsesAt: null, postsAnew: true },
        reach: { askedRadiusKm, deliveredCountries: countries },
      };
    },

    async publish(placed, run, content) {
      const { id } = placed.object;
      if (!content) throw new ChannelFailure('refused', 'content/missing');
      // Perhaps an earlier one has surfaced that a person had given up, or somebody has posted it by hand.
      const there = await findBeforehand(placed, run);
      if (there) return there;
      const parameters = { ...postOf(content, id, true) };
      try {
        const post = await graph.irreversible(
          { method: 'POST', path: [pageId, 'feed'], parameters, answer: created },
          run,
        );
        return { postId: post.id, permalink: null };
      } catch (error) {
        if (isAbsent(error)) return 'absent';
        // The same text is up: this may be it.
        if (isDuplicate(error)) throw new ChannelFailure('unknown', error.code);
        if (isBadParameter(error) && (await isGone(id, run))) return 'absent';
        throw error;
      }
    },

    async look(placed, run) {
      return (await find(placed, run)) ?? 'notLive';
    },

    /** Without its photo a call that is still under way makes no post, or one without what people recognise. */
    async expire(placed, run) {
      const { id, postId, flippedAt } = placed.object;
      if (postId === null && flippedAt === null) return page.delete(id, placed, run);
      const shown = postId ?? (await find(placed, run))?.postId ?? null;
      const gone = shown === null ? 'notSeen' : await page.delete(shown, placed, run);
      await page.tidyAway(id);
      return gone;
    },
  };
}

function isBadParameter(error: unknown): boolean {
  return error instanceof ChannelFailure && error.code === 'meta/100';
}
