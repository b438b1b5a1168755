import type { AlertChannel, Audience, PlacedObject } from '../ports/alert-channel.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import { refuseUnlessActual } from './audience.js';
import { facebookFlip, type PostingWay } from './facebook-flip.js';
import { done, facebookPage } from './facebook-page.js';
import { facebookSinglePost } from './facebook-single-post.js';
import type { FacebookStrategy } from './facebook-strategy.js';
import type { GraphClient } from './graph-client.js';
import { isAbsent } from './graph-errors.js';

export interface FacebookOptions {
  readonly graph: GraphClient;
  readonly pageId: string;
  readonly audience: Audience;
  /** How what is staged from now on is published. What has been staged is published as it was meant to be. */
  readonly strategy?: FacebookStrategy;
}

/** A Facebook Page. */
export function createFacebookChannel({ graph, pageId, audience, strategy = 'flip' }: FacebookOptions): AlertChannel {
  const page = facebookPage(graph, pageId);
  const ways = { flip: facebookFlip(graph, pageId, page), 'single-post': facebookSinglePost(graph, pageId, page) };
  const wayOf = ({ object }: PlacedObject): PostingWay => (object.postsAnew ? ways['single-post'] : ways.flip);

  return {
    name: 'facebook',

    async stage(content, run) {
      refuseUnlessActual(audience, content.runKind);
      return ways[strategy].stage(content, run);
    },

    async publish(placed, run, content) {
      refuseUnlessActual(audience, placed.runKind);
      return wayOf(placed).publish(placed, run, content);
    },

    async update(placed, { text }, run) {
      const { object, runKind } = placed;
      refuseUnlessActual(audience, runKind);
      if (Date.now() >= run.sendBefore) throw new ChannelFailure('notSent', 'deadline_passed');
      const postId = object.postId ?? object.id;
      try {
        await graph.harmless(
          { method: 'POST', path: [postId], parameters: { message: text }, answer: done },
          run.signal,
        );
        return 'updated';
      } catch (error) {
        if (!isAbsent(error) || (await page.shows(postId, placed, run))) throw error;
        return 'absent';
      }
    },

    look: (placed, run) => wayOf(placed).look(placed, run),

    expire: (placed, run) => wayOf(placed).expire(placed, run),
  };
}
