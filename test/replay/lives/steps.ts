import { MINUTE, SECOND } from '../../../src/domain/time.js';
import { OTHER_SUPERVISOR, SUPERVISOR } from '../../given/staff.js';
import type { CaseUnderTest } from '../../workflow/case-under-test.js';
import { amend, approve, end, find, findAndEnd, goLive, isLive, type Lives, shows, told } from './life.js';

/** How steps on the channels go wrong, one kind after the other, and what the case makes of it. */
export const STEPS: Lives = {
  'answer-lost-after-the-flip': async (theCase) => {
    theCase.manners = (_, kind, before) => (kind === 'publish' && before === 0 ? 'answerLost' : 'well');
    await approve(theCase);
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'flip-lost-and-made-again': async (theCase) => {
    theCase.manners = (_, kind, before) => (kind === 'publish' && before === 0 ? 'lost' : 'well');
    await approve(theCase);
    await theCase.pass(10 * SECOND);
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'sent-once-not-found-and-posted-again': async (theCase) => {
    theCase.worlds.facebook.postsAnew = true;
    theCase.manners = (channel, kind, before) =>
      channel === 'facebook' && kind === 'publish' && before === 0 ? 'lost' : 'well';
    await approve(theCase);
    await theCase.until(() => theCase.events('publicationUncertain').length === 1);
    await theCase.pass(2 * MINUTE);
    await told(theCase, 'notLive');
    await theCase.signal('confirmRemoved', { ...OTHER_SUPERVISOR, channel: 'facebook' });
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'flip-lost-with-its-worker': async (theCase) => {
    theCase.holdUp = (channel, kind, before, { signal }) =>
      channel === 'facebook' && kind === 'publish' && before === 0 ? aborted(signal) : Promise.resolve();
    await approve(theCase);
    await theCase.until(() => theCase.events('alertLive').length === 1);
    await theCase.pass(15 * SECOND);
    await theCase.until(() => theCase.events('publicationUncertain').length === 1);
    await theCase.pass(10 * SECOND);
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'found-while-a-flip-is-in-flight': async (theCase) => {
    const held: (() => void)[] = [];
    theCase.holdUp = (_, kind) =>
      kind === 'publish' ? new Promise((letGo) => void held.push(letGo)) : Promise.resolve();
    await approve(theCase);
    await theCase.until(() => held.length === 2);
    await find(theCase);
    await theCase.until(() => theCase.events('found').length === 1);
    await theCase.taskOver();
    for (const letGo of held) letGo();
    await end(theCase);
  },

  'flip-throttled': async (theCase) => {
    theCase.manners = (_, kind, before) => (kind === 'publish' && before === 0 ? 'throttled' : 'well');
    await approve(theCase);
    await theCase.until(() => theCase.events('stepHeld').length === 2);
    await theCase.pass(MINUTE + SECOND);
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'flip-not-sent': async (theCase) => {
    theCase.manners = (_, kind, before) => (kind === 'publish' && before === 0 ? 'notSent' : 'well');
    await approve(theCase);
    await theCase.pass(5 * SECOND);
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'object-lost-before-the-flip': async (theCase) => {
    theCase.manners = (channel, kind, before) =>
      channel === 'facebook' && kind === 'publish' && before === 0 ? 'throttled' : 'well';
    await approve(theCase);
    await theCase.until(() => theCase.events('stepHeld').length === 1);
    deleteByHand(theCase);
    await theCase.pass(MINUTE + SECOND);
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'facebook-denies-what-it-has': async (theCase) => {
    theCase.manners = (channel, kind, before) => {
      if (channel !== 'facebook') return 'well';
      if (kind === 'publish' && before === 1) return 'answerLost';
      return before === 0 && kind !== 'stage' ? 'deniesIt' : 'well';
    };
    await approve(theCase);
    await theCase.pass(10 * SECOND);
    await isLive(theCase);
    await amend(theCase);
    await theCase.pass(2 * SECOND);
    await shows(theCase, 2);
    await findAndEnd(theCase);
  },

  'facebook-refuses-every-step-once': async (theCase) => {
    theCase.manners = (channel, kind, before) => {
      if (channel !== 'facebook') return 'well';
      if (kind === 'publish' && before === 1) return 'answerLost';
      return before === 0 ? 'refused' : 'well';
    };
    await approve(theCase);
    await theCase.pass(5 * MINUTE);
    await isLive(theCase);
    await amend(theCase);
    await theCase.pass(MINUTE);
    await shows(theCase, 2);
    await find(theCase);
    await theCase.pass(MINUTE);
    await end(theCase);
  },

  'published-and-removed-by-hand': async (theCase) => {
    theCase.manners = (channel, kind) => (channel === 'facebook' && kind === 'stage' ? 'refused' : 'well');
    await approve(theCase);
    await theCase.until(() => theCase.events('stepHeld').length > 0);
    await theCase.signal('confirmPublished', { ...SUPERVISOR, channel: 'facebook' });
    await isLive(theCase);
    await find(theCase);
    await theCase.pass(6 * MINUTE);
    await theCase.signal('confirmRemoved', { ...OTHER_SUPERVISOR, channel: 'facebook' });
    await end(theCase);
  },

  'amended-while-staging-fails': async (theCase) => {
    let failing = true;
    theCase.manners = (channel, kind) => (channel === 'facebook' && kind === 'stage' && failing ? 'lost' : 'well');
    await approve(theCase);
    await theCase.until(() => theCase.events('alertLive').length === 1);
    await amend(theCase);
    await theCase.until(() => theCase.events('stepCalledOff').length === 1);
    failing = false;
    await theCase.pass(MINUTE);
    await shows(theCase, 2);
    await findAndEnd(theCase);
  },

  'found-while-staging-fails': async (theCase) => {
    theCase.manners = (_, kind) => (kind === 'stage' ? 'lost' : 'well');
    await approve(theCase);
    await theCase.pass(5 * SECOND);
    await findAndEnd(theCase);
  },

  'found-while-looking-fails': async (theCase) => {
    theCase.manners = (channel, kind, before) => {
      if (channel !== 'facebook') return 'well';
      if (kind === 'publish' && before === 0) return 'answerLost';
      return kind === 'look' ? 'lost' : 'well';
    };
    await approve(theCase);
    await theCase.until(() => theCase.events('alertLive').length === 1);
    await theCase.pass(5 * SECOND);
    await findAndEnd(theCase);
  },

  'found-while-an-edit-fails': async (theCase) => {
    theCase.manners = (_, kind) => (kind === 'update' ? 'lost' : 'well');
    await goLive(theCase);
    await amend(theCase);
    await theCase.until(() => theCase.worlds.instagram.public[0]?.revision === 2);
    await theCase.pass(5 * SECOND);
    await findAndEnd(theCase);
  },
};

/** Somebody takes away what is on Facebook. */
export function deleteByHand(theCase: CaseUnderTest): void {
  for (const thing of theCase.worlds.facebook.things) thing.deleted = true;
}

/** Until the worker itself is shut down: what never answers. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
