import { markerIn } from '../src/domain/case-number.js';
import type { ChannelName } from '../src/domain/channel.js';
import type { Effect } from '../src/simulator/effect.js';

/** A revision of a case that the public saw in a post, from one moment of the simulator's log to another. */
export interface Sighting {
  readonly channel: ChannelName;
  /** Of the post or the media; at the partner desk, of the message and when it was done. */
  readonly id: string;
  readonly revision: number;
  /** By the log's own numbers, and by its clock. */
  readonly from: Moment;
  /** Null while it is still seen. */
  until: Moment | null;
}

export interface Moment {
  readonly seq: number;
  readonly at: number;
}

/**
 * What the public saw of a case, by the simulator's log alone. A post that is edited to show another revision is a sighting of each.
 * Whether the Page is online plays no part: what is up comes back with it.
 */
export function sightingsOf(caseNumber: string, effects: readonly Effect[]): Sighting[] {
  const sightings: Sighting[] = [];
  const texts = new Map<string, string>();
  const open = (id: string): Sighting | undefined => sightings.find((one) => one.id === id && one.until === null);
  const show = (channel: ChannelName, id: string, text: string, moment: Moment): void => {
    const shown = markerIn(text);
    if (shown?.caseNumber !== caseNumber) return;
    const before = open(id);
    if (before?.revision === shown.revision) return;
    if (before) before.until = moment;
    sightings.push({ channel, id, revision: shown.revision, from: moment, until: null });
  };
  for (const effect of effects) {
    const moment = { seq: effect.seq, at: Date.parse(effect.at) };
    switch (effect.type) {
      case 'post.created':
        texts.set(effect.postId, effect.message);
        break;
      case 'post.edited':
        texts.set(effect.postId, effect.message);
        if (open(effect.postId)) show('facebook', effect.postId, effect.message, moment);
        break;
      case 'post.published':
        show('facebook', effect.postId, texts.get(effect.postId) ?? effect.message, moment);
        break;
      case 'media.published':
        show('instagram', effect.mediaId, effect.caption, moment);
        break;
      case 'post.deleted':
      case 'media.deleted': {
        const gone = open(effect.type === 'post.deleted' ? effect.postId : effect.mediaId);
        if (gone) gone.until = moment;
        break;
      }
      case 'desk.published':
        if (effect.caseNumber !== caseNumber) break;
        sightings.push({
          channel: 'meta-partner',
          id: `${effect.messageId} #${effect.seq}`,
          revision: effect.revision,
          from: moment,
          until: null,
        });
        break;
      case 'desk.removed':
        if (effect.caseNumber !== caseNumber) break;
        for (const one of seenNow(sightings)) {
          if (one.channel === 'meta-partner' && one.revision === effect.revision) one.until = moment;
        }
        break;
      default:
        break;
    }
  }
  return sightings;
}

/** Those that the public sees at the end of the log. */
export function seenNow(sightings: readonly Sighting[]): Sighting[] {
  return sightings.filter(({ until }) => until === null);
}
