import { MINUTE } from '../../../src/domain/time.js';
import { POLICY } from '../../given/a-case.js';
import { OTHER_SUPERVISOR } from '../../given/staff.js';
import type { CaseUnderTest } from '../../workflow/case-under-test.js';
import { amend, approval, end, find, type Lives, told } from './life.js';

const DESK = 'meta-partner';
const BY_DESK = { actor: 'partner-desk', role: 'partner', channel: DESK } as const;

/** Reports and approves a case for the desk alone, and waits until the desk has it. */
export async function handOver(theCase: CaseUnderTest): Promise<void> {
  await theCase.report({ policy: { ...POLICY, channels: [DESK] } });
  await theCase.signal('approve', approval);
  await theCase.until(() => theCase.events('alertHandedOver').length === 1);
}

/** Somebody at the desk says that it is published, or gone. */
export async function deskSays(theCase: CaseUnderTest, done: 'confirmPublished' | 'confirmRemoved'): Promise<void> {
  await theCase.signal(done, BY_DESK);
}

/** The same, and waits until it is known. */
export async function publish(theCase: CaseUnderTest, times = 1): Promise<void> {
  await deskSays(theCase, 'confirmPublished');
  await theCase.until(() => theCase.events('publicationConfirmed').length === times);
}

/** Cases whose alert people of another organisation publish and take down. */
export const THROUGH_PEOPLE: Lives = {
  'handed-over-and-confirmed': async (theCase) => {
    await handOver(theCase);
    await publish(theCase);
    await find(theCase);
    await theCase.until(() => theCase.events('alertAskedBack').length === 1);
    await deskSays(theCase, 'confirmRemoved');
    await end(theCase);
  },

  'handed-over-and-not-confirmed': async (theCase) => {
    await handOver(theCase);
    await theCase.pass(3 * MINUTE);
    await told(theCase, 'notLive');
    await find(theCase);
    await theCase.until(() => theCase.events('alertAskedBack').length === 1);
    await theCase.pass(6 * MINUTE);
    await told(theCase, 'notStoodDown');
    await deskSays(theCase, 'confirmRemoved');
    await end(theCase);
  },

  'handed-over-again-after-an-answer-was-lost': async (theCase) => {
    let messages = 0;
    theCase.desk.manner = () => (messages++ === 0 ? 'answerLost' : 'takes');
    await theCase.report({ policy: { ...POLICY, channels: [DESK] } });
    await theCase.signal('approve', approval);
    await theCase.untilInTime(() => theCase.events('alertHandedOver').length === 1);
    await find(theCase);
    await theCase.until(() => theCase.events('alertAskedBack').length === 1);
    await deskSays(theCase, 'confirmRemoved');
    await end(theCase);
  },

  'handed-over-anew-and-wider': async (theCase) => {
    await handOver(theCase);
    await publish(theCase);
    await theCase.signal('widen', OTHER_SUPERVISOR);
    await theCase.until(() => theCase.events('alertUpdated').length === 1);
    await amend(theCase);
    await theCase.until(() => theCase.events('alertHandedOver').length === 2);
    await publish(theCase, 2);
    await theCase.until(() => theCase.events('alertAskedBack').length === 1);
    await deskSays(theCase, 'confirmRemoved');
    await theCase.until(() => theCase.events('removalConfirmed').length === 1);
    await theCase.signal('cancel', { ...OTHER_SUPERVISOR, reason: 'unfounded' });
    await theCase.until(() => theCase.events('alertAskedBack').length === 2);
    await deskSays(theCase, 'confirmRemoved');
    await end(theCase);
  },
};
