import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { OPERATOR, SUPERVISOR } from '../../given/staff.js';
import { approval, end, find, findAndEnd, goLive, isLive, type Lives } from './life.js';

const away = (): Promise<never> => Promise.reject(new Error('away'));
const well = (): Promise<void> => Promise.resolve();

/** What befalls a case from outside: people who cannot be reached, a database that is away, signals that are none. */
export const FROM_OUTSIDE: Lives = {
  'notice-called-off': async (theCase) => {
    theCase.reach = away;
    await theCase.report();
    await theCase.signal('approve', approval);
    await isLive(theCase);
    theCase.reach = well;
    await findAndEnd(theCase);
  },

  'notice-over-while-it-goes-out-with-a-batch': async (theCase) => {
    let arrive = (): void => undefined;
    theCase.reach = () => new Promise((resolve) => (arrive = resolve));
    await theCase.report();
    await theCase.signalAtOnce('approve', approval);
    await theCase.taskOver();
    theCase.reach = well;
    arrive();
    await isLive(theCase);
    await findAndEnd(theCase);
  },

  'notice-abandoned': async (theCase) => {
    await theCase.report();
    await theCase.signal('acknowledge', SUPERVISOR);
    await theCase.until(() => theCase.events('acknowledged').length === 1);
    theCase.reach = away;
    await theCase.signal('withdraw', OPERATOR);
    await theCase.pass(25 * HOUR);
    await end(theCase);
  },

  'journal-held-up': async (theCase) => {
    await theCase.report();
    theCase.write = away;
    await theCase.signal('approve', approval);
    await theCase.until(() => Object.values(theCase.worlds).every((world) => world.public.length === 1));
    await find(theCase);
    theCase.write = well;
    await end(theCase);
  },

  'malformed-signals': async (theCase) => {
    await goLive(theCase);
    const encoding = Buffer.from('json/plain');
    await theCase.signalAnything('childFound', [{ metadata: { encoding }, data: Buffer.from('{"actor": ') }]);
    await theCase.signalAnything('cancel', undefined);
    await theCase.signalAnything('widen', [{ data: Buffer.from('{}') }]);
    await theCase.signalAnything('noSuchSignal', [{ metadata: { encoding }, data: Buffer.from('7') }]);
    await theCase.until(() => theCase.events('commandRefused').length === 3);
    await findAndEnd(theCase);
  },

  'cancellation-requested': async (theCase) => {
    await goLive(theCase);
    await theCase.handle?.cancel();
    await theCase.pass(MINUTE);
    await findAndEnd(theCase);
  },
};
