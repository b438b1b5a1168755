import type { CaseNumber } from '../domain/case-number.js';
import type { AuditReader } from '../store/audit-reader.js';
import type { Verified } from './verify.js';

/** What the first line of a bundle says it is; docs/audit.md describes it. */
const FORMAT = 'mafqood-audit/1';

/**
 * Writes the audit, or one case's, as lines of JSON that can be verified without the system and without the database. What is wrong with it
 * goes into the bundle as it is.
 * @param write takes one line, without its end
 */
export async function exportAudit(
  reader: AuditReader,
  write: (line: string) => Promise<void>,
  only?: CaseNumber,
): Promise<Verified> {
  let entries = 0;
  await write(JSON.stringify({ format: FORMAT, of: only ?? 'everything', madeAt: new Date().toISOString() }));
  const chains = await reader.visitChains(async ({ start, end, entries: found }) => {
    await write(JSON.stringify({ begins: start, entries: end?.seq ?? null, ends: end?.chain ?? null }));
    for await (const { seq, at, event, hash, chain } of found) {
      entries += 1;
      await write(JSON.stringify({ seq, at, event, hash, chain }));
    }
  }, only);
  await write(JSON.stringify({ chains, entries }));
  return { chains, entries };
}
