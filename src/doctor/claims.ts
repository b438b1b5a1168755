import { ChannelFailure } from '../ports/alert-channel.js';
import { type Finding, findingOfFailure, type Verdict } from './finding.js';

/** What was seen is not what was claimed. */
export class NotSo extends Error {
  override readonly name = 'NotSo';
}

/** Something that Mafqood takes to be so of a channel, and what it means if it is not. */
export interface Claim {
  readonly says: string;
  readonly otherwise: Exclude<Verdict, 'pass'>;
  readonly next: string;
}

/** What comes of trying claims on one channel, one after the other. */
export class Claims {
  readonly findings: Finding[] = [];

  constructor(private readonly channel: string) {}

  /**
   * Tries a claim. It holds when nothing is thrown.
   * @param act returns what else is to be told of it
   * @returns whether it holds
   * @throws ChannelFailure when the probe was called off, and whatever is neither that nor a refutation
   */
  async hold(claim: Claim, act: () => Promise<string | undefined>): Promise<boolean> {
    try {
      const told = await act();
      this.findings.push({
        of: this.channel,
        verdict: 'pass',
        says: told === undefined ? claim.says : `${claim.says}: ${told}`,
      });
      return true;
    } catch (error) {
      this.findings.push(this.#refuted(claim, error));
      return false;
    }
  }

  #refuted({ says, otherwise, next }: Claim, error: unknown): Finding {
    if (error instanceof NotSo) {
      return { of: this.channel, verdict: otherwise, says: `does not hold: ${says}: ${error.message}`, next };
    }
    if (error instanceof ChannelFailure && error.code === 'called_off') throw error;
    const failure = findingOfFailure(this.channel, error, otherwise);
    const advice = failure.next === undefined ? next : `${failure.next}; ${next}`;
    return { ...failure, says: `does not hold: ${says}: ${failure.says}`, next: advice };
  }
}

/** What came of a call whose every answer will do, as long as the call has no second effect. */
export interface Answer {
  readonly told: string;
  /** Whether Meta said that it was done, or that it was not: neither throttled, nor broken off, nor 5xx. */
  readonly settled: boolean;
}

/** @throws ChannelFailure when called off, and whatever is no ChannelFailure */
export async function answerTo(call: Promise<unknown>): Promise<Answer> {
  try {
    const answer = await call;
    return { told: answer === 'absent' ? '“no such object”' : 'success', settled: true };
  } catch (error) {
    if (!(error instanceof ChannelFailure) || error.code === 'called_off') throw error;
    return { told: error.code, settled: error.kind === 'refused' };
  }
}
