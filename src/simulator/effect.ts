import { z } from 'zod';
import { deskEffects } from './desk/effects.js';
import { targetingSchema } from './targeting.js';

const id = z.string().min(1);

const image = z.object({
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  format: z.enum(['jpeg', 'png', 'gif', 'tiff']),
  /** Size of the file. */
  bytes: z.int(),
  /** Pixels, as seen upright. */
  width: z.int(),
  height: z.int(),
});

/** An image the simulator fetched and keeps. */
export type Image = z.infer<typeof image>;

const effectBody = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('photo.created'),
    photoId: id,
    image,
    caption: z.string(),
    altText: z.string().optional(),
    /** The post a photo becomes by itself when it is published on its own. */
    postId: id.optional(),
  }),
  z.object({ type: z.literal('photo.deleted'), photoId: id }),
  z.object({
    type: z.literal('post.created'),
    postId: id,
    message: z.string(),
    photoIds: z.array(id),
    targeting: targetingSchema.optional(),
  }),
  z.object({ type: z.literal('post.published'), postId: id, message: z.string() }),
  z.object({ type: z.literal('post.edited'), postId: id, message: z.string() }),
  z.object({ type: z.literal('post.deleted'), postId: id }),
  z.object({
    type: z.literal('container.created'),
    containerId: id,
    imageUrl: z.string(),
    caption: z.string(),
    altText: z.string().optional(),
  }),
  z.object({ type: z.literal('container.finished'), containerId: id, image }),
  z.object({ type: z.literal('container.error'), containerId: id, subcode: z.int() }),
  /** A container that a fault keeps from ever getting ready. */
  z.object({
    type: z.literal('container.stuck'),
    containerId: id,
    status: z.enum(['IN_PROGRESS', 'EXPIRED']),
  }),
  z.object({ type: z.literal('media.published'), mediaId: id, containerId: id, caption: z.string() }),
  z.object({ type: z.literal('media.comments'), mediaId: id, enabled: z.boolean() }),
  z.object({ type: z.literal('media.deleted'), mediaId: id }),
  /** Whoever runs the Page took it off the public's sight; `code` is what calls are refused with until it is back. */
  z.object({ type: z.literal('page.offline'), code: z.int() }),
  z.object({ type: z.literal('page.online') }),
  ...deskEffects,
]);

/** What a call did to the accounts. */
export type EffectBody = z.infer<typeof effectBody>;

export const effectSchema = effectBody.and(
  z.object({
    /** 1, 2, 3, … without gaps. */
    seq: z.int().min(1),
    /** UTC, with milliseconds. */
    at: z.iso.datetime({ precision: 3 }),
    /** The HTTP call that caused it: the `fbtrace_id` of its answer. A call of the control API has an id of the same form. */
    call: id,
  }),
);

/** One line of the effects log. */
export type Effect = z.infer<typeof effectSchema>;
