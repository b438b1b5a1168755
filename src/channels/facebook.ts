import { z } from 'zod';
import { type AlertChannel, type Audience, ChannelFailure, type StepRun } from '../ports/alert-channel.js';
import { refuseUnlessActual } from './audience.js';
import type { GraphClient } from './graph-client.js';
import { isAbsent } from './graph-errors.js';

export interface FacebookOptions {
  readonly graph: GraphClient;
  readonly pageId: string;
  readonly audience: Audience;
}

const created = z.object({ id: z.string().min(1) });
const done = z.object({ success: z.literal(true) });
const shownPost = z.object({ is_published: z.boolean(), permalink_url: z.string().optional() });

/** A leftover photo that nobody can see is not worth holding up the next attempt. */
const TIDYING_MS = 2_000;

/**
 * A Facebook Page. The object of an alert is an unpublished post, made of an unpublished photo and flipped by its id; no countries mean
 * that everybody is shown it.
 */
export function createFacebookChannel({ graph, pageId, audience }: FacebookOptions): AlertChannel {
  async function deletePost(postId: string, run: StepRun): Promise<'removed' | 'absent'> {
    try {
      await graph.irreversible({ method: 'DELETE', path: [postId], answer: done }, run);
      return 'removed';
    } catch (error) {
      if (isAbsent(error)) return 'absent';
      throw error;
    }
  }

  async function tidyAway(photoId: string): Promise<void> {
    const call = { method: 'DELETE', path: [photoId], answer: done } as const;
    await graph.harmless(call, AbortSignal.timeout(TIDYING_MS)).catch(() => undefined);
  }

  return {
    name: 'facebook',

    async stage({ runKind, text, altText, imageUrl, countries, askedRadiusKm }, run) {
      refuseUnlessActual(audience, runKind);
      const photo = await graph.harmless(
        {
          method: 'POST',
          path: [pageId, 'photos'],
          parameters: { url: imageUrl, published: false, alt_text_custom: altText },
          answer: created,
        },
        run.signal,
      );
      run.heartbeat();
      const parameters = {
        message: text,
        attached_media: [{ media_fbid: photo.id }],
        published: false,
        ...(countries.length > 0 ? { targeting: { geo_locations: { countries } } } : {}),
      };
      try {
        const post = await graph.harmless(
          { method: 'POST', path: [pageId, 'feed'], parameters, answer: created },
          run.signal,
        );
        const object = { id: post.id, attachments: [photo.id], lapsesAt: null };
        return { object, reach: { askedRadiusKm, deliveredCountries: countries } };
      } catch (error) {
        await tidyAway(photo.id);
        throw error;
      }
    },

    async publish({ object, runKind }, run) {
      refuseUnlessActual(audience, runKind);
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
        if (object.flippedAt !== null && isDuplicate(error)) throw new ChannelFailure('unknown', error.code);
        throw error;
      }
    },

    async update({ object, runKind }, { text }, run) {
      refuseUnlessActual(audience, runKind);
      if (Date.now() >= run.sendBefore) throw new ChannelFailure('notSent', 'deadline_passed');
      try {
        await graph.harmless(
          { method: 'POST', path: [object.id], parameters: { message: text }, answer: done },
          run.signal,
        );
        return 'updated';
      } catch (error) {
        if (isAbsent(error)) return 'absent';
        throw error;
      }
    },

    async look({ object }, run) {
      try {
        const post = await graph.harmless(
          {
            method: 'GET',
            path: [object.id],
            parameters: { fields: 'is_published,permalink_url' },
            answer: shownPost,
          },
          run.signal,
        );
        return post.is_published ? { postId: null, permalink: post.permalink_url ?? null } : 'notLive';
      } catch (error) {
        if (isAbsent(error)) return 'absent';
        throw error;
      }
    },

    /** The post first: it is what people see. Its photo, which nobody does, does not hold up the answer when it cannot be deleted. */
    async expire({ object }, run) {
      const gone = await deletePost(object.id, run);
      for (const photoId of object.attachments) await tidyAway(photoId);
      return gone;
    },
  };
}

/** The text is on the Page already. When this very post has been flipped before, it may be the one. */
function isDuplicate(error: unknown): error is ChannelFailure {
  return error instanceof ChannelFailure && /^meta\/506\b/.test(error.code);
}
