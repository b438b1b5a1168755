import type { Effect } from './effect.js';

export type Step = 'staged' | 'ready' | 'refused' | 'published' | 'edited' | 'commentsOff' | 'commentsOn' | 'deleted';

/** What became of one post, in order. It holds no text: an ended alert must not live on here. */
export interface History {
  readonly channel: 'Facebook' | 'Instagram' | 'Desk';
  /** The post, or the media; a container until it is published; at the desk, the revision of a case. */
  id: string;
  /** `at` is UTC with milliseconds. */
  readonly steps: { readonly step: Step; readonly at: string }[];
}

/** The history of every post and every Instagram container, the one touched last first. */
export function histories(effects: readonly Effect[]): History[] {
  const byObject = new Map<string, History>();
  for (const effect of effects) {
    const touched = touchedBy(effect);
    if (touched === undefined) continue;
    const { channel, id, newId, step } = touched;
    const history = byObject.get(id) ?? { channel, id, steps: [] };
    if (newId !== undefined) history.id = newId;
    history.steps.push({ step, at: effect.at });
    // Deleted and set again, so that a Map lists what was touched last at its end.
    byObject.delete(id);
    byObject.set(newId ?? id, history);
  }
  return [...byObject.values()].reverse();
}

function touchedBy(
  effect: Effect,
): { channel: History['channel']; id: string; newId?: string; step: Step } | undefined {
  switch (effect.type) {
    case 'photo.created':
    case 'photo.deleted':
    case 'page.offline':
    case 'page.online':
    case 'desk.repeated':
    case 'desk.confirmed':
      return undefined;
    case 'desk.received':
      return effect.kind === 'publish' ? { channel: 'Desk', id: revisionIn(effect), step: 'staged' } : undefined;
    case 'desk.published':
      return { channel: 'Desk', id: revisionIn(effect), step: 'published' };
    case 'desk.widened':
      return { channel: 'Desk', id: revisionIn(effect), step: 'edited' };
    case 'desk.removed':
      return { channel: 'Desk', id: revisionIn(effect), step: 'deleted' };
    case 'post.created':
      return { channel: 'Facebook', id: effect.postId, step: 'staged' };
    case 'post.published':
      return { channel: 'Facebook', id: effect.postId, step: 'published' };
    case 'post.edited':
      return { channel: 'Facebook', id: effect.postId, step: 'edited' };
    case 'post.deleted':
      return { channel: 'Facebook', id: effect.postId, step: 'deleted' };
    case 'container.created':
      return { channel: 'Instagram', id: effect.containerId, step: 'staged' };
    case 'container.finished':
      return { channel: 'Instagram', id: effect.containerId, step: 'ready' };
    case 'container.error':
    case 'container.stuck':
      return { channel: 'Instagram', id: effect.containerId, step: 'refused' };
    case 'media.published':
      return { channel: 'Instagram', id: effect.containerId, newId: effect.mediaId, step: 'published' };
    case 'media.comments':
      return { channel: 'Instagram', id: effect.mediaId, step: effect.enabled ? 'commentsOn' : 'commentsOff' };
    case 'media.deleted':
      return { channel: 'Instagram', id: effect.mediaId, step: 'deleted' };
  }
}

function revisionIn({ caseNumber, revision }: { readonly caseNumber: string; readonly revision: number }): string {
  return `${caseNumber}/${revision}`;
}
