import type { ChannelObject, Step, StepOutcome } from '../../src/domain/publication.js';
import type { PostNeed } from '../../src/domain/quota.js';
import type { ChannelName } from '../../src/domain/channel.js';
import { HOUR, type Instant } from '../../src/domain/time.js';

/** What a channel does with a step, good manners or bad. */
export type Manner =
  | 'well'
  /** Takes effect, and the answer is lost. */
  | 'answerLost'
  /** Neither effect nor answer. */
  | 'lost'
  /** No answer, and the effect comes later. */
  | 'late'
  | 'throttled'
  | 'refused'
  /** Called off before it was sent. */
  | 'notSent'
  /** Says that there is no such object although there is. */
  | 'deniesIt';

export const MANNERS: readonly Manner[] = [
  'well',
  'answerLost',
  'lost',
  'late',
  'throttled',
  'refused',
  'notSent',
  'deniesIt',
];

interface Thing {
  readonly id: string;
  /** The revision that it shows. */
  revision: number;
  readonly madeAt: Instant;
  published: boolean;
  deleted: boolean;
  /** When a call was sent that is to make it public and is still under way. */
  lateSince: Instant | null;
}

/**
 * A channel as it is on the other side, whatever we believe of it: the truth that the rules are held against. Facebook's objects
 * can be deleted staged or live; Instagram's containers cannot, and lapse after a day.
 */
export class ChannelWorld {
  readonly things: Thing[] = [];
  /** What each post was said to be needed for, where it is sent. */
  readonly needs: (PostNeed | undefined)[] = [];
  /** Whether publishing makes a post of its own each time, as on a Page that is not flipped on. */
  postsAnew = false;
  /** The most posts that were ever public at once. */
  mostPublic = 0;
  /** The most posts of one revision that were ever public at once. */
  mostOfOneRevision = 0;

  constructor(readonly channel: ChannelName) {}

  get public(): readonly Thing[] {
    return this.things.filter(({ published, deleted }) => published && !deleted);
  }

  /** Carries a step out at a moment, in a manner. */
  take(step: Step, object: ChannelObject | undefined, manner: Manner, now: Instant): StepOutcome {
    const outcome = this.#carryOut(step, object, manner, now);
    this.#count();
    return outcome;
  }

  /** Lets every call take effect that has been under way for so long. */
  lateEffects(now: Instant, forMs = 0): void {
    for (const thing of [...this.things]) {
      if (thing.lateSince === null || now - thing.lateSince < forMs) continue;
      if (this.postsAnew) this.#make(thing.revision, now, true);
      else if (!thing.deleted && !this.#lapsed(thing, now)) thing.published = true;
      thing.lateSince = null;
    }
    this.#count();
  }

  #count(): void {
    const shown = this.public.map(({ revision }) => revision);
    const ofEach = shown.map((revision) => shown.filter((other) => other === revision).length);
    this.mostPublic = Math.max(this.mostPublic, shown.length);
    this.mostOfOneRevision = Math.max(this.mostOfOneRevision, ...ofEach);
  }

