import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.js';
import { ALL_MET, AREA, DIGEST, OTHER_DIGEST, POLICY } from '../given/a-case.js';
import { OPERATOR as operator, OTHER_SUPERVISOR as another, SUPERVISOR as supervisor } from '../given/staff.js';
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

const run = (test: (theCase: CaseUnderTest) => Promise<void>): Promise<CaseUnderTest> =>
  CaseUnderTest.run(bundle, test);

const revisionTwo = { number: 2, digest: OTHER_DIGEST, area: AREA, languagesMissing: [] };
const found = { ...operator, outcome: 'recovered_otherwise' } as const;

async function live(theCase: CaseUnderTest, preStaging = false): Promise<void> {
  await theCase.report({ policy: { ...POLICY, preStaging } });
  await theCase.signal('approve', { ...supervisor, digest: DIGEST, criteria: ALL_MET });
  await theCase.until(() => theCase.view?.liveChannels.length === 2);
}

/** Lets the time of a review come, and answers it, so that its ladder is climbed no further. */
async function reviewed(theCase: CaseUnderTest, after = 12 * HOUR): Promise<void> {
  const before = theCase.events('acknowledged').length;
  await theCase.pass(after + SECOND);
  await theCase.until(() => theCase.notices.at(-1)?.notice.subject.about === 'review');
  await theCase.signal('acknowledge', supervisor);
  await theCase.until(() => theCase.events('acknowledged').length > before);
}

describe('before its approval', () => {
  it('a report that is returned is corrected, and only the correction goes out', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('return', supervisor);
      await theCase.until(() => theCase.view?.status === 'returned');
      await theCase.until(() => theCase.notices.some(({ notice }) => notice.subject.about === 'returned'));
      const told = theCase.notices.find(({ notice }) => notice.subject.about === 'returned');
      expect(told?.notice.people).toEqual(['operator-1']);
      await theCase.signal('approve', { ...supervisor, digest: DIGEST, criteria: ALL_MET });
      await theCase.signal('resubmit', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.view?.revision.number === 2);
      await theCase.signal('approve', { ...supervisor, digest: DIGEST, criteria: ALL_MET });
      await theCase.signal('approve', { ...another, digest: OTHER_DIGEST, criteria: ALL_MET });
      await theCase.until(() => theCase.view?.liveChannels.length === 2);
      for (const world of Object.values(theCase.worlds))
        expect(world.things.map(({ revision }) => revision)).toEqual([2]);
      expect(theCase.events('commandRefused').map(({ code }) => code)).toEqual([
        'not_awaiting_approval',
        'stale_digest',
      ]);
    });
  });

  it('where the policy pre-stages, an approval takes one step on each channel, and a report that is returned leaves nothing', async () => {
    await run(async (theCase) => {
      await theCase.report({ policy: { ...POLICY, preStaging: true } });
      await theCase.until(() => theCase.events('alertStaged').length === 2);
      await theCase.signal('return', supervisor);
      await theCase.until(() => theCase.events('alertRemoved').length === 2);
      await theCase.signal('resubmit', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.events('alertStaged').length === 4);
      for (const world of Object.values(theCase.worlds)) expect(world.mostPublic).toBe(0);
      const before = theCase.events('stepStarted').length;
      await theCase.signal('approve', { ...supervisor, digest: OTHER_DIGEST, criteria: ALL_MET });
      await theCase.until(() => theCase.view?.liveChannels.length === 2);
      const steps = theCase.events('stepStarted').slice(before);
      expect(steps.map(({ step }) => step.kind)).toEqual(['publish', 'publish']);
      for (const world of Object.values(theCase.worlds)) expect(world.public[0]?.revision).toBe(2);
    });
  });

  it('a report that is withdrawn ends without a trace on any channel', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('withdraw', operator);
      expect(await theCase.handle?.result()).toBe('withdrawn');
      for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(0);
    });
  });

  it('a report that lacks a language, and a checklist that lacks an answer, are not approved', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', { ...supervisor, digest: DIGEST });
      await theCase.signal('resubmit', { ...operator, revision: { ...revisionTwo, languagesMissing: ['en'] } });
      await theCase.signal('approve', { ...supervisor, digest: OTHER_DIGEST, criteria: ALL_MET });
      await theCase.until(() => theCase.events('commandRefused').length === 2);
      expect(theCase.events('commandRefused').map(({ code, problem }) => [code, problem])).toEqual([
        ['criteria_unanswered', 'danger'],
        ['language_missing', 'en'],
      ]);
    });
  });
});

