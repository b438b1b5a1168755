import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { ALL_MET, AREA, DIGEST, OTHER_DIGEST } from '../given/a-case.js';
import { CaseUnderTest } from './case-under-test.js';
import { bundleWorkflows } from './workflow-bundle.js';

jest.setTimeout(60_000);

let bundle: Awaited<ReturnType<typeof bundleWorkflows>>;

beforeAll(async () => {
  bundle = await bundleWorkflows();
});

afterAll(async () => {
  await bundle.remove();
});

describe('a case whose history has grown long goes on in a new run', () => {
  // A run may end after any number of events, so that it ends at every kind of moment: while a ladder is climbed, between the steps on
  // the channels, while a notice is being sent or the journal written, while an amendment waits, during a stand-down.
  it.each([20, 26, 33, 41, 52, 64, 80])(
    'and nothing is lost, done twice or forgotten on the way (%i events)',
    async (events) => {
      const theCase = await CaseUnderTest.run(
        bundle,
        async (life) => {
          life.manners = (_, kind, before) => (kind === 'publish' && before === 0 ? 'answerLost' : 'well');
          await life.report();
          await life.pass(4 * MINUTE);
          await life.signal('approve', {
            commandId: 'approval',
            actor: 'supervisor-1',
            role: 'supervisor',
            digest: DIGEST,
            criteria: ALL_MET,
          });
          await life.untilInTime(() => life.view?.liveChannels.length === 2);
          await life.signal('amend', {
            actor: 'operator-1',
            role: 'operator',
            revision: { number: 2, digest: OTHER_DIGEST, area: AREA, languagesMissing: [] },
          });
          await life.untilInTime(() => life.view?.amendment?.number === 2);
          await life.signal('approveAmendment', { actor: 'supervisor-2', role: 'supervisor', digest: OTHER_DIGEST });
          await life.untilInTime(() => Object.values(life.worlds).every((world) => world.public[0]?.revision === 2));
          await life.pass(4 * HOUR);
          // The same command id in a later run is still the same command.
          await life.signal('approve', {
            commandId: 'approval',
            actor: 'supervisor-1',
            role: 'supervisor',
            digest: DIGEST,
            criteria: ALL_MET,
          });
          await life.signal('childFound', {
            commandId: 'found',
            actor: 'operator-1',
            role: 'operator',
            outcome: 'recovered_otherwise',
          });
          await life.untilInTime(() => life.view?.status === 'resolved');
        },
        { historyLimit: { events } },
      );
      expect(theCase.histories.length).toBeGreaterThan(1);
      expect(theCase.journal.map(({ seq }) => seq)).toEqual(theCase.journal.map((_, index) => index + 1));
      for (const world of Object.values(theCase.worlds)) expect(world.public).toHaveLength(0);
      expect(theCase.worlds.facebook.things).toHaveLength(1);
      expect(theCase.worlds.instagram.things).toHaveLength(2);
      const accepted = theCase.events('commandAccepted').map(({ command }) => command);
      expect(accepted).toEqual(['report', 'approve', 'amend', 'approveAmendment', 'childFound']);
      expect(theCase.view?.radiusKm).toBe(300);
      const told = theCase.notices.map(({ notice }) => notice.id);
      expect(new Set(told).size).toBe(told.length);
      expect(theCase.notices.filter(({ notice }) => notice.subject.about === 'approval')).toHaveLength(2);
      expect(theCase.notices.at(-1)?.notice.subject).toEqual({ about: 'ended', as: 'resolved' });
    },
  );
});
