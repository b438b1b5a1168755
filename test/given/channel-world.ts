import type { ChannelObject, Step, StepOutcome } from '../../src/domain/publication.js';
import type { ChannelName } from '../../src/domain/revision.js';
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
  lateFlip: boolean;
}

/**
 * A channel as it is on the other side, whatever we believe of it: the truth that the rules are held against. Facebook's objects
 * can be deleted staged or live; Instagram's containers cannot, and lapse after a day.
 */
export class ChannelWorld {
  readonly things: Thing[] = [];
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

  /** Lets every flip that is still under way take effect. */
  lateEffects(now: Instant): void {
    for (const thing of this.things) {
      if (thing.lateFlip && !thing.deleted && !this.#lapsed(thing, now)) thing.published = true;
      thing.lateFlip = false;
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
    const id = `${this.channel}-${this.things.length + 1}`;
    switch (step.kind) {
      case 'stage':
        if (effect)
          this.things.push({
            id,
            revision: step.revision,
            madeAt: now,
            published: false,
            deleted: false,
            lateFlip: false,
          });
        if (manner !== 'well') return unknown;
        return {
          result: 'staged',
          object: { id, attachments: [], lapsesAt: this.channel === 'instagram' ? now + 24 * HOUR : null },
          reach: { askedRadiusKm: 160, deliveredCountries: ['QA'] },
        };
      case 'publish':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (!thing || thing.deleted || this.#lapsed(thing, now)) return { result: 'absent' };
        if (effect) thing.published = true;
        if (manner === 'late') thing.lateFlip = true;
        return manner === 'well' ? { result: 'live', postId: `${thing.id}-post`, permalink: null } : unknown;
      case 'update':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (!thing || thing.deleted) return { result: 'absent' };
        if (this.#needsReplacing(step.revision)) return { result: 'notEditable' };
        if (effect) thing.revision = step.revision;
        return manner === 'well' ? { result: 'updated' } : unknown;
      case 'look':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (manner !== 'well') return unknown;
        if (!thing || thing.deleted) return { result: 'absent' };
        if (thing.published) return { result: 'live', postId: `${thing.id}-post`, permalink: null };
        return this.#lapsed(thing, now) ? { result: 'absent' } : { result: 'notLive' };
      case 'expire':
        if (manner === 'deniesIt') return young ? { result: 'absent' } : unknown;
        if (!thing || thing.deleted) return { result: 'absent' };
        if (this.channel === 'instagram' && !thing.published) {
          if (manner !== 'well') return unknown;
          return object?.flippedAt ? { result: 'notSeen' } : { result: 'removed' };
        }
        if (effect) thing.deleted = true;
        return manner === 'well' ? { result: 'removed' } : unknown;
    }
  }

  /** Every third revision has another photo. */
  #needsReplacing(revision: number): boolean {
    return revision % 3 === 0;
  }

  #lapsed(thing: Thing, now: Instant): boolean {
    return this.channel === 'instagram' && now >= thing.madeAt + 24 * HOUR;
  }
}
