import { type AlertChannel, ChannelFailure } from '../../src/ports/alert-channel.js';

/** What the desk was asked for. */
export interface Asked {
  readonly kind: 'publish' | 'area' | 'remove';
  readonly revision: number;
  readonly radiusKm: number | null;
}

/** What becomes of a message: the desk has it, has it and the answer is lost, never gets it, or will not have it. */
export type DeskManner = 'takes' | 'answerLost' | 'lost' | 'refuses';

/** The partner desk as it is on the other side: what it was ever handed, in order. */
export class DeskWorld {
  readonly asked: Asked[] = [];
  manner: () => DeskManner = () => 'takes';

  readonly channel: AlertChannel = {
    name: 'meta-partner',
    stage: ({ caseNumber, revision, askedRadiusKm: radiusKm }) =>
      Promise.resolve({
        object: { id: `${caseNumber}/${revision}`, attachments: [], lapsesAt: null, radiusKm },
        reach: { askedRadiusKm: radiusKm, deliveredCountries: [], deliveredRadiusKm: radiusKm },
      }),
    publish: async ({ object: { revision, radiusKm } }) => {
      await this.#hear({ kind: 'publish', revision, radiusKm });
      return 'handedOver';
    },
    update: async ({ object: { revision } }, { askedRadiusKm: radiusKm }) => {
      await this.#hear({ kind: 'area', revision, radiusKm });
      return 'updated';
    },
    look: () => Promise.reject(new ChannelFailure('refused', 'desk/cannot_be_looked_at')),
    expire: async ({ object: { revision, flippedAt } }) => {
      if (flippedAt === null) return 'removed';
      await this.#hear({ kind: 'remove', revision, radiusKm: null });
      return 'handedOver';
    },
  };

  /** The revisions that it has, and has not been asked to take down since. */
  get holds(): number[] {
    const last = new Map(
      this.asked.filter(({ kind }) => kind !== 'area').map(({ revision, kind }) => [revision, kind]),
    );
    return [...last].flatMap(([revision, kind]) => (kind === 'publish' ? [revision] : []));
  }

  #hear(asked: Asked): Promise<void> {
    const manner = this.manner();
    if (manner === 'takes' || manner === 'answerLost') this.asked.push(asked);
    if (manner === 'takes') return Promise.resolve();
    return Promise.reject(
      manner === 'refuses' ? new ChannelFailure('refused', 'desk/400') : new ChannelFailure('unknown', 'desk/timeout'),
    );
  }
}
