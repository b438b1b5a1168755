import { MINUTE, SECOND } from '../../../src/domain/time.js';
import { ADMINISTRATOR, SUPERVISOR } from '../../given/staff.js';
import { approve, end, find, findAndEnd, goLive, type Lives, told } from './life.js';
import { deleteByHand } from './steps.js';

/** How removals go wrong. */
export const STANDING_DOWN: Lives = {
  'instagram-refuses-to-delete': async (theCase) => {
    theCase.manners = (channel, kind) => (channel === 'instagram' && kind === 'expire' ? 'refused' : 'well');
    await goLive(theCase);
    await find(theCase);
    await told(theCase, 'notStoodDown');
    await theCase.signal('acknowledge', ADMINISTRATOR);
    await theCase.pass(16 * MINUTE);
    await told(theCase, 'notStoodDown', 3);
    await theCase.signal('confirmRemoved', { ...SUPERVISOR, channel: 'instagram' });
    await end(theCase);
  },

  'removal-lost-throttled-and-not-sent': async (theCase) => {
    const manners = ['lost', 'throttled', 'notSent'] as const;
    theCase.manners = (_, kind, before) => (kind === 'expire' ? manners[before] : undefined) ?? 'well';
    await goLive(theCase);
    await find(theCase);
    await theCase.pass(2 * MINUTE);
    await end(theCase);
  },

  'post-already-deleted-by-somebody': async (theCase) => {
    await goLive(theCase);
    await theCase.pass(MINUTE);
    deleteByHand(theCase);
    await findAndEnd(theCase);
  },

  'flip-that-takes-effect-after-the-child-was-found': async (theCase) => {
    theCase.manners = (channel, kind) => (channel === 'instagram' && kind === 'publish' ? 'late' : 'well');
    await approve(theCase);
    await theCase.until(() => theCase.events('publicationUncertain').length > 0);
    await find(theCase);
    await theCase.until(() => theCase.events('alertNotSeen').length > 0);
    theCase.worlds.instagram.lateEffects(await theCase.environment.currentTimeMs());
    await theCase.pass(10 * SECOND);
    await end(theCase);
  },
};
