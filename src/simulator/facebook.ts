import { z } from 'zod';
import { chosenFields, graphTime, page } from './answer-fields.js';
import type { EffectBody } from './effect.js';
import { doesNotExist, GraphError, invalidParameter } from './graph-error.js';
import { newId } from './ids.js';
import { fetchImage, ImageFetchError } from './image-fetch.js';
import type { GraphCall, Operations, Simulation } from './simulation.js';
import { targetingSchema, type Targeting } from './targeting.js';
import { photosOf, postsOnFeed, type Photo, type Post } from './world.js';

const MAX_PHOTO_BYTES = 10 * 1024 * 1024;

/** What the Page can be asked for. */
export const pageOperations: Operations = {
  GET: { endpoint: 'facebook.readPage', run: readPage },
  'POST photos': { endpoint: 'facebook.createPhoto', run: createPhoto },
  'POST feed': { endpoint: 'facebook.createPost', run: createPost },
  'GET feed': { endpoint: 'facebook.listPosts', run: listFeed },
  'GET posts': { endpoint: 'facebook.listPosts', run: listFeed },
  'GET published_posts': { endpoint: 'facebook.listPosts', run: listFeed },
  'GET promotable_posts': { endpoint: 'facebook.listPosts', run: listPromotablePosts },
};

export const postOperations: Operations = {
  GET: { endpoint: 'facebook.readPost', run: readPost },
  POST: {
    endpoint: (parameters) =>
      parameters.flag('is_published') === undefined ? 'facebook.editPost' : 'facebook.publishPost',
    run: changePost,
  },
  DELETE: { endpoint: 'facebook.deletePost', run: deletePost },
};

export const photoOperations: Operations = {
  GET: { endpoint: 'facebook.readPost', run: readPhoto },
  DELETE: { endpoint: 'facebook.deletePost', run: deletePhoto },
};

function readPage({ log }: Simulation, call: GraphCall): object {
  const { pageId, igUserId } = log.accounts;
  return chosenFields(
    call,
    'Page',
    {
      id: pageId,
      name: 'Simulated account',
      link: `${call.origin}/`,
      is_published: log.world.page.offlineCode === undefined,
      instagram_business_account: { id: igUserId },
    },
    ['name'],
  );
}

async function createPhoto(simulation: Simulation, call: GraphCall): Promise<object> {
  const { parameters } = call;
  const url = parameters.text('url');
  if (url === undefined) throw GraphError.of('badImageFile', '(#324) Requires upload file');
  const published = parameters.flag('published') ?? true;
  const caption = parameters.text('caption') ?? parameters.text('message') ?? '';
  const altText = parameters.text('alt_text_custom');
  const targeting = targetingOf(call);
  if (call.disturbance.imageFetch !== undefined) throw GraphError.of('badImageFile');
  const { bytes, image } = await fetchImage(url, MAX_PHOTO_BYTES, simulation.stopping).catch((error: unknown) => {
    if (error instanceof ImageFetchError) throw GraphError.of('badImageFile');
    throw error;
  });
  if (published) refuseDuplicateText(simulation, caption);

  const photoId = newId('122', (id) => simulation.log.world.photos.has(id));
  const postId = published ? newPostId(simulation) : undefined;
  const effects: EffectBody[] = [
    {
      type: 'photo.created',
      photoId,
      image,
      caption,
      ...(altText === undefined ? {} : { altText }),
      ...(postId === undefined ? {} : { postId }),
    },
  ];
  if (postId !== undefined) {
    effects.push(
      { type: 'post.created', postId, message: caption, photoIds: [photoId], ...(targeting && { targeting }) },
      { type: 'post.published', postId, message: caption },
    );
  }
  simulation.images.put(image.sha256, bytes);
  simulation.log.append(call.id, ...effects);
  return { id: photoId, ...(postId === undefined ? {} : { post_id: postId }) };
}

