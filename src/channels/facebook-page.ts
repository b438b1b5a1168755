import { z } from 'zod';
import { HOUR, type Milliseconds } from '../domain/time.js';
import {
  type AlertContent,
  ChannelFailure,
  type LivePost,
  type PlacedObject,
  type StepRun,
} from '../ports/alert-channel.js';
import type { GraphClient } from './graph-client.js';
import { isAbsent } from './graph-errors.js';
import { type GraphList, pagesOf } from './graph-pages.js';
import { retryAbsence, turnsUp } from './retry-absence.js';

export const created = z.object({ id: z.string().min(1) });
export const done = z.object({ success: z.literal(true) });
const shownPost = z.object({ is_published: z.boolean(), permalink_url: z.string().optional() });

const listed = z.object({ id: z.string().min(1), created_time: z.string() });

/** How far Meta's clock and ours may lie apart before a look at the feed ends too early. */
const CLOCKS_APART: Milliseconds = HOUR;

/** A leftover that nobody can see is not worth holding up the next attempt. */
const TIDYING_MS = 2_000;

/** The calls to a Facebook Page that do not depend on how it is posted to. */
export interface FacebookPage {
  /** Makes a photo that nobody can see. @returns its id */
  uploadPhoto(content: AlertContent, run: StepRun): Promise<string>;
  /** Looks at the post of an object by its id. */
  lookAt(placed: PlacedObject, run: StepRun): Promise<LivePost | 'notLive' | 'absent'>;
  /** Deletes a post of an object, or a photo that nobody can see. */
  delete(id: string, placed: PlacedObject, run: StepRun): Promise<'removed' | 'absent'>;
  /**
   * Whether the Page shows what a call by its id said is not there. Meta says that also of a post that it is still spreading the word of,
   * and of one that the token may not see by its id: the feed has to agree before a post counts as gone.
   */
  shows(id: string, placed: PlacedObject, run: Pick<StepRun, 'signal' | 'heartbeat'>): Promise<boolean>;
  /** Deletes what nobody can see, if that is to be had. Never fails. */
  tidyAway(id: string): Promise<void>;
}

/** @throws ChannelFailure from every call but `tidyAway` */
export function facebookPage(graph: GraphClient, pageId: string): FacebookPage {
  const feed: GraphList<z.infer<typeof listed>> = {
    path: [pageId, 'feed'],
    parameters: { fields: 'id,created_time' },
    item: listed,
    createdAt: ({ created_time }) => Date.parse(created_time),
  };
  const shows: FacebookPage['shows'] = async (id, { object }, run) => {
    for await (const page of pagesOf(graph, feed, object.stagedAt - CLOCKS_APART, run)) {
      if (page.some((post) => post.id === id)) return true;
    }
    return false;
  };

  return {
    async uploadPhoto({ imageUrl, altText }, run) {
      const parameters = { url: imageUrl, published: false, alt_text_custom: altText };
      const call = { method: 'POST', path: [pageId, 'photos'], parameters, answer: created } as const;
      const photo = await retryAbsence(() => graph.harmless(call, run.signal), run);
      run.heartbeat();
      return photo.id;
    },

    shows,

    async lookAt(placed, run) {
      const postId = placed.object.id;
      const parameters = { fields: 'is_published,permalink_url' };
      try {
        const post = await graph.harmless({ method: 'GET', path: [postId], parameters, answer: shownPost }, run.signal);
        return post.is_published ? { postId: null, permalink: post.permalink_url ?? null } : 'notLive';
      } catch (error) {
        if (!isAbsent(error)) throw error;
        return (await shows(postId, placed, run)) ? { postId: null, permalink: null } : 'absent';
      }
    },

    async delete(id, placed, run) {
      try {
        await graph.irreversible({ method: 'DELETE', path: [id], answer: done }, run);
        return 'removed';
      } catch (error) {
        if (!isAbsent(error) || (await turnsUp(() => shows(id, placed, run), run))) throw error;
        return 'absent';
      }
    },

    async tidyAway(id) {
      const call = { method: 'DELETE', path: [id], answer: done } as const;
      await graph.harmless(call, AbortSignal.timeout(TIDYING_MS)).catch(() => undefined);
    },
  };
}

/** What a post of a photo is made with. No countries mean that everybody is shown it. */
export function postOf({ text, countries }: AlertContent, photoId: string, published: boolean): object {
  return {
    message: text,
    attached_media: [{ media_fbid: photoId }],
    published,
    ...(countries.length > 0 ? { targeting: { geo_locations: { countries } } } : {}),
  };
}

/** Whether the channel says that this very text is on the Page already. */
export function isDuplicate(error: unknown): error is ChannelFailure {
  return error instanceof ChannelFailure && /^meta\/506\b/.test(error.code);
}
