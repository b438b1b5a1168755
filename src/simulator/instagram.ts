import { chosenFields, graphTime, page } from './answer-fields.js';
import type { EffectBody } from './effect.js';
import { doesNotExist, GraphError, invalidParameter } from './graph-error.js';
import { newId } from './ids.js';
import type { GraphCall, Operations, Simulation } from './simulation.js';
import { mediaOnFeed, type Container, type Media } from './world.js';

const DAY_MS = 24 * 60 * 60 * 1000;
const MAX_CAPTION_CHARACTERS = 2200;

/** What the Instagram account can be asked for. */
export const igUserOperations: Operations = {
  GET: { endpoint: 'instagram.readAccount', run: readAccount },
  'POST media': { endpoint: 'instagram.createContainer', run: createContainer },
  'POST media_publish': { endpoint: 'instagram.publish', run: publish },
  'GET media': { endpoint: 'instagram.listMedia', run: listMedia },
  'GET content_publishing_limit': { endpoint: 'instagram.limit', run: readLimit },
};

export const containerOperations: Operations = {
  GET: { endpoint: 'instagram.readContainer', run: readContainer },
};

/** Captions cannot be edited: a POST can open and close the comments, and nothing else. */
export const mediaOperations: Operations = {
  GET: { endpoint: 'instagram.readMedia', run: readMedia },
  POST: { endpoint: 'instagram.setComments', run: setComments },
  DELETE: { endpoint: 'instagram.deleteMedia', run: deleteMedia },
};

type ContainerStatus = 'IN_PROGRESS' | 'FINISHED' | 'ERROR' | 'EXPIRED' | 'PUBLISHED';

const STATUS_WORDS: Readonly<Record<ContainerStatus, string>> = {
  IN_PROGRESS: 'In Progress: Media is still being processed.',
  FINISHED: 'Finished: Media has been uploaded and it is ready to be published.',
  ERROR: 'Error: Media upload has failed with error code',
  EXPIRED: 'Expired: The container was not published within 24 hours.',
  PUBLISHED: 'Published: Media has been published.',
};

/** What a container that a fault made an error says: "unknown upload error". */
const UPLOAD_ERROR = 2207053;

function readAccount({ log }: Simulation, call: GraphCall): object {
  return chosenFields(
    call,
    'IGUser',
    { id: log.accounts.igUserId, username: 'simulated.account', name: 'Simulated account' },
    [],
  );
}

function createContainer(simulation: Simulation, call: GraphCall): object {
  const { parameters } = call;
  const imageUrl = parameters.text('image_url');
  const caption = parameters.text('caption') ?? '';
  const altText = parameters.text('alt_text');
  const kind = parameters.text('media_type') ?? 'IMAGE';
  if (kind !== 'IMAGE') throw GraphError.of('unknownMediaType');
  if (imageUrl === undefined) throw invalidParameter('The parameter image_url is required');
  if (Array.from(caption).length > MAX_CAPTION_CHARACTERS) throw GraphError.of('captionTooLong');

  const { containers } = simulation.log.world;
  const containerId = newId('17889', (id) => containers.has(id));
  const { container: fate, imageFetch } = call.disturbance;
  simulation.log.append(
    call.id,
    { type: 'container.created', containerId, imageUrl, caption, ...(altText === undefined ? {} : { altText }) },
    ...(fate === undefined ? [] : [neverReady(containerId, fate)]),
  );
  const container = containers.get(containerId);
  if (fate === undefined && container !== undefined) simulation.ingestion.begin(container, imageFetch);
  return { id: containerId };
}

function neverReady(containerId: string, fate: 'IN_PROGRESS' | 'ERROR' | 'EXPIRED'): EffectBody {
  if (fate === 'ERROR') return { type: 'container.error', containerId, subcode: UPLOAD_ERROR };
  return { type: 'container.stuck', containerId, status: fate };
}