function createPost(simulation: Simulation, call: GraphCall): object {
  const { parameters } = call;
  const message = parameters.text('message') ?? '';
  const photoIds = attachedPhotos(simulation, call);
  const published = parameters.flag('published') ?? true;
  const targeting = targetingOf(call);
  if (message === '' && photoIds.length === 0) throw invalidParameter('Missing message or attachment');
  if (published) refuseDuplicateText(simulation, message);

  const postId = newPostId(simulation);
  const effects: EffectBody[] = [
    { type: 'post.created', postId, message, photoIds, ...(targeting && { targeting }) },
    ...(published ? [{ type: 'post.published' as const, postId, message }] : []),
  ];
  simulation.log.append(call.id, ...effects);
  return { id: postId };
}

function listFeed(simulation: Simulation, call: GraphCall): object {
  return page(
    call,
    postsOnFeed(simulation.log.world).filter(({ id }) => !simulation.readAfterWrite.hides(id)),
    (post) => post.published?.seq ?? 0,
    (post) => shownPost(simulation, call, post),
  );
}

function listPromotablePosts(simulation: Simulation, call: GraphCall): object {
  const wanted = call.parameters.flag('is_published');
  const posts = [...simulation.log.world.posts.values()]
    .filter((post) => post.deleted === undefined)
    .filter((post) => wanted === undefined || wanted === (post.published !== undefined))
    .filter(({ id }) => !simulation.readAfterWrite.hides(id))
    .sort((a, b) => b.created.seq - a.created.seq);
  return page(
    call,
    posts,
    (post) => post.created.seq,
    (post) => shownPost(simulation, call, post),
  );
}

function readPost(simulation: Simulation, call: GraphCall): object {
  return shownPost(simulation, call, livePost(simulation, call));
}

function changePost(simulation: Simulation, call: GraphCall): object {
  const post = livePost(simulation, call);
  const message = call.parameters.text('message');
  const publish = call.parameters.flag('is_published');
  for (const fixed of ['targeting', 'attached_media', 'url']) {
    if (call.parameters.has(fixed)) throw invalidParameter(`Param ${fixed} cannot be changed`);
  }
  if (publish === false) throw invalidParameter('A post cannot be unpublished');
  if (message === undefined && publish === undefined) throw invalidParameter('Nothing to change');

  const flips = publish === true && post.published === undefined;
  if (flips) refuseDuplicateText(simulation, message ?? post.message);
  const effects: EffectBody[] = [];
  if (message !== undefined) effects.push({ type: 'post.edited', postId: post.id, message });
  if (flips) effects.push({ type: 'post.published', postId: post.id, message: message ?? post.message });
  if (publish === true && post.published !== undefined && simulation.settings.secondFlip === 'copy') {
    const copy = { postId: newPostId(simulation), message: post.message };
    effects.push(
      {
        type: 'post.created',
        ...copy,
        photoIds: [...post.photoIds],
        ...(post.targeting && { targeting: post.targeting }),
      },
      { type: 'post.published', ...copy },
    );
  }
  simulation.log.append(call.id, ...effects);
  return { success: true };
}

function deletePost(simulation: Simulation, call: GraphCall): object {
  const post = livePost(simulation, call);
  // A photo posted to be seen later, and then attached, stays behind unseen; one that was its own post goes with it.
  const ownPhotos = photosOf(simulation.log.world, post).filter((photo) => photo.postId === post.id);
  simulation.log.append(
    call.id,
    { type: 'post.deleted', postId: post.id },
    ...ownPhotos.map((photo) => ({ type: 'photo.deleted' as const, photoId: photo.id })),
  );
  return { success: true };
}