describe('an amendment', () => {
  it('of the text edits the post on Facebook and replaces it on Instagram, once another supervisor approves it', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.signal('amend', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.view?.amendment?.number === 2);
      expect(theCase.worlds.facebook.public.map(({ revision }) => revision)).toEqual([1]);
      await theCase.signal('approveAmendment', { ...operator, role: 'supervisor', digest: OTHER_DIGEST });
      await theCase.signal('approveAmendment', { ...another, digest: OTHER_DIGEST });
      const shown = (): unknown =>
        Object.values(theCase.worlds).map((world) => world.public.map(({ revision }) => revision));
      await theCase.until(() => JSON.stringify(shown()) === '[[2],[2]]');
      expect(theCase.worlds.facebook.things).toHaveLength(1);
      expect(theCase.worlds.instagram.things).toHaveLength(2);
      expect(theCase.worlds.instagram.mostPublic).toBe(2);
      expect(theCase.events('commandRefused').map(({ code }) => code)).toEqual(['own_revision']);
    });
  });

  it('with another photo replaces the post everywhere', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.signal('amend', { ...operator, revision: { ...revisionTwo, number: 3 } });
      await theCase.until(() => theCase.view?.amendment?.number === 3);
      await theCase.signal('approveAmendment', { ...another, digest: OTHER_DIGEST });
      await theCase.until(() => Object.values(theCase.worlds).every((world) => world.public[0]?.revision === 3));
      await theCase.until(() => Object.values(theCase.worlds).every((world) => world.public.length === 1));
      expect(theCase.worlds.facebook.things).toHaveLength(2);
    });
  });

  it('that shows another child takes the wrong one down before it is published, on Facebook too', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.signal('amend', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.view?.amendment?.number === 2);
      await theCase.signal('approveAmendment', { ...another, digest: OTHER_DIGEST, removeFirst: true });
      await theCase.until(() => Object.values(theCase.worlds).every((world) => world.public[0]?.revision === 2));
      for (const world of Object.values(theCase.worlds)) {
        expect(world.things).toHaveLength(2);
        expect(world.mostPublic).toBe(1);
      }
    });
  });

  it('is staged beside the live post where the policy pre-stages, and takes one step to go live and one to replace', async () => {
    await run(async (theCase) => {
      await live(theCase, true);
      await theCase.signal('amend', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.events('alertStaged').length === 4);
      for (const world of Object.values(theCase.worlds)) expect(world.mostPublic).toBe(1);
      const before = theCase.events('stepStarted').length;
      await theCase.signal('approveAmendment', { ...another, digest: OTHER_DIGEST });
      await theCase.until(() => theCase.events('alertRemoved').length === 2);
      const steps = theCase.events('stepStarted').slice(before);
      const on = (name: string): string[] =>
        steps.filter(({ channel }) => channel === name).map(({ step }) => step.kind);
      expect(on('instagram')).toEqual(['publish', 'expire']);
      expect(on('facebook')).toEqual(['update', 'expire']);
      for (const world of Object.values(theCase.worlds)) {
        expect(world.public.map(({ revision }) => revision)).toEqual([2]);
      }
    });
  });

  it('that is being staged without end holds up neither the removal of a wrong post nor the end of its case', async () => {
    await run(async (theCase) => {
      await live(theCase, true);
      theCase.manners = (_channel, kind) => (kind === 'stage' ? 'throttled' : 'well');
      await theCase.signal('amend', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.events('stepStarted').filter(({ step }) => step.revision === 2).length === 2);
      await theCase.signalAtOnce('approveAmendment', { ...another, digest: OTHER_DIGEST, removeFirst: true });
      await theCase.until(() => Object.values(theCase.worlds).every((world) => world.public.length === 0));
      await theCase.signalAtOnce('childFound', found);
      expect(await theCase.handle?.result()).toBe('resolved');
    });
  });

  it('may take the last post of a quota that the first post of a missing alert has to leave', async () => {
    await run(async (theCase) => {
      await theCase.report({ tier: 'missing', runKind: 'actual' });
      await theCase.signal('approve', { ...supervisor, digest: DIGEST, criteria: ALL_MET });
      await theCase.until(() => theCase.view?.liveChannels.length === 2);
      await theCase.signal('amend', { ...operator, revision: revisionTwo });
      await theCase.until(() => theCase.view?.amendment?.number === 2);
      await theCase.signal('approveAmendment', { ...another, digest: OTHER_DIGEST });
      await theCase.until(() => theCase.worlds.instagram.public.some(({ revision }) => revision === 2));
      expect(theCase.worlds.instagram.needs).toEqual(['routine', 'urgent']);
    });
  });

  it('that nobody decides on climbs the ladder; rejected it changes nothing and its author is told', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.signal('amend', { ...operator, revision: revisionTwo });
      await theCase.pass(4 * MINUTE);
      const about = (): number => theCase.notices.filter(({ notice }) => notice.subject.about === 'amendment').length;
      await theCase.until(() => about() === 2);
      await theCase.signal('rejectAmendment', another);
      await theCase.until(() => theCase.view?.amendment === null);
      await theCase.pass(HOUR);
      expect(about()).toBe(2);
      const told = theCase.notices.find(({ notice }) => notice.subject.about === 'amendmentRejected');
      expect(told?.notice.people).toEqual(['operator-1']);
      expect(theCase.worlds.facebook.public.map(({ revision }) => revision)).toEqual([1]);
    });
  });
});