function publish(simulation: Simulation, call: GraphCall): object {
  const { log } = simulation;
  const creationId = call.parameters.text('creation_id');
  if (creationId === undefined) throw invalidParameter('The parameter creation_id is required');
  if (simulation.readAfterWrite.hides(creationId)) throw doesNotExist(call.method, creationId);
  const container = log.world.containers.get(creationId);
  if (container === undefined) throw GraphError.of('containerNotFound');
  switch (statusOf(container)) {
    case 'IN_PROGRESS':
      throw GraphError.of('containerNotReady');
    case 'ERROR':
      throw GraphError.of('containerFailed');
    case 'EXPIRED':
      throw GraphError.of('containerExpired');
    case 'PUBLISHED':
      throw GraphError.of('mediaNotFound');
    case 'FINISHED':
      break;
  }
  if (publishedInLastDay(simulation) >= simulation.settings.dailyQuota) throw GraphError.of('instagramQuotaReached');

  const mediaId = newId('18042', (id) => log.world.media.has(id));
  log.append(call.id, { type: 'media.published', mediaId, containerId: container.id, caption: container.caption });
  return { id: mediaId };
}

function readContainer(simulation: Simulation, call: GraphCall): object {
  const container = simulation.log.world.containers.get(call.objectId);
  if (container === undefined) throw doesNotExist(call.method, call.objectId);
  const status = statusOf(container);
  return chosenFields(
    call,
    'IGContainer',
    {
      id: container.id,
      status_code: status,
      status: status === 'ERROR' ? `${STATUS_WORDS.ERROR} ${container.errorSubcode}` : STATUS_WORDS[status],
    },
    [],
  );
}

function listMedia(simulation: Simulation, call: GraphCall): object {
  return page(
    call,
    mediaOnFeed(simulation.log.world).filter(({ id }) => !simulation.readAfterWrite.hides(id)),
    (media) => media.published.seq,
    (media) => shownMedia(call, media),
  );
}

function readMedia(simulation: Simulation, call: GraphCall): object {
  return shownMedia(call, liveMedia(simulation, call));
}

function setComments(simulation: Simulation, call: GraphCall): object {
  const media = liveMedia(simulation, call);
  const enabled = call.parameters.flag('comment_enabled');
  if (enabled === undefined) throw invalidParameter('The parameter comment_enabled is required');
  if (enabled !== media.commentsEnabled) {
    simulation.log.append(call.id, { type: 'media.comments', mediaId: media.id, enabled });
  }
  return { success: true };
}

function deleteMedia(simulation: Simulation, call: GraphCall): object {
  const media = liveMedia(simulation, call);
  simulation.log.append(call.id, { type: 'media.deleted', mediaId: media.id });
  return { success: true };
}

function readLimit(simulation: Simulation, call: GraphCall): object {
  const { dailyQuota } = simulation.settings;
  const limit = chosenFields(
    call,
    'ContentPublishingLimitResponse',
    {
      quota_usage: call.disturbance.quotaReached === true ? dailyQuota : publishedInLastDay(simulation),
      config: { quota_total: dailyQuota, quota_duration: DAY_MS / 1000 },
    },
    ['quota_usage'],
  );
  return { data: [limit] };
}

function shownMedia(call: GraphCall, media: Media): object {
  return chosenFields(
    call,
    'IGMedia',
    {
      id: media.id,
      caption: media.caption === '' ? undefined : media.caption,
      alt_text: media.altText,
      timestamp: graphTime(media.published.at),
      permalink: `${call.origin}/#${media.id}`,
      media_type: 'IMAGE',
      is_comment_enabled: media.commentsEnabled,
      media_url: `${call.origin}/simulator/images/${media.image.sha256}`,
    },
    [],
  );
}

function liveMedia(simulation: Simulation, call: GraphCall): Media {
  const media = simulation.log.world.media.get(call.objectId);
  if (media === undefined || media.deleted !== undefined) throw doesNotExist(call.method, call.objectId);
  return media;
}

function statusOf(container: Container): ContainerStatus {
  if (container.mediaId !== undefined) return 'PUBLISHED';
  if (container.errorSubcode !== undefined) return 'ERROR';
  if (Date.now() - Date.parse(container.created.at) > DAY_MS) return 'EXPIRED';
  if (container.stuck !== undefined) return container.stuck;
  return container.image === undefined ? 'IN_PROGRESS' : 'FINISHED';
}

/** Deleted media count too: deleting gives no quota back. */
function publishedInLastDay(simulation: Simulation): number {
  const dayAgo = Date.now() - DAY_MS;
  return [...simulation.log.world.media.values()].filter((media) => Date.parse(media.published.at) > dayAgo).length;
}
