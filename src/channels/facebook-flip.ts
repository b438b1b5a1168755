import { type AlertChannel, ChannelFailure } from '../ports/alert-channel.js';
import { created, done, type FacebookPage, isDuplicate, postOf } from './facebook-page.js';
import type { GraphClient } from './graph-client.js';
import { isAbsent } from './graph-errors.js';
import { retryAbsence } from './retry-absence.js';

/** How a Page is posted to, and posts are found and removed. */
export type PostingWay = Pick<AlertChannel, 'stage' | 'publish' | 'look' | 'expire'>;

/** The object of an alert is an unpublished post, made of an unpublished photo and flipped by its id: the same flip twice makes one post. */
export function facebookFlip(graph: GraphClient, pageId: string, page: FacebookPage): PostingWay {
  return {
    async stage(content, run) {
      const photoId = await page.uploadPhoto(content, run);
      const parameters = { ...postOf(content, photoId, false) };
      const call = { method: 'POST', path: [pageId, 'feed'], parameters, answer: created } as const;
      try {
        const post = await retryAbsence(() => graph.harmless(call, run.signal), run);
        const object = { id: post.id, attachments: [photoId], lapsesAt: null };
        return { object, reach: { askedRadiusKm: content.askedRadiusKm, deliveredCountries: content.countries } };
      } catch (error) {
        await page.tidyAway(photoId);
        throw error;
      }
    },

    async publish({ object }, run) {
      try {
        await graph.irreversible(
          { method: 'POST', path: [object.id], parameters: { is_published: true }, answer: done },
          run,
        );
        // Not a moment is spent on the permalink, and it is not asked for in the flip itself: Graph answers a read that fails after
        // the write with an error, as if nothing had happened.
        return { postId: null, permalink: null };
      } catch (error) {
        if (isAbsent(error)) return 'absent';
        // When this very post has been flipped before, it may be the one that is up.
        if (object.flippedAt !== null && isDuplicate(error)) throw new ChannelFailure('unknown', error.code);
        throw error;
      }
    },

    look: (placed, run) => page.lookAt(placed, run),

    /** The post first: it is what people see. What nobody does is not worth holding up the answer when it cannot be deleted. */
    async expire(placed, run) {
      const { id, postId, attachments } = placed.object;
      const shown = postId ?? id;
      const gone = await page.delete(shown, placed, run);
      // A person published in its place: what was staged must not surface late.
      for (const hidden of [...(shown === id ? [] : [id]), ...attachments]) await page.tidyAway(hidden);
      return gone;
    },
  };
}
