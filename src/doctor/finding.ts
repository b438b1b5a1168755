import { holdWords } from '../channels/hold-words.js';
import { ChannelFailure } from '../ports/alert-channel.js';

/** `warn`: it works, and somebody should look at it all the same. */
export type Verdict = 'pass' | 'warn' | 'fail';

/** What the doctor found of one thing. Never holds a token. */
export interface Finding {
  /** What was looked at: `token`, `quota`. */
  readonly of: string;
  readonly verdict: Verdict;
  readonly says: string;
  /** What a person does about it. */
  readonly next?: string;
}

/** A finding from a call that did not do as asked. @throws whatever is no ChannelFailure */
export function findingOfFailure(of: string, error: unknown, verdict: Verdict = 'fail'): Finding {
  if (!(error instanceof ChannelFailure)) throw error;
  const { means, next } = holdWords(error.code);
  return { of, verdict, says: `answered with ${error.code}: ${means.en}`, next: next.en };
}

/** The findings as lines of a table, and a last line that counts. */
export function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ of }) => of.length));
  const rows = findings.flatMap(({ of, verdict, says, next }) => [
    `  ${verdict}  ${of.padEnd(width)}  ${says}`,
    ...(next === undefined ? [] : [`  ${' '.repeat('pass'.length + 2 + width)}  → ${next}`]),
  ]);
  return [...rows, '', `  ${counted(findings)}`].join('\n');
}

function counted(findings: readonly Finding[]): string {
  const count = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  return `${count('fail')} fail, ${count('warn')} warn, ${count('pass')} pass`;
}