  #carryOut(step: Step, object: ChannelObject | undefined, manner: Manner, now: Instant): StepOutcome {
    if (manner === 'throttled') return { result: 'throttled', code: 'meta/4', retryAfterMs: 60_000 };
    if (manner === 'refused') return { result: 'refused', code: 'meta/190' };
    if (manner === 'notSent') return { result: 'notSent' };
    const effect = manner === 'well' || manner === 'answerLost';
    const unknown: StepOutcome = { result: 'unknown', code: 'network/timeout' };
    const young = object !== undefined && now - Math.max(object.stagedAt, object.flippedAt ?? 0) < 30_000;
    const thing = this.things.find(({ id }) => id === step.objectId);
    // What the public sees of it: the very thing, or the post that was made of it, as far as it can be found.
    const shown = this.postsAnew ? this.#postOf(step.revision, object) : thing;
    switch (step.kind) {
      case 'stage':
        if (!effect) return unknown;
        return this.#staged(this.#make(step.revision, now, false), manner, now);
      case 'publish':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (!thing || thing.deleted || this.#lapsed(thing, now)) return { result: 'absent' };
        if (manner === 'late') thing.lateSince = now;
        if (effect && this.postsAnew) {
          const postId = this.#make(step.revision, now, true).id;
          return manner === 'well' ? { result: 'live', postId, permalink: null } : unknown;
        }
        if (effect) thing.published = true;
        return manner === 'well' ? { result: 'live', postId: `${thing.id}-post`, permalink: null } : unknown;
      case 'update':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (!shown || shown.deleted) return { result: 'absent' };
        if (this.#needsReplacing(step.revision)) return { result: 'notEditable' };
        if (effect) shown.revision = step.revision;
        return manner === 'well' ? { result: 'updated' } : unknown;
      case 'look':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (manner !== 'well') return unknown;
        if (this.postsAnew) {
          return shown ? { result: 'live', postId: shown.id, permalink: null } : { result: 'notLive' };
        }
        if (!thing || thing.deleted) return { result: 'absent' };
        if (thing.published) return { result: 'live', postId: `${thing.id}-post`, permalink: null };
        return this.#lapsed(thing, now) ? { result: 'absent' } : { result: 'notLive' };
      case 'expire':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (this.postsAnew && object) return this.#removePost(object, thing, shown, manner);
        if (!thing || thing.deleted) return { result: 'absent' };
        if (this.channel === 'instagram' && !thing.published) {
          if (manner !== 'well') return unknown;
          return object?.flippedAt ? { result: 'notSeen' } : { result: 'removed' };
        }
        if (effect) thing.deleted = true;
        return manner === 'well' ? { result: 'removed' } : unknown;
    }
  }

  #make(revision: number, madeAt: Instant, published: boolean): Thing {
    const id = `${this.channel}-${this.things.length + 1}`;
    const thing = { id, revision, madeAt, published, deleted: false, lateSince: null };
    this.things.push(thing);
    return thing;
  }

  #staged({ id }: Thing, manner: Manner, now: Instant): StepOutcome {
    if (manner !== 'well') return { result: 'unknown', code: 'network/timeout' };
    const lapsesAt = this.channel === 'instagram' ? now + 24 * HOUR : null;
    return {
      result: 'staged',
      object: { id, attachments: [], lapsesAt, ...(this.postsAnew ? { postsAnew: true } : {}) },
      reach: { askedRadiusKm: 160, deliveredCountries: ['QA'] },
    };
  }

  /** By its id where that is known, else by the revision that its marker names. */
  #postOf(revision: number, object: ChannelObject | undefined): Thing | undefined {
    const { postId = null } = object ?? {};
    if (postId !== null) return this.things.find(({ id }) => id === postId);
    return this.public.find((post) => post.revision === revision);
  }

  /** As the adapter does: the post, if there is one or may be one, and its photo. */
  #removePost(object: ChannelObject, photo: Thing | undefined, shown: Thing | undefined, manner: Manner): StepOutcome {
    const { flippedAt, postId } = object;
    const removed = flippedAt === null ? photo : shown;
    const isThere = removed !== undefined && !removed.deleted;
    if (manner === 'well' || manner === 'answerLost') {
      for (const thing of [photo, removed]) if (thing) thing.deleted = true;
    }
    if (manner !== 'well') return { result: 'unknown', code: 'network/timeout' };
    if (isThere) return { result: 'removed' };
    return { result: flippedAt === null || postId !== null ? 'absent' : 'notSeen' };
  }

  /** Every third revision has another photo. */
  #needsReplacing(revision: number): boolean {
    return revision % 3 === 0;
  }

  #lapsed(thing: Thing, now: Instant): boolean {
    return this.channel === 'instagram' && now >= thing.madeAt + 24 * HOUR;
  }
}
