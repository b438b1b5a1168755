import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.js';
import { OTHER_DIGEST } from '../../given/a-case.js';
import { OPERATOR, OTHER_SUPERVISOR, SUPERVISOR } from '../../given/staff.js';
import type { CaseUnderTest } from '../../workflow/case-under-test.js';
import { amend, end, findAndEnd, goLive, type Lives, revision, shows, told } from './life.js';

/** What becomes of an alert that is live. */
export const WHILE_ACTIVE: Lives = {
  'amended-on-both-channels': async (theCase) => {
    await goLive(theCase);
    await amend(theCase);
    await shows(theCase, 2);
    await findAndEnd(theCase);
  },

  'amended-with-another-photo': async (theCase) => {
    await goLive(theCase);
    await amend(theCase, 3);
    await shows(theCase, 3);
    await findAndEnd(theCase);
  },

  'amended-because-the-wrong-child-is-shown': async (theCase) => {
    await goLive(theCase);
    await amend(theCase, 2, { removeFirst: true });
    await shows(theCase, 2);
    await findAndEnd(theCase);
  },

  'amendment-rejected': async (theCase) => {
    await goLive(theCase);
    await theCase.signal('amend', { ...OPERATOR, revision: revision(2) });
    await theCase.pass(4 * MINUTE);
    await told(theCase, 'amendment', 2);
    await theCase.signal('rejectAmendment', OTHER_SUPERVISOR);
    await told(theCase, 'amendmentRejected');
    await findAndEnd(theCase);
  },

  'widened-by-its-plan': async (theCase) => {
    await goLive(theCase);
    await theCase.pass(3 * HOUR + SECOND);
    await theCase.until(() => theCase.view?.radiusKm === 300);
    await findAndEnd(theCase);
  },

  'widened-by-hand': async (theCase) => {
    await goLive(theCase);
    await theCase.signal('widen', SUPERVISOR);
    await theCase.until(() => theCase.view?.radiusKm === 300);
    await theCase.pass(3 * HOUR + SECOND);
    await findAndEnd(theCase);
  },

  'widening-put-off-while-the-database-is-away': async (theCase) => {
    await goLive(theCase);
    theCase.newestStoredCommand = () => Promise.reject(new Error('away'));
    await theCase.pass(3 * HOUR + MINUTE);
    theCase.newestStoredCommand = () => Promise.resolve(1);
    await theCase.pass(5 * MINUTE);
    await theCase.until(() => theCase.view?.radiusKm === 300);
    await findAndEnd(theCase);
  },

  sighted: async (theCase) => {
    await goLive(theCase);
    await theCase.signal('reportSighting', { ...OPERATOR, noteDigest: OTHER_DIGEST });
    await findAndEnd(theCase);
  },

  'reviewed-extended-and-expired': async (theCase) => {
    await goLive(theCase);
    await reviewed(theCase, 12 * HOUR);
    await theCase.pass(11 * HOUR + MINUTE);
    await told(theCase, 'expiry');
    const until = new Date((theCase.view?.expiresAt ?? 0) + 2 * HOUR).toISOString();
    await theCase.signal('extend', { ...SUPERVISOR, until });
    await theCase.until(() => theCase.events('extended').length === 1);
    await reviewed(theCase, HOUR);
    await theCase.pass(2 * HOUR);
    await end(theCase);
  },

  'expired-while-the-database-is-away': async (theCase) => {
    await goLive(theCase);
    await reviewed(theCase, 12 * HOUR);
    await theCase.pass(11 * HOUR + MINUTE);
    await acknowledged(theCase, 'expiry');
    theCase.newestStoredCommand = () => Promise.reject(new Error('away'));
    await theCase.pass(HOUR + MINUTE);
    await end(theCase);
  },

  'found-by-a-command-that-was-on-its-way-at-expiry': async (theCase) => {
    await goLive(theCase);
    await reviewed(theCase, 12 * HOUR);
    await theCase.pass(11 * HOUR + MINUTE);
    await acknowledged(theCase, 'expiry');
    theCase.newestStoredCommand = () => Promise.resolve(3);
    await theCase.pass(HOUR - 50 * SECOND);
    await theCase.signal('childFound', { ...OPERATOR, number: 3, outcome: 'recovered_otherwise' });
    await end(theCase);
  },

  'expired-over-a-command-that-does-not-arrive': async (theCase) => {
    await goLive(theCase);
    await reviewed(theCase, 12 * HOUR);
    await theCase.pass(11 * HOUR + MINUTE);
    await acknowledged(theCase, 'expiry');
    theCase.newestStoredCommand = () => Promise.resolve(3);
    await theCase.pass(HOUR + MINUTE);
    await end(theCase);
  },
};

/** Lets the time of a review come, and answers it, so that its ladder is climbed no further. */
async function reviewed(theCase: CaseUnderTest, after: number): Promise<void> {
  await theCase.pass(after + SECOND);
  await acknowledged(theCase, 'review');
}

async function acknowledged(theCase: CaseUnderTest, about: string): Promise<void> {
  const before = theCase.events('acknowledged').length;
  await theCase.until(() => theCase.notices.at(-1)?.notice.subject.about === about);
  await theCase.signal('acknowledge', SUPERVISOR);
  await theCase.until(() => theCase.events('acknowledged').length > before);
}
