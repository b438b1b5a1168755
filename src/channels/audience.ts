import type { RunKind } from '../domain/policy.js';
import { type Audience, ChannelFailure } from '../ports/alert-channel.js';

/**
 * The second refusal: whatever let an exercise get this far, it goes no further. Looking and removing are always allowed.
 * @throws ChannelFailure `refused` when something that is not an actual case would reach the public
 */
export function refuseUnlessActual(audience: Audience, runKind: RunKind): void {
  if (audience === 'public' && runKind !== 'actual') {
    throw new ChannelFailure('refused', 'run_kind_not_for_the_public');
  }
}
