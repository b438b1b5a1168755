import type { AreaSteps } from '../../src/domain/area.js';
import type { ReportCommand } from '../../src/domain/report-command.js';
import type { TierPolicy } from '../../src/domain/policy.js';
import { HOUR, MINUTE } from '../../src/domain/time.js';

/** The digest of the revision under test, and one of something else. */
export const DIGEST = 'a'.repeat(64);
export const OTHER_DIGEST = 'b'.repeat(64);

export const REPORTED_AT = Date.UTC(2026, 10, 24, 2, 20, 5);

/** A policy with the timers of the shipped one. */
export const POLICY: TierPolicy = {
  ladders: {
    supervisors: {
      rungs: [
        { afterMs: 0, people: ['supervisor-1'] },
        { afterMs: 3 * MINUTE, people: ['supervisor-2'] },
        { afterMs: 6 * MINUTE, people: ['supervisor-3'] },
        { afterMs: 10 * MINUTE, people: ['supervisor-1', 'supervisor-2'] },
      ],
      repeatEveryMs: 5 * MINUTE,
    },
    administrators: {
      rungs: [
        { afterMs: 0, people: ['admin-1'] },
        { afterMs: 5 * MINUTE, people: ['admin-1', 'admin-2'] },
      ],
      repeatEveryMs: 10 * MINUTE,
    },
  },
  notLiveAfterMs: 2 * MINUTE,
  notStoodDownAfterMs: 5 * MINUTE,
  expiresAfterMs: 24 * HOUR,
  expiryWarningMs: HOUR,
  longestLifeMs: 72 * HOUR,
  reviewEveryMs: 12 * HOUR,
  criteria: ['danger', 'description'],
  preStaging: false,
  channels: ['facebook', 'instagram'],
  area: { radiusKm: 160, widening: [{ afterMs: 3 * HOUR, radiusKm: 300 }] },
};

/** The area plan of the revisions under test. */
export const AREA: AreaSteps = { radiusKm: 160, widening: [{ afterMs: 3 * HOUR, radiusKm: 300 }] };

/** A checklist of which every criterion is met. */
export const ALL_MET = { met: POLICY.criteria, explained: [] };

/** A report by `operator-1`, as it starts a case. */
export function aReport(changes: Partial<ReportCommand> = {}): ReportCommand {
  return {
    kind: 'report',
    commandId: 'report-1',
    number: 1,
    actor: 'operator-1',
    role: 'operator',
    at: REPORTED_AT,
    caseNumber: 'MFQ-7K3D-92XQ',
    tier: 'amber',
    runKind: 'exercise',
    jurisdiction: 'QA',
    reissueOf: null,
    policyVersion: 'test',
    policy: POLICY,
    revision: { number: 1, digest: DIGEST, area: AREA, languagesMissing: [] },
    ...changes,
  };
}
