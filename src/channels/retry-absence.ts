import { type Milliseconds, SECOND } from '../domain/time.js';
import { ChannelFailure, type StepRun } from '../ports/alert-channel.js';
import { isAbsent } from './graph-errors.js';
import { pause } from './pause.js';

const FIRST_WAIT: Milliseconds = 250;
const LONGEST_WAIT: Milliseconds = 2 * SECOND;

/**
 * Makes a harmless call of a step that stages something. "No such object" (100/33) can be untrue right after it was made, and is asked
 * again for some four seconds. After that it is believed: the token may not see the account, which a person has to mend.
 * @throws ChannelFailure
 */
export async function retryAbsence<T>(
  call: () => Promise<T>,
  { signal, heartbeat }: Pick<StepRun, 'signal' | 'heartbeat'>,
): Promise<T> {
  for (let waitMs = FIRST_WAIT; ; waitMs *= 2) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ChannelFailure && isAbsent(error))) throw error;
      if (waitMs > LONGEST_WAIT) throw new ChannelFailure('refused', error.code);
    }
    heartbeat();
    await pause(waitMs, signal);
  }
}
