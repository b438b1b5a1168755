import { areaStepsProblems } from './area.js';
import { type CaseNumber, isCaseNumber } from './case-number.js';
import { type DraftRevision, isStaffId, type OpeningKind, type Stamp } from './command.js';
import { tierProblems, RUN_KINDS, type RunKind, type Tier, type TierPolicy, TIERS } from './policy.js';
import { isDigest } from './revision.js';

/** The report that opens a case: what the workflow is started with. Content stays in PostgreSQL, bound by the digest. */
export type ReportCommand = Stamp & {
  readonly kind: OpeningKind;
  readonly caseNumber: CaseNumber;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  /** The ended case whose content is alerted about again; null for a report. */
  readonly reissueOf: CaseNumber | null;
  readonly policyVersion: string;
  readonly policy: TierPolicy;
  /** Revision 1, written by the actor. */
  readonly revision: DraftRevision;
};

/** Whether something can open a case: a workflow may be started by any hand, with anything. */
export function isReportCommand(value: unknown): value is ReportCommand {
  if (typeof value !== 'object' || value === null) return false;
  // What is read here is not known to be there: whatever is not makes the reading fail.
  const report = value as ReportCommand;
  try {
    return (
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- the type is what is to be found out
      (report.kind === 'report' || report.kind === 'reissue') &&
      [report.commandId, report.jurisdiction, report.policyVersion].every((text) => typeof text === 'string') &&
      Number.isFinite(report.at) &&
      isStaffId(report.actor) &&
      isCaseNumber(report.caseNumber) &&
      (report.reissueOf === null || isCaseNumber(report.reissueOf)) &&
      TIERS.includes(report.tier) &&
      RUN_KINDS.includes(report.runKind) &&
      report.policyVersion.trim() !== '' &&
      tierProblems(report.policy).length === 0 &&
      Number.isSafeInteger(report.revision.number) &&
      isDigest(report.revision.digest) &&
      Array.isArray(report.revision.languagesMissing) &&
      areaStepsProblems(report.revision.area).length === 0
    );
  } catch {
    return false;
  }
}
