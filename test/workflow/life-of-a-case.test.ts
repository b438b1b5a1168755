import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR, MINUTE, SECOND } from '../../src/domain/time.js';
import { ALL_MET, DIGEST, OTHER_DIGEST } from '../given/a-case.js';
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

const run = (test: (theCase: CaseUnderTest) => Promise<void>, options = {}): Promise<CaseUnderTest> =>
  CaseUnderTest.run(bundle, test, options);

const approval = {
  commandId: 'approval',
  number: 2,
  actor: 'supervisor-1',
  role: 'supervisor',
  digest: DIGEST,
  criteria: ALL_MET,
} as const;
const found = {
  commandId: 'found',
  number: 3,
  actor: 'operator-1',
  role: 'operator',
  outcome: 'recovered_otherwise',
} as const;

const liveOnBoth = (theCase: CaseUnderTest) => (): boolean => theCase.view?.liveChannels.length === 2;

describe('the life of a case', () => {
  it('goes from report over approval to live on both channels, and to nothing anywhere when the child is found', async () => {
    await run(async (theCase) => {
      await theCase.report();
      expect(theCase.worlds.facebook.things).toHaveLength(0);
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      for (const world of Object.values(theCase.worlds)) expect(world.public).toHaveLength(1);
      await theCase.signal('childFound', found);
      await theCase.untilStatus('resolved');
      for (const world of Object.values(theCase.worlds)) expect(world.public).toHaveLength(0);
      expect(await theCase.handle?.result()).toBe('resolved');
      expect(theCase.journal.map(({ seq }) => seq)).toEqual(theCase.journal.map((_, index) => index + 1));
      expect(theCase.events('commandAccepted').map(({ command }) => command)).toEqual([
        'report',
        'approve',
        'childFound',
      ]);
    });
  });

  it('is the same with no workflow cached: every step replays the history from its start', async () => {
    await run(
      async (theCase) => {
        await theCase.report();
        await theCase.signal('approve', approval);
        await theCase.until(liveOnBoth(theCase));
        await theCase.signal('childFound', found);
        await theCase.untilStatus('resolved');
        for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(1);
      },
      { maxCachedWorkflows: 0 },
    );
  });

  it('tells everyone on the ladders when the child is found, and only once', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.signal('childFound', found);
      await theCase.handle?.result();
      const ended = theCase.notices.filter(({ notice }) => notice.subject.about === 'ended');
      expect(ended).toHaveLength(1);
      expect(ended[0]?.notice.people).toEqual(['supervisor-1', 'supervisor-2', 'supervisor-3', 'admin-1', 'admin-2']);
    });
  });

  it('found before approval never becomes public and tells everyone', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('childFound', { ...found, number: 2 });
      expect(await theCase.handle?.result()).toBe('resolved');
      for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(0);
      expect(theCase.notices.at(-1)?.notice.subject).toEqual({ about: 'ended', as: 'resolved' });
    });
  });

  it('expires by itself after its time and is taken down', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.pass(24 * HOUR - MINUTE);
      expect(theCase.view?.status).toBe('active');
      await theCase.pass(2 * MINUTE);
      await theCase.untilStatus('expired');
      for (const world of Object.values(theCase.worlds)) expect(world.public).toHaveLength(0);
    });
  });

  it('does not expire over a stored command that is still on its way, which then takes effect first', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.pass(23 * HOUR);
      theCase.newestStoredCommand = () => Promise.resolve(3);
      await theCase.pass(HOUR + SECOND);
      await theCase.signal('childFound', found);
      await theCase.untilStatus('resolved');
      expect(theCase.events()).not.toContain('expired');
    });
  });

  it('does not believe a signal by hand whose number no stored command can have', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.signal('widen', { ...approval, commandId: 'by-hand', number: 999_999_999 });
      await theCase.until(() => theCase.events('widened').length === 1);
      await theCase.pass(23 * HOUR);
      theCase.newestStoredCommand = () => Promise.resolve(3);
      await theCase.pass(HOUR + SECOND);
      await theCase.signal('childFound', found);
      await theCase.untilStatus('resolved');
      expect(theCase.events()).not.toContain('expired');
    });
  });

  it('expires although PostgreSQL does not say whether commands are on their way', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.pass(23 * HOUR);
      theCase.newestStoredCommand = () => Promise.reject(new Error('away'));
      await theCase.pass(HOUR + 2 * MINUTE);
      await theCase.untilStatus('expired');
    });
  });

  it('refuses an approval by the author or of another digest, and goes on waiting', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', { ...approval, commandId: 'own', actor: 'operator-1' });
      await theCase.signal('approve', { ...approval, commandId: 'stale', digest: OTHER_DIGEST });
      await theCase.signal('approve', { ...approval, commandId: 'role', role: 'operator' });
      await theCase.until(() => theCase.events('commandRefused').length === 3);
      expect(theCase.events('commandRefused').map(({ code }) => code)).toEqual([
        'own_revision',
        'stale_digest',
        'role_may_not',
      ]);
      expect(theCase.view?.status).toBe('awaiting_approval');
      for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(0);
    });
  });

  it('gives a command that comes twice one effect and one answer', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.signal('approve', approval);
      await theCase.signal('childFound', found);
      await theCase.handle?.result();
      expect(theCase.events('commandAccepted').filter(({ command }) => command === 'approve')).toHaveLength(1);
      expect(theCase.events('commandRefused')).toHaveLength(0);
    });
  });
});

