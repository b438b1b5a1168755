import type { CaseNumber } from '../domain/case-number.js';
import type { AuditReader } from '../store/audit-reader.js';
import { ChainCheck, type ChainFinding } from './check-chain.js';

/** Something that is not as it was written, and the chain that it is in. */
export interface AuditFinding extends ChainFinding {
  readonly chain: string;
}

/** How much was looked at. */
export interface Verified {
  readonly chains: number;
  readonly entries: number;
}

/**
 * Goes through every chain of the audit, or through one case's, and tells of whatever was altered, is missing or stands elsewhere.
 * @param tell is called once for everything that is found, as it is found
 */
export async function verifyAudit(
  reader: AuditReader,
  tell: (finding: AuditFinding) => void,
  only?: CaseNumber,
): Promise<Verified> {
  let entries = 0;
  const chains = await reader.visitChains(async (chain) => {
    const check = new ChainCheck(chain.start);
    const tellAll = (findings: readonly ChainFinding[]): void => {
      for (const finding of findings) tell({ chain: chain.start, ...finding });
    };
    for await (const entry of chain.entries) {
      entries += 1;
      tellAll(check.take(entry));
    }
    tellAll(check.end(chain.end));
  }, only);
  return { chains, entries };
}
