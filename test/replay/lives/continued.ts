import { setTimeout } from 'node:timers/promises';
import { MINUTE, SECOND } from '../../../src/domain/time.js';
import { OPERATOR } from '../../given/staff.js';
import type { CaseUnderTest } from '../../workflow/case-under-test.js';
import { findAndEnd, goLive, type Lives, revision } from './life.js';

/** Long enough for a case to be brought to its end in a second run, so that there is no third. */
export const HISTORY_LIMIT = { events: 90 };

/** Cases that go on in a new run, once; each run has a history of its own. */
export const CONTINUED: Lives = {
  'continued-as-new': async (theCase) => {
    await goLive(theCase);
    await theCase.signal('amend', { ...OPERATOR, revision: revision(2) });
    await theCase.until(() => theCase.view?.amendment?.number === 2);
    await fillTheRun(theCase);
    await findAndEnd(theCase);
  },

  'continued-as-new-with-a-notice-under-way': async (theCase) => {
    await goLive(theCase);
    theCase.reach = () => Promise.reject(new Error('away'));
    await theCase.signal('amend', { ...OPERATOR, revision: revision(2) });
    await theCase.until(() => theCase.triedNotices > 2);
    await fillTheRun(theCase);
    theCase.reach = () => Promise.resolve();
    await findAndEnd(theCase);
  },
};

/** Reports sightings until the case has gone on in a new run. */
async function fillTheRun(theCase: CaseUnderTest): Promise<void> {
  const length = async (): Promise<number> => (await theCase.handle?.describe())?.historyLength ?? 0;
  while ((await length()) < HISTORY_LIMIT.events && !(await isInANewRun(theCase))) {
    const before = theCase.events('sighted').length;
    await theCase.signal('reportSighting', OPERATOR);
    // A run that comes to rest takes commands in, and leaves it to the next to write them down.
    while (theCase.events('sighted').length === before && (await length()) < HISTORY_LIMIT.events) await setTimeout(10);
  }
  // It waits for notices no longer than a minute.
  for (let passed = 0; passed < 2 * MINUTE; passed += 5 * SECOND) {
    if (await isInANewRun(theCase)) return;
    await theCase.pass(5 * SECOND);
  }
  throw new Error('the case did not go on in a new run');
}

async function isInANewRun({ handle }: CaseUnderTest): Promise<boolean> {
  return (await handle?.describe())?.runId !== handle?.firstExecutionRunId;
}