describe('the approval ladder', () => {
  it('is climbed at 0, 3, 6 and 10 minutes, then repeats its last rung, and falls silent on approval', async () => {
    await run(async (theCase) => {
      await theCase.report();
      const start = theCase.journal[0]?.at ?? 0;
      await theCase.pass(21 * MINUTE);
      await theCase.until(() => theCase.notices.length === 6);
      expect(theCase.notices.map(({ at }) => Math.round((at - start) / MINUTE))).toEqual([0, 3, 6, 10, 15, 20]);
      expect(theCase.notices.map(({ notice }) => notice.people[0])).toEqual([
        'supervisor-1',
        'supervisor-2',
        'supervisor-3',
        'supervisor-1',
        'supervisor-1',
        'supervisor-1',
      ]);
      expect(theCase.view?.needsAttention).toBe(true);
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.pass(HOUR);
      expect(theCase.notices).toHaveLength(6);
      expect(theCase.view?.needsAttention).toBe(false);
    });
  });

  it('falls silent when somebody on it acknowledges', async () => {
    await run(async (theCase) => {
      await theCase.report();
      await theCase.pass(4 * MINUTE);
      await theCase.signal('acknowledge', { commandId: 'ack', actor: 'supervisor-2', role: 'supervisor' });
      await theCase.until(() => theCase.events('acknowledged').length === 1);
      await theCase.pass(HOUR);
      expect(theCase.notices).toHaveLength(2);
      expect(theCase.view?.status).toBe('awaiting_approval');
    });
  });
});

