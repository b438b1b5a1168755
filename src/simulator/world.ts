import { type Desk, evolveDesk } from './desk/desk.js';
import type { Effect, Image } from './effect.js';
import type { Targeting } from './targeting.js';

/** A moment in the log: `at` is UTC with milliseconds, `seq` orders what happened within one millisecond. */
interface Moment {
  readonly at: string;
  readonly seq: number;
}

export interface Photo {
  readonly id: string;
  readonly image: Image;
  readonly caption: string;
  readonly altText: string | undefined;
  /** Set when the photo was published on its own: photo and post then live and go together. */
  readonly postId: string | undefined;
  readonly created: Moment;
  deleted?: Moment;
}

export interface Post {
  readonly id: string;
  message: string;
  readonly photoIds: readonly string[];
  readonly targeting: Targeting | undefined;
  readonly created: Moment;
  updated: Moment;
  published?: Moment;
  deleted?: Moment;
}

export interface Container {
  readonly id: string;
  readonly imageUrl: string;
  readonly caption: string;
  readonly altText: string | undefined;
  readonly created: Moment;
  readonly call: string;
  image?: Image;
  /** Instagram's subcode, when the image was refused. */
  errorSubcode?: number;
  /** Set when it will never get ready, and shows this for ever. */
  stuck?: 'IN_PROGRESS' | 'EXPIRED';
  mediaId?: string;
}

export interface Media {
  readonly id: string;
  readonly caption: string;
  readonly altText: string | undefined;
  readonly image: Image;
  readonly published: Moment;
  commentsEnabled: boolean;
  deleted?: Moment;
}

/** Everything that was ever on the accounts. Deleted objects stay, marked, so that an id is never given twice. */
export interface World {
  readonly photos: Map<string, Photo>;
  readonly posts: Map<string, Post>;
  readonly containers: Map<string, Container>;
  readonly media: Map<string, Media>;
  /** While the Page is offline, the code that calls to it are refused with. */
  readonly page: { offlineCode?: number };
  readonly desk: Desk;
}

/** The world before anything happened. */
export function emptyWorld(): World {
  return {
    photos: new Map(),
    posts: new Map(),
    containers: new Map(),
    media: new Map(),
    page: {},
    desk: { alerts: new Map() },
  };
}

/**
 * Applies one effect to the world, in place. Nothing else changes a world.
 * @throws Error if the effect speaks of an object that no earlier effect created
 */
export function evolve(world: World, effect: Effect): void {
  const moment: Moment = { at: effect.at, seq: effect.seq };
  switch (effect.type) {
    case 'photo.created':
      world.photos.set(effect.photoId, {
        id: effect.photoId,
        image: effect.image,
        caption: effect.caption,
        altText: effect.altText,
        postId: effect.postId,
        created: moment,
      });
      return;
    case 'photo.deleted':
      known(world.photos, effect.photoId).deleted = moment;
      return;
    case 'post.created':
      world.posts.set(effect.postId, {
        id: effect.postId,
        message: effect.message,
        photoIds: effect.photoIds,
        targeting: effect.targeting,
        created: moment,
        updated: moment,
      });
      return;
    case 'post.published': {
      const post = known(world.posts, effect.postId);
      post.published = moment;
      post.updated = moment;
      return;
    }
    case 'post.edited': {
      const post = known(world.posts, effect.postId);
      post.message = effect.message;
      post.updated = moment;
      return;
    }
    case 'post.deleted':
      known(world.posts, effect.postId).deleted = moment;
      return;
    case 'container.created':
      world.containers.set(effect.containerId, {
        id: effect.containerId,
        imageUrl: effect.imageUrl,
        caption: effect.caption,
        altText: effect.altText,
        created: moment,
        call: effect.call,
      });
      return;
    case 'container.finished':
      known(world.containers, effect.containerId).image = effect.image;
      return;
    case 'container.error':
      known(world.containers, effect.containerId).errorSubcode = effect.subcode;
      return;
    case 'container.stuck':
      known(world.containers, effect.containerId).stuck = effect.status;
      return;
    case 'media.published': {
      const container = known(world.containers, effect.containerId);
      if (container.image === undefined) throw new Error(`container ${container.id} was published without an image`);
      container.mediaId = effect.mediaId;
      world.media.set(effect.mediaId, {
        id: effect.mediaId,
        caption: effect.caption,
        altText: container.altText,
        image: container.image,
        published: moment,
        commentsEnabled: true,
      });
      return;
    }
    case 'media.comments':
      known(world.media, effect.mediaId).commentsEnabled = effect.enabled;
      return;
    case 'media.deleted':
      known(world.media, effect.mediaId).deleted = moment;
      return;
    case 'page.offline':
      world.page.offlineCode = effect.code;
      return;
    case 'page.online':
      delete world.page.offlineCode;
      return;
    case 'desk.received':
    case 'desk.repeated':
    case 'desk.published':
    case 'desk.widened':
    case 'desk.removed':
    case 'desk.confirmed':
      evolveDesk(world.desk, effect);
      return;
  }
}

/** Posts the public can see on the Page, newest first: none while it is offline. */
export function postsOnFeed(world: World): Post[] {
  if (world.page.offlineCode !== undefined) return [];
  return [...world.posts.values()]
    .filter((post) => post.published !== undefined && post.deleted === undefined)
    .sort((a, b) => (b.published?.seq ?? 0) - (a.published?.seq ?? 0));
}

/** Media the public can see on Instagram, newest first. */
export function mediaOnFeed(world: World): Media[] {
  return [...world.media.values()]
    .filter((media) => media.deleted === undefined)
    .sort((a, b) => b.published.seq - a.published.seq);
}

/** The photos of a post that have not been deleted. */
export function photosOf(world: World, post: Post): Photo[] {
  return post.photoIds.flatMap((id) => {
    const photo = world.photos.get(id);
    return photo === undefined || photo.deleted !== undefined ? [] : [photo];
  });
}

/** The image with this hash, if anything that has not been deleted shows it. */
export function imageInUse(world: World, sha256: string): Image | undefined {
  const photo = [...world.photos.values()].find((p) => p.deleted === undefined && p.image.sha256 === sha256);
  return photo?.image ?? mediaOnFeed(world).find((m) => m.image.sha256 === sha256)?.image;
}

function known<T>(objects: Map<string, T>, id: string): T {
  const object = objects.get(id);
  if (object === undefined) throw new Error(`the effects log speaks of ${id} before it was created`);
  return object;
}
