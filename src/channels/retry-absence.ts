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

/** How often a list is read that is to agree that something is gone. */
const LOOKS = 4;

/**
 * Looks for something that the channel says is not there, again for some two seconds: lists, too, can leave out for a moment what they
 * have. After that it is believed.
 * @throws ChannelFailure
 */
export async function turnsUp(
  isThere: () => Promise<boolean>,
  { signal, heartbeat }: Pick<StepRun, 'signal' | 'heartbeat'>,
): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    if (await isThere()) return true;
    if (look === LOOKS) return false;
    heartbeat();
    await pause(FIRST_WAIT * 2 ** (look - 1), signal);
  }
}
