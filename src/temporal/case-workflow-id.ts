import type { CaseNumber } from '../domain/case-number.js';

/** The id of a case's workflow: `case/MFQ-7K3D-92XQ`. */
export function caseWorkflowId(caseNumber: CaseNumber): string {
  return `case/${caseNumber}`;
}
