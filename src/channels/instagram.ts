import { z } from 'zod';
import { HOUR, type Milliseconds, SECOND } from '../domain/time.js';
import {
  type AlertChannel,
  type Audience,
  ChannelFailure,
  type PlacedObject,
  RemovalRefused,
  type StepRun,
} from '../ports/alert-channel.js';
import { refuseUnlessActual } from './audience.js';
import { briefly } from './briefly.js';
import type { GraphClient } from './graph-client.js';
import { classifyContainerError, isAbsent } from './graph-errors.js';
import { type InstagramMedia, instagramFeed } from './instagram-feed.js';
import { refuseReserved } from './instagram-quota.js';
import { findByMarker } from './marked-post.js';
import { pause } from './pause.js';
import { retryAbsence, turnsUp } from './retry-absence.js';

export interface InstagramOptions {
  readonly graph: GraphClient;
  readonly igUserId: string;
  readonly audience: Audience;
}

const CONTAINER_LIFE: Milliseconds = 24 * HOUR;
const FIRST_POLL_AFTER: Milliseconds = 250;
const SLOWEST_POLL: Milliseconds = 2 * SECOND;

/** The removal has its outcome already, and its next attempt does not wait for this. */
const COMMENTS_CLOSED_WITHIN: Milliseconds = 2 * SECOND;

const TOO_EARLY = 'meta/9007/2207027';

const created = z.object({ id: z.string().min(1) });
const done = z.object({ success: z.literal(true) });
const container = z.object({
  status_code: z.enum(['IN_PROGRESS', 'FINISHED', 'ERROR', 'EXPIRED', 'PUBLISHED']),
  status: z.string().optional(),
});
type Container = z.infer<typeof container>;

/**
 * An Instagram professional account. The object of an alert is a container, and what the public sees is the media it becomes, under
 * another id. There is no targeting: no country is delivered, everybody is shown it.
 */
export function createInstagramChannel({ graph, igUserId, audience }: InstagramOptions): AlertChannel {
  const feed = instagramFeed(igUserId);
  const find = (placed: PlacedObject, run: StepRun): Promise<InstagramMedia | undefined> =>
    findByMarker(graph, feed, placed, run);

  const read = (id: string, signal: AbortSignal): Promise<Container> =>
    graph.harmless(
      { method: 'GET', path: [id], parameters: { fields: 'status_code,status' }, answer: container },
      signal,
    );

  /** Waits until Meta has fetched the image. A container that gets stuck is left behind when the step's own time is over. */
  async function finished(id: string, run: StepRun): Promise<void> {
    for (let waitMs = FIRST_POLL_AFTER; ; waitMs = Math.min(2 * waitMs, SLOWEST_POLL)) {
      await pause(waitMs, run.signal);
      run.heartbeat();
      const { status_code, status = '' } = await retryAbsence(() => read(id, run.signal), run);
      if (status_code === 'FINISHED') return;
      if (status_code === 'ERROR') throw classifyContainerError(status);
      if (status_code !== 'IN_PROGRESS') throw new ChannelFailure('unknown', `container/${status_code.toLowerCase()}`);
    }
  }

  /** The container's status; undefined when the channel knows no such container. */
  async function statusOf(id: string, signal: AbortSignal): Promise<Container['status_code'] | undefined> {
    try {
      return (await read(id, signal)).status_code;
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  }

  /** As much as can be done about a post that stays up. Done again with each attempt: the same call again changes nothing. */
  async function closeComments(mediaId: string, { signal }: StepRun): Promise<boolean> {
    const parameters = { comment_enabled: false };
    const call = { method: 'POST', path: [mediaId], parameters, answer: done } as const;
    return briefly(COMMENTS_CLOSED_WITHIN, signal, (brief) => graph.harmless(call, brief)).then(
      () => true,
      () => false,
    );
  }

  async function deleteMedia(mediaId: string, placed: PlacedObject, run: StepRun): Promise<'removed' | 'absent'> {
    try {
      await graph.irreversible({ method: 'DELETE', path: [mediaId], answer: done }, run);
      return 'removed';
    } catch (error) {
      if (error instanceof ChannelFailure && error.kind === 'refused') {
        throw new RemovalRefused(error.code, await closeComments(mediaId, run));
      }
      if (!isAbsent(error)) throw error;
      // Untrue for a moment after a flip, and the age of the container does not tell how old the media is: the feed has to agree.
      const isThere = async (): Promise<boolean> => (await find(placed, run))?.id === mediaId;
      if (await turnsUp(isThere, run)) throw error;
      return 'absent';
    }
  }

  return {
    name: 'instagram',

    async stage({ runKind, text, altText, imageUrl, askedRadiusKm }, run) {
      refuseUnlessActual(audience, runKind);
      const parameters = { image_url: imageUrl, caption: text, alt_text: altText };
      const call = { method: 'POST', path: [igUserId, 'media'], parameters, answer: created } as const;
      const { id } = await retryAbsence(() => graph.harmless(call, run.signal), run);
      const lapsesAt = Date.now() + CONTAINER_LIFE;
      await finished(id, run);
      return { object: { id, attachments: [], lapsesAt }, reach: { askedRadiusKm, deliveredCountries: [] } };
    },

    /**
     * Never answers `absent`. A container that has been published already is refused in words that differ and mislead (not found,
     * expired, too early); all of them count as unknown, and the look that follows tells by status and marker what is there.
     */
    async publish({ object, runKind, need = 'urgent' }, run) {
      refuseUnlessActual(audience, runKind);
      await refuseReserved(graph, igUserId, need, run);
      try {
        const media = await graph.irreversible(
          {
            method: 'POST',
            path: [igUserId, 'media_publish'],
            parameters: { creation_id: object.id },
            answer: created,
          },
          run,
        );
        return { postId: media.id, permalink: null };
      } catch (error) {
        if (object.flippedAt !== null && error instanceof ChannelFailure && error.code === TOO_EARLY) {
          throw new ChannelFailure('unknown', error.code);
        }
        throw error;
      }
    },

    update() {
      // A caption cannot be edited once it is published.
      return Promise.resolve('notEditable');
    },

    /** The feed is asked whatever the status says: a status can be late, and outlives the media. */
    async look(placed, run) {
      const status = await statusOf(placed.object.id, run.signal);
      const media = await find(placed, run);
      if (media) return { postId: media.id, permalink: media.permalink ?? null };
      switch (status) {
        case 'PUBLISHED':
          return { postId: null, permalink: null };
        case 'FINISHED':
        case 'IN_PROGRESS':
          return 'notLive';
        case 'ERROR':
        case 'EXPIRED':
        case undefined:
          return 'absent';
      }
    },

    async expire(placed, run) {
      const { postId, flippedAt } = placed.object;
      if (postId !== null) return deleteMedia(postId, placed, run);
      // A container cannot be deleted. Never flipped, it lapses without anybody having seen it.
      if (flippedAt === null) return 'removed';
      const media = await find(placed, run);
      return media ? deleteMedia(media.id, placed, run) : 'notSeen';
    },
  };
}