describe('while it is active', () => {
  it('the area widens by its plan at its time, by hand before, and no post is lost over it', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.pass(3 * HOUR + SECOND);
      await theCase.until(() => theCase.view?.radiusKm === 300);
      expect(theCase.view?.publications.map(({ reach }) => reach?.askedRadiusKm)).toEqual([300, 300]);
      await theCase.signal('widen', supervisor);
      await theCase.until(() => theCase.events('commandRefused').length === 1);
      expect(theCase.events('commandRefused')[0]?.code).toBe('nothing_to_widen');
      for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(1);
    });
  });

  it('widening waits when it is not known whether commands are on their way', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.pass(3 * HOUR - MINUTE);
      theCase.newestStoredCommand = () => Promise.reject(new Error('away'));
      await theCase.pass(4 * MINUTE);
      expect(theCase.events('widened')).toHaveLength(0);
      theCase.newestStoredCommand = () => Promise.resolve(1);
      await theCase.pass(5 * MINUTE);
      await theCase.until(() => theCase.view?.radiusKm === 300);
    });
  });

  it('supervisors are warned before it expires; extended, it lives on and they are warned again in time', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await reviewed(theCase);
      await theCase.pass(11 * HOUR + MINUTE);
      const warnings = (): number => theCase.notices.filter(({ notice }) => notice.subject.about === 'expiry').length;
      await theCase.until(() => warnings() === 1);
      const until = new Date((theCase.view?.expiresAt ?? 0) + 12 * HOUR).toISOString();
      await theCase.signal('extend', { ...supervisor, until });
      await theCase.until(() => theCase.events('extended').length === 1);
      await theCase.pass(50 * MINUTE);
      expect(warnings()).toBe(1);
      await reviewed(theCase, 10 * MINUTE);
      await theCase.pass(11 * HOUR);
      await theCase.until(() => warnings() > 1);
      expect(theCase.view?.status).toBe('active');
      await theCase.pass(HOUR);
      await theCase.untilStatus('expired');
    });
  });

  it('a review is asked for every twelve hours until somebody has looked', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.pass(12 * HOUR + SECOND);
      const reviews = (): number => theCase.notices.filter(({ notice }) => notice.subject.about === 'review').length;
      await theCase.until(() => reviews() === 1);
      await theCase.signal('acknowledge', supervisor);
      await theCase.until(() => theCase.events('acknowledged').length === 1);
      await theCase.pass(10 * HOUR);
      expect(reviews()).toBe(1);
    });
  });

  it('a sighting is recorded and nothing public changes', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.signal('reportSighting', { ...operator, noteDigest: OTHER_DIGEST });
      await theCase.until(() => theCase.events('sighted').length === 1);
      for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(1);
    });
  });
});

describe('what needs hands', () => {
  it('a post made by hand counts as live and keeps the case open until a named person confirms its removal', async () => {
    await run(async (theCase) => {
      theCase.manners = (channel, kind) => (channel === 'facebook' && kind === 'stage' ? 'refused' : 'well');
      await theCase.report();
      await theCase.signal('approve', { ...supervisor, digest: DIGEST, criteria: ALL_MET });
      await theCase.until(() => theCase.events('stepHeld').length > 0);
      await theCase.signal('confirmPublished', { ...supervisor, channel: 'facebook' });
      await theCase.until(() => theCase.view?.liveChannels.length === 2);
      await theCase.signal('childFound', found);
      await theCase.until(() => theCase.worlds.instagram.public.length === 0);
      await theCase.pass(6 * MINUTE);
      await theCase.until(() => theCase.notices.some(({ notice }) => notice.subject.about === 'notStoodDown'));
      expect(theCase.view?.status).toBe('standing_down');
      await theCase.signal('confirmRemoved', { ...another, channel: 'facebook' });
      expect(await theCase.handle?.result()).toBe('resolved');
      expect(theCase.events('removalConfirmed')).toMatchObject([{ by: 'supervisor-2' }]);
    });
  });
});

describe('whatever is done to its workflow from outside', () => {
  it('a cancellation asked for in the Temporal UI ends nothing: the child found still takes the alert down', async () => {
    await run(async (theCase) => {
      await live(theCase);
      await theCase.handle?.cancel();
      await theCase.pass(MINUTE);
      expect(theCase.view?.status).toBe('active');
      await theCase.signal('childFound', found);
      expect(await theCase.handle?.result()).toBe('resolved');
      for (const world of Object.values(theCase.worlds)) expect(world.public).toHaveLength(0);
    });
  });

  it('a removal that comes to nothing is tried again with growing waits, and people are told', async () => {
    await run(async (theCase) => {
      await live(theCase);
      theCase.manners = (channel, kind) => (channel === 'instagram' && kind === 'expire' ? 'notSent' : 'well');
      await theCase.signal('childFound', found);
      await theCase.pass(10 * MINUTE);
      const tries = theCase
        .events('stepStarted')
        .filter(({ step, channel }) => step.kind === 'expire' && channel === 'instagram');
      expect(tries.length).toBeGreaterThan(5);
      expect(tries.length).toBeLessThan(40);
      expect(theCase.notices.some(({ notice }) => notice.subject.about === 'notStoodDown')).toBe(true);
    });
  });
});