function readPhoto(simulation: Simulation, call: GraphCall): object {
  const photo = livePhoto(simulation, call);
  const { image } = photo;
  return chosenFields(
    call,
    'Photo',
    {
      id: photo.id,
      name: photo.caption === '' ? undefined : photo.caption,
      alt_text_custom: photo.altText,
      created_time: graphTime(photo.created.at),
      page_story_id: photo.postId,
      images: [{ height: image.height, width: image.width, source: imageUrl(call, photo) }],
    },
    ['created_time', 'name'],
  );
}

function deletePhoto(simulation: Simulation, call: GraphCall): object {
  const photo = livePhoto(simulation, call);
  simulation.log.append(
    call.id,
    { type: 'photo.deleted', photoId: photo.id },
    ...(photo.postId === undefined ? [] : [{ type: 'post.deleted' as const, postId: photo.postId }]),
  );
  return { success: true };
}

function shownPost(simulation: Simulation, call: GraphCall, post: Post): object {
  const photos = photosOf(simulation.log.world, post);
  const cover = photos[0];
  const url = `${call.origin}/#${post.id}`;
  return chosenFields(
    call,
    'Post',
    {
      id: post.id,
      message: post.message === '' ? undefined : post.message,
      // Nobody but the Page posts here; on Facebook its feed shows visitors' posts too.
      from: { id: simulation.log.accounts.pageId },
      created_time: graphTime((post.published ?? post.created).at),
      updated_time: graphTime(post.updated.at),
      is_published: post.published !== undefined,
      permalink_url: url,
      full_picture: cover && imageUrl(call, cover),
      attachments:
        photos.length === 0
          ? undefined
          : {
              data: photos.map((photo) => ({
                type: 'photo',
                target: { id: photo.id, url },
                media: {
                  image: { height: photo.image.height, width: photo.image.width, src: imageUrl(call, photo) },
                },
                description: photo.altText,
                url,
              })),
            },
      targeting: post.targeting,
    },
    ['created_time', 'message'],
  );
}

function imageUrl(call: GraphCall, photo: Photo): string {
  return `${call.origin}/simulator/images/${photo.image.sha256}`;
}

function livePost(simulation: Simulation, call: GraphCall): Post {
  const post = simulation.log.world.posts.get(call.objectId);
  if (post === undefined || post.deleted !== undefined) throw doesNotExist(call.method, call.objectId);
  return post;
}

function livePhoto(simulation: Simulation, call: GraphCall): Photo {
  const photo = simulation.log.world.photos.get(call.objectId);
  if (photo === undefined || photo.deleted !== undefined) throw doesNotExist(call.method, call.objectId);
  return photo;
}

function attachedPhotos(simulation: Simulation, call: GraphCall): string[] {
  return call.parameters.list('attached_media').map((item) => {
    const parsed = z.object({ media_fbid: z.coerce.string() }).safeParse(item);
    if (!parsed.success) throw invalidParameter('Param attached_media must be an array of {media_fbid}');
    const photoId = parsed.data.media_fbid;
    if (simulation.readAfterWrite.hides(photoId)) throw doesNotExist(call.method, photoId);
    const photo = simulation.log.world.photos.get(photoId);
    if (photo === undefined || photo.deleted !== undefined || photo.postId !== undefined) {
      throw invalidParameter('Param attached_media must name unpublished photos of this Page');
    }
    return photo.id;
  });
}

function targetingOf(call: GraphCall): Targeting | undefined {
  const given = call.parameters.structure('targeting');
  if (given === undefined) return undefined;
  const parsed = targetingSchema.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalidParameter(`Param targeting: ${issue?.message ?? 'invalid'} at ${issue?.path.join('.') ?? ''}`);
  }
  return parsed.data;
}

function newPostId(simulation: Simulation): string {
  return newId(`${simulation.log.accounts.pageId}_122`, (id) => simulation.log.world.posts.has(id));
}

function refuseDuplicateText(simulation: Simulation, message: string): void {
  const newest = postsOnFeed(simulation.log.world)[0];
  if (message !== '' && newest?.message === message) throw GraphError.of('duplicateText');
}
