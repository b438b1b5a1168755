import { holdWords } from '../channels/hold-words.js';
import { ChannelFailure } from '../ports/alert-channel.js';

/** `look`: it works, and somebody should look at it all the same. */
export type Verdict = 'ok' | 'look' | 'failed';

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
export function findingOfFailure(of: string, error: unknown, verdict: Verdict = 'failed'): Finding {
  if (!(error instanceof ChannelFailure)) throw error;
  const { means, next } = holdWords(error.code);
  return { of, verdict, says: `answered with ${error.code}: ${means.en}`, next: next.en };
}

/** The findings as lines of a table, and a last line that counts. */
export function table(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ of }) => of.length));
  const rows = findings.flatMap(({ of, verdict, says, next }) => [
    `  ${MARK[verdict]}  ${of.padEnd(width)}  ${says}`,
    ...(next === undefined ? [] : [`  ${' '.repeat(MARK.ok.length + 2 + width)}  → ${next}`]),
  ]);
  return [...rows, '', `  ${counted(findings)}`].join('\n');
}

const MARK: Readonly<Record<Verdict, string>> = { ok: 'ok    ', look: 'look  ', failed: 'FAILED' };

function counted(findings: readonly Finding[]): string {
  const count = (verdict: Verdict): number => findings.filter((finding) => finding.verdict === verdict).length;
  return `${count('failed')} failed, ${count('look')} to look at, ${count('ok')} ok`;
}
