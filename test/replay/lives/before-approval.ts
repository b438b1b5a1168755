import { MINUTE } from '../../../src/domain/time.js';
import { ALL_MET, DIGEST, OTHER_DIGEST, POLICY } from '../../given/a-case.js';
import { OPERATOR, OTHER_SUPERVISOR, SUPERVISOR } from '../../given/staff.js';
import { approval, end, findAndEnd, goLive, isLive, type Lives, revision, told } from './life.js';

/** How a case comes to its approval, or to an end without one. */
export const BEFORE_APPROVAL: Lives = {
  'pre-staged': async (theCase) => {
    await theCase.report({ policy: { ...POLICY, preStaging: true } });
    await theCase.until(() => theCase.events('alertStaged').length === 2);
    await theCase.signal('return', SUPERVISOR);
    await theCase.until(() => theCase.events('alertRemoved').length === 2);
    await theCase.signal('resubmit', { ...OPERATOR, revision: revision(2) });
    await theCase.until(() => theCase.events('alertStaged').length === 4);
    await theCase.signal('approve', { ...approval, digest: OTHER_DIGEST });
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'found-and-taken-down': async (theCase) => {
    await goLive(theCase);
    await findAndEnd(theCase);
  },

  'found-before-approval': async (theCase) => {
    await theCase.report();
    await findAndEnd(theCase);
  },

  'returned-and-resubmitted': async (theCase) => {
    await theCase.report();
    await theCase.signal('return', SUPERVISOR);
    await theCase.until(() => theCase.view?.status === 'returned');
    await told(theCase, 'returned');
    await theCase.pass(4 * MINUTE);
    await told(theCase, 'correction', 2);
    await theCase.signal('resubmit', { ...OPERATOR, revision: revision(2) });
    await told(theCase, 'approval', 2);
    await theCase.signal('approve', { ...SUPERVISOR, digest: OTHER_DIGEST, criteria: ALL_MET });
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  rejected: async (theCase) => {
    await theCase.report();
    await theCase.signal('reject', SUPERVISOR);
    await end(theCase);
  },

  withdrawn: async (theCase) => {
    await theCase.report();
    await theCase.signal('withdraw', OPERATOR);
    await end(theCase);
  },

  'approval-ladder-climbed-and-acknowledged': async (theCase) => {
    await theCase.report();
    await theCase.pass(16 * MINUTE);
    await told(theCase, 'approval', 5);
    await theCase.signal('acknowledge', OTHER_SUPERVISOR);
    await theCase.pass(10 * MINUTE);
    await theCase.signal('withdraw', OPERATOR);
    await end(theCase);
  },

  'reissued-and-cancelled': async (theCase) => {
    await theCase.report({ kind: 'reissue', reissueOf: 'MFQ-3M8T-46JR' });
    await theCase.signal('approve', approval);
    await isLive(theCase);
    await theCase.signal('cancel', { ...SUPERVISOR, reason: 'issued_in_error' });
    await end(theCase);
  },

  'commands-refused-and-repeated': async (theCase) => {
    await theCase.report();
    await theCase.signal('approve', { ...approval, commandId: 'own', ...OPERATOR, role: 'supervisor' });
    await theCase.signal('approve', { ...approval, commandId: 'role', role: 'operator' });
    await theCase.signal('approve', { ...approval, commandId: 'stale', digest: OTHER_DIGEST });
    await theCase.signal('approve', { ...SUPERVISOR, digest: DIGEST });
    await theCase.signal('approve', approval);
    await theCase.signal('approve', approval);
    await isLive(theCase);
    await theCase.signal('approve', { ...approval, commandId: 'late' });
    await theCase.signal('approveAmendment', { ...OTHER_SUPERVISOR, digest: OTHER_DIGEST });
    await theCase.signal('confirmRemoved', { ...SUPERVISOR, channel: 'facebook' });
    await theCase.until(() => theCase.events('commandRefused').length === 7);
    await findAndEnd(theCase);
  },
};
