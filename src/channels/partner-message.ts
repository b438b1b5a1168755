import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind } from '../domain/policy.js';
import type { Sha256 } from '../domain/revision.js';
import type { AlertPackage } from '../ports/alert-package.js';
import type { StepRun } from '../ports/alert-channel.js';

/** What the partner desk is asked for. */
export interface PartnerMessage {
  /** The same for every attempt: the desk knows by it what it has already. */
  readonly id: string;
  /** `publish` the alert; show it in another `area`; `remove` it. */
  readonly kind: 'publish' | 'area' | 'remove';
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly digest: Sha256;
  readonly runKind: RunKind;
  /** The radius that the alert is to be shown in, in kilometres; null of a removal. */
  readonly radiusKm: number | null;
  /** All that is to be published; null where the desk has it already. */
  readonly alert: AlertPackage | null;
  /** Where a person at the desk says that it is done; null where nobody has to. */
  readonly confirmUrl: string | null;
}

/** A way to the desk. */
export interface PartnerDesk {
  /**
   * Hands a message over. Once sent it is not broken off.
   * @throws ChannelFailure
   */
  handOver(message: PartnerMessage, run: Pick<StepRun, 'signal' | 'sendBefore'>): Promise<void>;
}