describe('publishing once', () => {
  it('an answer lost after the effect leaves one post, found by looking at that very object', async () => {
    await run(async (theCase) => {
      theCase.manners = (_, kind, before) => (kind === 'publish' && before === 0 ? 'answerLost' : 'well');
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      for (const world of Object.values(theCase.worlds)) {
        expect(world.things).toHaveLength(1);
        expect(world.public).toHaveLength(1);
      }
      expect(theCase.events('publicationUncertain')).toHaveLength(2);
    });
  });

  it('a call lost before the effect is made again on the same object', async () => {
    await run(async (theCase) => {
      theCase.manners = (_, kind, before) => (kind === 'publish' && before < 2 ? 'lost' : 'well');
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.pass(MINUTE);
      await theCase.until(liveOnBoth(theCase));
      for (const world of Object.values(theCase.worlds)) expect(world.things).toHaveLength(1);
    });
  });

  it('what is sent once is never sent again by itself: it is found late, or a person says that it is not there', async () => {
    await run(async (theCase) => {
      const { facebook } = theCase.worlds;
      facebook.postsAnew = true;
      theCase.manners = (channel, kind, before) =>
        channel === 'facebook' && kind === 'publish' && before === 0 ? 'late' : 'well';
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(() => theCase.events('publicationUncertain').length === 1);
      await theCase.pass(10 * MINUTE);
      expect(facebook.public).toHaveLength(0);
      const sent = theCase
        .events('stepStarted')
        .filter(({ channel, step }) => `${channel} ${step.kind}` === 'facebook publish');
      expect(sent).toHaveLength(1);
      expect(theCase.notices.some(({ notice }) => notice.subject.about === 'notLive')).toBe(true);
      expect(theCase.view?.needsAttention).toBe(true);
      facebook.lateEffects(await theCase.environment.currentTimeMs());
      await theCase.pass(3 * MINUTE);
      await theCase.until(liveOnBoth(theCase));
      expect(facebook.public).toHaveLength(1);
      await theCase.signal('childFound', found);
      await theCase.untilStatus('resolved');
      expect(facebook.public).toHaveLength(0);
    });
  });

  it('an effect that comes after the child was found is seen, and removed', async () => {
    await run(async (theCase) => {
      theCase.manners = (channel, kind) => (channel === 'instagram' && kind === 'publish' ? 'late' : 'well');
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(() => theCase.events('publicationUncertain').length > 0);
      await theCase.signal('childFound', found);
      await theCase.until(() => theCase.events('alertNotSeen').length > 0);
      theCase.worlds.instagram.lateEffects(await theCase.environment.currentTimeMs());
      expect(theCase.worlds.instagram.public).toHaveLength(1);
      await theCase.pass(MINUTE);
      await theCase.untilStatus('resolved');
      expect(theCase.worlds.instagram.public).toHaveLength(0);
    });
  });

  it('a throttled channel waits as long as it was told to, and holds up no other', async () => {
    await run(async (theCase) => {
      theCase.manners = (channel, kind, before) =>
        channel === 'facebook' && kind === 'publish' && before === 0 ? 'throttled' : 'well';
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(() => theCase.worlds.instagram.public.length === 1);
      await theCase.pass(50 * SECOND);
      expect(theCase.worlds.facebook.public).toHaveLength(0);
      await theCase.pass(15 * SECOND);
      await theCase.until(liveOnBoth(theCase));
    });
  });

  it('a refusal that a person must mend is raised at once, and the alert goes out by itself once it is mended', async () => {
    await run(async (theCase) => {
      let mended = false;
      theCase.manners = (channel, kind) => (channel === 'facebook' && kind === 'stage' && !mended ? 'refused' : 'well');
      await theCase.report();
      await theCase.signal('approve', approval);
      const raised = (): boolean => theCase.notices.some(({ notice }) => notice.subject.about === 'notLive');
      await theCase.until(raised);
      const first = theCase.notices.find(({ notice }) => notice.subject.about === 'notLive');
      expect((first?.at ?? 0) - (theCase.journal[0]?.at ?? 0)).toBeLessThan(MINUTE);
      mended = true;
      await theCase.pass(6 * MINUTE);
      await theCase.until(liveOnBoth(theCase));
    });
  });
});

describe('standing down', () => {
  it('found while publishing fails ends with nothing public, and nothing is published afterwards', async () => {
    await run(async (theCase) => {
      theCase.manners = (_, kind) => (kind === 'stage' ? 'lost' : 'well');
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.pass(10 * SECOND);
      await theCase.signal('childFound', found);
      expect(await theCase.handle?.result()).toBe('resolved');
      for (const world of Object.values(theCase.worlds)) expect(world.mostPublic).toBe(0);
    });
  });

  it('a post that does not come down climbs the administrators’ ladder until it does, acknowledged or not', async () => {
    await run(async (theCase) => {
      let refuses = true;
      theCase.manners = (channel, kind) =>
        channel === 'instagram' && kind === 'expire' && refuses ? 'refused' : 'well';
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.until(liveOnBoth(theCase));
      await theCase.signal('childFound', found);
      const raised = (): number =>
        theCase.notices.filter(({ notice }) => notice.subject.about === 'notStoodDown').length;
      await theCase.until(() => raised() === 1);
      await theCase.signal('acknowledge', { commandId: 'ack', actor: 'admin-1', role: 'administrator' });
      await theCase.pass(40 * MINUTE);
      await theCase.until(() => raised() >= 5);
      expect(theCase.view?.status).toBe('standing_down');
      expect(theCase.view?.needsAttention).toBe(true);
      refuses = false;
      await theCase.pass(6 * MINUTE);
      await theCase.untilStatus('resolved');
      const after = raised();
      await theCase.handle?.result();
      expect(raised()).toBe(after);
    });
  });

  it('an alert not live after two minutes tells an administrator', async () => {
    await run(async (theCase) => {
      theCase.manners = (channel, kind) => (channel === 'facebook' && kind === 'stage' ? 'lost' : 'well');
      await theCase.report();
      await theCase.signal('approve', approval);
      await theCase.pass(MINUTE);
      expect(theCase.notices.some(({ notice }) => notice.subject.about === 'notLive')).toBe(false);
      await theCase.pass(MINUTE + SECOND);
      await theCase.until(() => theCase.notices.some(({ notice }) => notice.subject.about === 'notLive'));
      const raised = theCase.notices.filter(({ notice }) => notice.subject.about === 'notLive');
      expect(raised.map(({ notice }) => notice.people)).toEqual([['admin-1']]);
    });
  });
});
