import type { ChannelObject } from '../domain/publication.js';
import {
  type AlertChannel,
  type Audience,
  ChannelFailure,
  type PlacedObject,
  type StepRun,
} from '../ports/alert-channel.js';
import type { AlertPackage, AlertPackages } from '../ports/alert-package.js';
import { ContentMismatch } from '../ports/content-store.js';
import type { ConfirmLinks } from '../desk/confirmation.js';
import { refuseUnlessActual } from './audience.js';
import type { PartnerDesk, PartnerMessage } from './partner-message.js';

export interface MetaPartnerOptions {
  readonly desk: PartnerDesk;
  readonly packages: AlertPackages;
  readonly links: ConfirmLinks;
  readonly audience: Audience;
}

/**
 * The partner desk: people at Meta, who run the radius alert for authorities that Meta has an agreement with. Nothing is staged there; to
 * publish is to hand them the whole alert, and to remove is to ask them to. They say when they have, and nothing else tells.
 */
export function createMetaPartnerChannel({ desk, packages, links, audience }: MetaPartnerOptions): AlertChannel {
  async function load({ caseNumber, object }: PlacedObject): Promise<AlertPackage> {
    const { revision, digest } = object;
    try {
      return await packages.load({ caseNumber, revision, digest });
    } catch (error) {
      if (error instanceof ContentMismatch) throw new ChannelFailure('refused', 'content/mismatch');
      throw new ChannelFailure('notSent', 'content/unavailable');
    }
  }

  async function handOver(message: PartnerMessage, run: StepRun): Promise<void> {
    if (run.signal.aborted) throw new ChannelFailure('notSent', 'called_off');
    if (Date.now() >= run.sendBefore) throw new ChannelFailure('notSent', 'deadline_passed');
    await desk.handOver(message, run);
  }

  return {
    name: 'meta-partner',

    stage({ caseNumber, revision, runKind, askedRadiusKm: radiusKm }) {
      refuseUnlessActual(audience, runKind);
      return Promise.resolve({
        object: { id: `${caseNumber}/${revision}`, attachments: [], lapsesAt: null, radiusKm },
        reach: { askedRadiusKm: radiusKm, deliveredCountries: [], deliveredRadiusKm: radiusKm },
      });
    },

    async publish(placed, run) {
      const { object, runKind } = placed;
      refuseUnlessActual(audience, runKind);
      const alert = await load(placed);
      const confirmUrl = await links.linkTo({ ...about(placed), done: 'published' });
      const { radiusKm } = object;
      await handOver(
        { ...about(placed), id: `${object.id}/publish`, kind: 'publish', radiusKm, runKind, alert, confirmUrl },
        run,
      );
      return 'handedOver';
    },

    async update(placed, { askedRadiusKm: radiusKm }, run) {
      const { object, runKind } = placed;
      const message = { ...about(placed), runKind, radiusKm, alert: null, confirmUrl: null };
      await handOver({ ...message, id: `${object.id}/area/${radiusKm}`, kind: 'area' }, run);
      return 'updated';
    },

    /** There is nothing to look at. */
    look() {
      return Promise.reject(new ChannelFailure('refused', 'desk/cannot_be_looked_at'));
    },

    async expire(placed, run) {
      const { object, runKind } = placed;
      // Nobody was ever handed it.
      if (object.flippedAt === null) return 'removed';
      const confirmUrl = await links.linkTo({ ...about(placed), done: 'removed' });
      const message = { ...about(placed), runKind, radiusKm: null, alert: null, confirmUrl };
      await handOver({ ...message, id: `${object.id}/remove`, kind: 'remove' }, run);
      return 'handedOver';
    },
  };
}

function about({
  caseNumber,
  object,
}: PlacedObject): Pick<PartnerMessage, 'caseNumber'> & Pick<ChannelObject, 'revision' | 'digest'> {
  const { revision, digest } = object;
  return { caseNumber, revision, digest };
}
