import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CASE_STATUSES, type CaseState, liveChannels, radiusKm, wanted } from '../../../src/domain/case.js';
import { SIGNALS } from '../../../src/domain/command.js';
import { decide } from '../../../src/domain/decide.js';
import { escalations } from '../../../src/domain/escalation.js';
import type { CaseEvent } from '../../../src/domain/event.js';
import { evolve } from '../../../src/domain/evolve.js';
import { isStillDue, noticeFor } from '../../../src/domain/notice.js';
import { isOvertaken, type Publication } from '../../../src/domain/publication.js';
import { ACCOUNT_CHANNELS } from '../../../src/domain/channel.js';
import { HOUR, MINUTE } from '../../../src/domain/time.js';
import { nextTimer, type Timer, timers } from '../../../src/domain/timer.js';
import { POLICY, REPORTED_AT } from '../../given/a-case.js';
import { MANNERS } from '../../given/channel-world.js';
import { type Attempt, attempt, commandFor, soundApproval } from '../../given/random-commands.js';
import { CaseSimulation } from './case-simulation.js';

type Move =
  | { readonly move: 'command'; readonly attempt: Attempt }
  | {
      readonly move: 'step';
      readonly channel: (typeof ACCOUNT_CHANNELS)[number];
      readonly manner: (typeof MANNERS)[number];
    }
  | { readonly move: 'pass'; readonly ms: number }
  | { readonly move: 'lateEffects' };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ move: fc.constant('command' as const), attempt }) },
  {
    weight: 10,
    arbitrary: fc.record({
      move: fc.constant('step' as const),
      channel: fc.constantFrom(...ACCOUNT_CHANNELS),
      manner: fc.constantFrom('well' as const, 'well' as const, 'well' as const, ...MANNERS),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 3 * HOUR }) }),
  },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ move: 'pass' as const, ms: 25 * HOUR }) },
  { weight: 1, arbitrary: fc.constant({ move: 'lateEffects' as const }) },
);

/** Whether two timers are about the same thing, whenever each was due. */
function isSameTimer(a: Timer, b: Timer): boolean {
  const identity = (timer: Timer): string => JSON.stringify({ ...timer, at: null, people: null });
  return identity(a) === identity(b);
}

/** Confirmations say what a person saw. In lives without them, what is there is all our own doing. */
const isConfirmation = (next: Move): boolean => next.move === 'command' && next.attempt.kind.startsWith('confirm');

/** Lives a random life, holding a check against the case after every move. */
function live(
  moves: readonly Move[],
  check: (life: CaseSimulation) => void = () => undefined,
  life = new CaseSimulation(),
): CaseSimulation {
  for (const next of moves) {
    if (next.move === 'command') life.command(commandFor(life, next.attempt), next.attempt.commandId);
    if (next.move === 'step') life.step(next.channel, next.manner);
    if (next.move === 'pass') life.pass(next.ms);
    if (next.move === 'lateEffects') for (const world of Object.values(life.worlds)) world.lateEffects(life.now);
    check(life);
  }
  return life;
}

/** Nearly all begin with an approval that holds, or few would come further than the first page of a case. */
const begun: fc.Arbitrary<readonly Move[]> = fc.oneof(
  { weight: 1, arbitrary: fc.constant([]) },
  { weight: 3, arbitrary: fc.constant([{ move: 'command', attempt: soundApproval }] as const) },
);
// Without a size fast-check seldom makes more than ten moves.
const lives = fc
  .tuple(begun, fc.array(move, { maxLength: 60, size: 'max' }))
  .map(([first, rest]) => [...first, ...rest]);
const unaided = lives.map((moves) => moves.filter((next) => !isConfirmation(next)));
/** What holds of every case holds of one whose policy pre-stages. */
const simulation = fc.boolean().map((preStaging) => () => new CaseSimulation({ preStaging }));
const MANY = { numRuns: 250 };

describe('where the policy pre-stages', () => {
  const preStaged = (): CaseSimulation => new CaseSimulation({ preStaging: true });

  it('nobody sees a revision that is not approved, and none that lacks a language is staged', () => {
    let staged = 0;
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves, undefined, preStaged());
        const approved = new Set<number>();
        const incomplete = new Set<number>();
        for (const event of life.events) {
          if (event.type === 'approved' || event.type === 'amendmentApproved') approved.add(event.revision.number);
          const isProposed = event.type === 'resubmitted' || event.type === 'amendmentProposed';
          if (isProposed && event.revision.languagesMissing.length > 0) incomplete.add(event.revision.number);
          if (event.type !== 'stepStarted') continue;
          const { kind, revision } = event.step;
          if (kind === 'publish' || kind === 'update') expect(approved).toContain(revision);
          if (kind !== 'stage') continue;
          expect(incomplete).not.toContain(revision);
          if (!approved.has(revision)) staged += 1;
        }
      }),
      MANY,
    );
    expect(staged).toBeGreaterThan(100);
  });

  it('what is staged in time goes live by one step on each channel', () => {
    const life = preStaged();
    life.settle();
    for (const world of Object.values(life.worlds)) {
      expect(world.things).toHaveLength(1);
      expect(world.public).toEqual([]);
    }
    life.command(commandFor(life, soundApproval), soundApproval.commandId);
    for (const channel of ACCOUNT_CHANNELS) expect(life.step(channel, 'well')).toBe(true);
    expect(liveChannels(life.state)).toEqual([...ACCOUNT_CHANNELS]);
    for (const channel of ACCOUNT_CHANNELS) expect(life.step(channel, 'well')).toBe(false);
  });

  it('what was staged for a report that is withdrawn is deleted where it can be', () => {
    const life = preStaged();
    life.settle();
    life.command(
      { kind: 'withdraw', commandId: 'w', number: 2, actor: 'operator-1', role: 'operator', at: life.now },
      'w',
    );
    life.settle();
    expect(life.state.status).toBe('withdrawn');
    expect(life.worlds.facebook.things.map(({ deleted }) => deleted)).toEqual([true]);
  });

  describe('an amendment that waits for its approval', () => {
    const operator = { actor: 'operator-1', role: 'operator' } as const;
    const supervisor = { actor: 'supervisor-1', role: 'supervisor' } as const;
    const by = (
      life: CaseSimulation,
      kind: Attempt['kind'],
      who: typeof operator | typeof supervisor,
      pick = 0,
    ): void => {
      const commandId = `${kind}-${life.events.length}`;
      const events = life.command(
        commandFor(life, { kind, commandId, ...who, sound: true, number: null, pick }),
        commandId,
      );
      expect(events[0]).toMatchObject({ type: 'commandAccepted' });
    };
    const shown = (life: CaseSimulation, channel: 'facebook' | 'instagram'): number[] =>
      life.worlds[channel].public.map(({ revision }) => revision);
    /** What is live on both channels, with so many amendments of which the last one waits and is staged. */
    const amended = (times: number): CaseSimulation => {
      const life = preStaged();
      life.command(commandFor(life, soundApproval), soundApproval.commandId);
      life.settle();
      for (let amendment = 1; amendment <= times; amendment += 1) {
        by(life, 'amend', operator);
        life.settle();
        if (amendment < times) by(life, 'approveAmendment', supervisor);
        life.settle();
      }
      return life;
    };
    const staged = (life: CaseSimulation, channel: 'facebook' | 'instagram'): number[] =>
      life.state.publications[channel].objects
        .filter(({ state }) => state === 'staged')
        .map(({ revision }) => revision);

    it('is staged beside the post that is live, and replaces it by one call, after which the old one goes', () => {
      const life = amended(1);
      expect([shown(life, 'instagram'), staged(life, 'instagram')]).toEqual([[1], [2]]);
      by(life, 'approveAmendment', supervisor);
      expect(life.step('instagram', 'well')).toBe(true);
      expect(shown(life, 'instagram')).toEqual([1, 2]);
      expect(life.step('instagram', 'well')).toBe(true);
      expect(shown(life, 'instagram')).toEqual([2]);
      expect(life.step('instagram', 'well')).toBe(false);
    });

    it('keeps the post on Facebook when only its text changes: it is edited by one call, and what was staged goes', () => {
      const life = amended(1);
      const [post] = life.worlds.facebook.public;
      by(life, 'approveAmendment', supervisor);
      expect(life.step('facebook', 'well')).toBe(true);
      expect(life.worlds.facebook.public).toMatchObject([{ id: post?.id, revision: 2 }]);
      life.settle();
      expect(life.worlds.facebook.things.filter(({ deleted }) => !deleted)).toMatchObject([{ id: post?.id }]);
    });

    it('replaces the post on Facebook when its photo changes, without staging anything then', () => {
      // The third revision has another photo.
      const life = amended(2);
      const made = life.worlds.facebook.things.length;
      by(life, 'approveAmendment', supervisor);
      life.settle();
      expect(life.worlds.facebook.things).toHaveLength(made);
      expect(shown(life, 'facebook')).toEqual([3]);
    });

    it('takes the place of one that waited before, and leaves nothing when it is rejected or the child is found', () => {
      for (const ends of ['rejectAmendment', 'childFound'] as const) {
        const life = amended(1);
        by(life, 'amend', operator);
        life.settle();
        for (const channel of ACCOUNT_CHANNELS) expect(staged(life, channel)).toEqual([3]);
        by(life, ends, supervisor);
        life.settle();
        for (const channel of ACCOUNT_CHANNELS) {
          expect(staged(life, channel)).toEqual([]);
          expect(shown(life, channel)).toEqual(ends === 'rejectAmendment' ? [1] : []);
        }
        expect(life.worlds.facebook.things.filter(({ deleted }) => !deleted)).toHaveLength(life.isClosed ? 0 : 1);
      }
    });

    it('has the wrong post removed before it goes live, and staging it does not hold that up', () => {
      const life = amended(1);
      by(life, 'approveAmendment', supervisor, 1);
      for (const channel of ACCOUNT_CHANNELS) {
        expect(life.step(channel, 'well')).toBe(true);
        expect(shown(life, channel)).toEqual([]);
      }
      life.settle();
      for (const channel of ACCOUNT_CHANNELS) expect(shown(life, channel)).toEqual([2]);

      by(life, 'amend', operator);
      for (const channel of ACCOUNT_CHANNELS) {
        const { state } = life;
        const step = { kind: 'stage', ...wanted(state, channel)?.next, objectId: null } as const;
        const inFlight = evolve(state, { type: 'stepStarted', channel, step } as CaseEvent);
        if (!inFlight) throw new Error('a case is open');
        const isCalledOff = (of: CaseState): boolean => isOvertaken(of.publications[channel], wanted(of, channel));
        expect(isCalledOff(inFlight)).toBe(false);
        const { revision } = inFlight.amendment ?? inFlight;
        const approved = { type: 'amendmentApproved', revision, by: 'supervisor-1', at: life.now } as const;
        const wrong = evolve(inFlight, { ...approved, removeFirst: true });
        expect(wrong && isCalledOff(wrong)).toBe(true);
        // An edit is better, and Instagram has none.
        const right = evolve(inFlight, { ...approved, removeFirst: false });
        expect(right && isCalledOff(right)).toBe(channel === 'facebook');
      }
    });

    it('that cannot be staged raises nobody, and holds up neither its approval nor what follows its rejection', () => {
      const life = preStaged();
      life.command(commandFor(life, soundApproval), soundApproval.commandId);
      life.settle();
      by(life, 'amend', operator);
      for (const channel of ACCOUNT_CHANNELS) life.step(channel, 'refused');
      expect(escalations(life.state).map(({ channel }) => channel)).toEqual([null, null, null]);
      by(life, 'rejectAmendment', supervisor);
      for (const channel of ACCOUNT_CHANNELS) {
        expect(life.state.publications[channel]).toMatchObject({ hold: null, failures: 0, refusedSince: null });
      }
      by(life, 'amend', operator);
      for (const channel of ACCOUNT_CHANNELS) life.step(channel, 'refused');
      by(life, 'approveAmendment', supervisor);
      for (const channel of ACCOUNT_CHANNELS) expect(life.step(channel, 'well')).toBe(true);
    });
  });

  it('however a case ends, nothing staged is left of it; and one that is approved settles on one post a channel', () => {
    fc.assert(
      fc.property(unaided, fc.boolean(), (moves, ends) => {
        const life = live(moves, undefined, preStaged());
        const end = { commandId: 'the-end', number: 9, actor: 'supervisor-2', role: 'supervisor', at: 0 } as const;
        if (ends) life.command({ kind: 'cancel', reason: 'hoax', ...end }, end.commandId);
        life.settle();
        const { status } = life.state;
        if (ends) expect(life.isClosed).toBe(true);
        for (const channel of ACCOUNT_CHANNELS) {
          if (status === 'active') expect(life.worlds[channel].public).toHaveLength(1);
          else expect(life.worlds[channel].public).toEqual([]);
          if (life.isClosed) expect(life.state.publications[channel].objects).toEqual([]);
          if (status === 'returned') expect(life.state.publications[channel].objects).toEqual([]);
        }
      }),
      MANY,
    );
  });
});

describe('whatever people, time and channels do', () => {
  it('the random lives go far enough: every command is accepted, every status reached, every state of an object seen', () => {
    const accepted = new Set<string>();
    const statuses = new Set<string>();
    const objects = new Set<string>();
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves, ({ state }) => {
          statuses.add(state.status);
          for (const channel of ACCOUNT_CHANNELS)
            for (const object of state.publications[channel].objects) objects.add(object.state);
        });
        for (const event of life.events) if (event.type === 'commandAccepted') accepted.add(event.command);
      }),
      { numRuns: 600, seed: 5 },
    );
    expect([...accepted].sort()).toEqual(['report', ...SIGNALS].sort());
    expect([...statuses].sort()).toEqual([...CASE_STATUSES].sort());
    expect([...objects].sort()).toEqual(['live', 'staged', 'unknown', 'watched']);
  });

  it('only a revision that another supervisor approved by its digest is ever staged, published or edited in', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const approved = new Map<number, string>();
        const life = live(moves);
        for (const event of life.events) {
          if (event.type === 'approved' || event.type === 'amendmentApproved') {
            expect(event.by).not.toBe(event.revision.author);
            expect(event.revision.languagesMissing).toEqual([]);
            approved.set(event.revision.number, event.revision.digest);
          }
          if (event.type === 'stepStarted' && event.step.kind !== 'expire') {
            expect(approved.get(event.step.revision)).toBe(event.step.digest);
          }
        }
        for (const world of Object.values(life.worlds)) {
          for (const { revision } of world.things) expect(approved.has(revision)).toBe(true);
        }
      }),
      MANY,
    );
  });

  it('an alert is approved only with every criterion answered, the unmet ones with a reason', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        for (const event of life.events) {
          if (event.type !== 'approved') continue;
          // No attempt here brings a reason.
          expect([...event.criteria.met].sort()).toEqual([...POLICY.criteria].sort());
          expect(event.criteria.explained).toEqual([]);
        }
      }),
      MANY,
    );
  });

  it('there are at most the old and the new post while one replaces another, and once things settle exactly one, of the newest approved revision', () => {
    fc.assert(
      fc.property(unaided, simulation, (moves, simulated) => {
        const life = live(
          moves,
          ({ worlds }) => {
            for (const channel of ACCOUNT_CHANNELS) {
              const shown = worlds[channel].public.map(({ revision }) => revision);
              expect(new Set(shown).size).toBe(shown.length);
              expect(shown.length).toBeLessThanOrEqual(2);
            }
          },
          simulated(),
        );
        life.settle();
        const { state } = life;
        for (const channel of ACCOUNT_CHANNELS) {
          expect(life.worlds[channel].public.map(({ revision }) => revision)).toEqual(
            state.status === 'active' ? [state.approval?.revision.number] : [],
          );
        }
        expect(liveChannels(state)).toEqual(state.status === 'active' ? [...ACCOUNT_CHANNELS] : []);
      }),
      MANY,
    );
  });

  it('what shows the wrong child is gone before anything else is staged, published or edited', () => {
    let begun = 0;
    fc.assert(
      fc.property(lives, simulation, (moves, simulated) => {
        let state: CaseState | null = null;
        for (const event of live(moves, undefined, simulated()).events) {
          if (state && event.type === 'stepStarted' && event.step.kind !== 'expire') {
            const { wrongBefore, publications } = state;
            const wrong = publications[event.channel].objects.filter(({ revision }) => revision < wrongBefore);
            expect(wrong.filter((object) => object.state !== 'watched' && !object.byHand)).toEqual([]);
            if (wrongBefore > 0) begun += 1;
          }
          state = evolve(state, event);
        }
      }),
      { numRuns: 600, seed: 5 },
    );
    expect(begun).toBeGreaterThan(10);
  });

  it('an amendment of the text alone keeps the post on Facebook, and widening on paper never costs one', () => {
    fc.assert(
      fc.property(unaided, simulation, (moves, simulated) => {
        const life = live(moves, undefined, simulated());
        const made = (channel: 'facebook' | 'instagram'): number => life.worlds[channel].things.length;
        life.settle();
        const before = { facebook: made('facebook'), instagram: made('instagram') };
        const widened = life.command(
          { kind: 'widen', commandId: 'w', number: null, actor: 'supervisor-2', role: 'supervisor', at: life.now },
          'w',
        );
        life.settle();
        expect({ facebook: made('facebook'), instagram: made('instagram') }).toEqual(before);
        if (widened.some(({ type }) => type === 'widened')) {
          for (const channel of ACCOUNT_CHANNELS) {
            expect(life.state.publications[channel].reach?.askedRadiusKm).toBe(radiusKm(life.state));
          }
        }
      }),
      MANY,
    );
  });

  it('a case that has ended settles on nothing anywhere and closes', () => {
    fc.assert(
      fc.property(unaided, simulation, (moves, simulated) => {
        const life = live(moves, undefined, simulated());
        life.command(
          {
            kind: 'cancel',
            reason: 'hoax',
            commandId: 'the-end',
            number: 9,
            actor: 'supervisor-2',
            role: 'supervisor',
            at: 0,
          },
          'the-end',
        );
        life.settle();
        expect(life.isClosed).toBe(true);
        for (const channel of ACCOUNT_CHANNELS) {
          expect(life.worlds[channel].public).toHaveLength(0);
          expect(life.state.publications[channel].objects).toHaveLength(0);
        }
      }),
      MANY,
    );
  });

  it('while a post that nobody wants is up, an escalation about it is open and has a next notice', () => {
    fc.assert(
      fc.property(lives, simulation, (moves, simulated) => {
        live(
          moves,
          ({ state }) => {
            if (state.status !== 'standing_down') return;
            for (const channel of liveChannels(state)) {
              expect(escalations(state)).toContainEqual(expect.objectContaining({ about: 'notStoodDown', channel }));
              expect(nextTimer(state)).toBeDefined();
            }
          },
          simulated(),
        );
      }),
      MANY,
    );
  });

  it('a post made by hand is removed by nobody but a named person, and keeps the case open until then', () => {
    fc.assert(
      fc.property(lives, simulation, (moves, simulated) => {
        const life = live(moves, undefined, simulated());
        life.command(
          {
            kind: 'cancel',
            reason: 'hoax',
            commandId: 'the-end',
            number: 9,
            actor: 'supervisor-2',
            role: 'supervisor',
            at: 0,
          },
          'the-end',
        );
        life.settle();
        for (const channel of ACCOUNT_CHANNELS) {
          const byHand = life.state.publications[channel].objects;
          expect(byHand.every((object) => object.byHand)).toBe(true);
          if (byHand.length === 0) continue;
          expect(life.isClosed).toBe(false);
          const confirmed = life.command(
            {
              kind: 'confirmRemoved',
              channel,
              commandId: `removed-${channel}`,
              number: null,
              actor: 'admin-1',
              role: 'administrator',
              at: life.now,
            },
            `removed-${channel}`,
          );
          expect(confirmed).toContainEqual(expect.objectContaining({ type: 'removalConfirmed', by: 'admin-1' }));
        }
        expect(life.isClosed).toBe(true);
      }),
      MANY,
    );
  });

  it.each(ACCOUNT_CHANNELS)(
    'a post made by hand where publishing on %s is refused keeps its case open, and what was staged goes with it',
    (channel) => {
      const life = live([{ move: 'command', attempt: soundApproval }]);
      const supervisor = { actor: 'supervisor-2', role: 'supervisor', number: null, at: life.now } as const;
      life.step(channel, 'well');
      life.step(channel, 'refused');
      life.command({ kind: 'confirmPublished', channel, postId: null, ...supervisor, commandId: 'seen' }, 'seen');
      life.settle();
      expect(liveChannels(life.state)).toContain(channel);
      // It may be what the person published: while the alert is wanted, it stays.
      expect(life.worlds[channel].things).toMatchObject([{ deleted: false }]);
      life.command({ kind: 'childFound', outcome: 'recovered_otherwise', ...supervisor, commandId: 'found' }, 'found');
      life.settle();
      expect(life.state.publications[channel].objects).toMatchObject([{ byHand: true, state: 'live' }]);
      life.pass(POLICY.notStoodDownAfterMs + MINUTE);
      expect(life.events).toContainEqual(
        expect.objectContaining({ type: 'rungNotified', about: 'notStoodDown', channel }),
      );
      life.command({ kind: 'confirmRemoved', channel, ...supervisor, commandId: 'gone' }, 'gone');
      expect(life.isClosed).toBe(true);
    },
  );

  it('nobody is notified of what is over: no rung climbs for what was decided, is live or gone', () => {
    fc.assert(
      fc.property(lives, simulation, (moves, simulated) => {
        const life = live(moves, undefined, simulated());
        let status = 'awaiting_approval';
        let amending = false;
        for (const event of life.events) {
          switch (event.type) {
            case 'rungNotified':
              if (event.about === 'approval') expect(status).toBe('awaiting_approval');
              else if (event.about === 'correction') expect(status).toBe('returned');
              else if (event.about === 'amendment') expect(amending).toBe(true);
              else if (event.about !== 'notStoodDown') expect(status).toBe('active');
              else expect(['active', 'ended']).toContain(status);
              break;
            case 'returned':
              status = 'returned';
              break;
            case 'resubmitted':
              status = 'awaiting_approval';
              break;
            case 'approved':
              status = 'active';
              break;
            case 'amendmentProposed':
              amending = true;
              break;
            case 'amendmentApproved':
            case 'amendmentRejected':
              amending = false;
              break;
            case 'rejected':
            case 'withdrawn':
            case 'found':
            case 'cancelled':
            case 'expired':
              status = 'ended';
              amending = false;
              break;
            default:
              break;
          }
        }
      }),
      MANY,
    );
  });

  it('an active alert ends by itself, however often it was extended, within the longest life', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        const { activeSince, expiresAt } = life.state;
        if (life.state.status === 'active') {
          expect(expiresAt).toBeLessThanOrEqual((activeSince ?? 0) + POLICY.longestLifeMs);
          life.pass(POLICY.longestLifeMs);
        }
        expect(life.state.status).not.toBe('active');
      }),
      MANY,
    );
  });

  it('the area widens by its plan and no further, each step once', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        let plan: readonly { radiusKm: number }[] = [];
        let taken = 0;
        for (const event of life.events) {
          if (event.type === 'approved' || event.type === 'amendmentApproved') {
            plan = event.revision.area.widening;
            taken = 0;
          }
          if (event.type !== 'widened') continue;
          taken += 1;
          expect(event.step).toBe(taken);
          expect(event.radiusKm).toBe(plan[taken - 1]?.radiusKm);
        }
      }),
      MANY,
    );
  });

  it('every command leaves exactly one answer, and the same command id again has no effect at all', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        const sent = new Set(moves.flatMap((next) => (next.move === 'command' ? [next.attempt.commandId] : [])));
        const answers = life.events.flatMap((event) =>
          event.type === 'commandAccepted' || event.type === 'commandRefused' ? [event.commandId] : [],
        );
        expect(new Set(answers).size).toBe(answers.length);
        expect(new Set(answers)).toEqual(new Set([...sent, 'report-1']));
      }),
      MANY,
    );
  });

  it('an ended case never comes to life again', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        let ending: unknown = null;
        live(moves, ({ state }) => {
          if (ending !== null) expect(state.ending).toEqual(ending);
          if (state.ending) expect(state.status).not.toBe('active');
          ending = state.ending;
        });
      }),
      MANY,
    );
  });

  it('a case closes only when nothing of it is left on any channel', () => {
    fc.assert(
      fc.property(unaided, (moves) => {
        live(moves, (life) => {
          if (!life.isClosed) return;
          for (const channel of ACCOUNT_CHANNELS) {
            expect(life.state.publications[channel].objects).toHaveLength(0);
            expect(life.state.publications[channel].inFlight).toBeNull();
            life.worlds[channel].lateEffects(life.now);
            expect(life.worlds[channel].public).toHaveLength(0);
          }
        });
      }),
      MANY,
    );
  });

  it('a timer that is fed too early, too late or again has no effect', () => {
    fc.assert(
      fc.property(lives, fc.nat(), (moves, pick) => {
        const seen: Timer[] = [];
        live(moves, ({ state, now }) => {
          const waiting = timers(state);
          seen.push(...waiting);
          const old = seen[pick % Math.max(1, seen.length)];
          for (const timer of [...waiting, ...(old ? [old] : [])]) {
            const isDue = waiting.some((due) => isSameTimer(due, timer) && due.at <= now);
            if (!isDue && timer.timer !== 'expiry') expect(decide(state, { kind: 'timer', timer }, now)).toEqual([]);
          }
          if (state.expiresAt === null || state.expiresAt > now) {
            expect(decide(state, { kind: 'timer', timer: { timer: 'expiry', at: 0 } }, now)).toEqual([]);
          }
        });
      }),
      MANY,
    );
  });

  it('an alert that is live always has the moment at which it comes down by itself', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        live(moves, ({ state }) => {
          const expiry = timers(state).find(({ timer }) => timer === 'expiry');
          if (state.status === 'active') expect(expiry?.at).toBe(state.expiresAt);
          else expect(expiry).toBeUndefined();
        });
      }),
      MANY,
    );
  });

  it('a post that should be gone is told about again and again until it is, whoever acknowledges', () => {
    const life = new CaseSimulation();
    const by = { number: null, actor: 'supervisor-1', role: 'supervisor', at: 0 } as const;
    life.command(commandFor(life, soundApproval), 'the-approval');
    for (let step = 0; step < 2; step += 1) life.step('instagram', 'well');
    life.command({ kind: 'cancel', reason: 'hoax', commandId: 'end', ...by }, 'end');
    life.step('instagram', 'refused');
    const told = (): number =>
      life.events.filter((event) => event.type === 'rungNotified' && event.about === 'notStoodDown').length;
    life.pass(0);
    expect(told()).toBe(1); // a refusal is raised at once
    const acknowledged = { ...by, commandId: 'ack', actor: 'admin-1', role: 'administrator' } as const;
    life.command({ kind: 'acknowledge', ...acknowledged }, 'ack');
    life.pass(HOUR);
    expect(told()).toBeGreaterThanOrEqual(6);
  });

  it('a refusal on a channel is raised at once, and everything else after the time the policy gives it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...ACCOUNT_CHANNELS),
        fc.constantFrom('refused' as const, 'lost' as const),
        (channel, manner) => {
          const life = new CaseSimulation();
          life.command(commandFor(life, soundApproval), 'the-approval');
          const approvedAt = life.now;
          life.step(channel, manner);
          life.pass(3 * MINUTE);
          const raised = life.events.find(
            (event) => event.type === 'rungNotified' && event.about === 'notLive' && event.channel === channel,
          );
          expect(raised).toMatchObject({ at: approvedAt + (manner === 'refused' ? 0 : POLICY.notLiveAfterMs) });
        },
      ),
    );
  });

  it('everyone on the ladders is told when a case ends, and a notice about what is over is called off', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        let seq = 0;
        for (const event of life.events) {
          const notice = noticeFor(life.state, event, (seq += 1));
          if (!notice) continue;
          if (notice.subject.about === 'ended') {
            expect(notice.people).toEqual(expect.arrayContaining(['supervisor-1', 'supervisor-3', 'admin-2']));
            expect(isStillDue(life.state, notice)).toBe(true);
          } else if (life.isClosed) expect(isStillDue(life.state, notice)).toBe(false);
        }
      }),
      MANY,
    );
  });

  it('a step towards what is no longer wanted is overtaken, and a removal never is', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        live(moves, ({ state }) => {
          for (const channel of ACCOUNT_CHANNELS) {
            const step = { revision: state.approval?.revision.number ?? 1, digest: '', objectId: null };
            const inFlight = (kind: 'publish' | 'expire'): Publication => ({
              ...state.publications[channel],
              inFlight: { ...step, kind },
            });
            expect(isOvertaken(inFlight('publish'), wanted(state, channel))).toBe(state.status !== 'active');
            expect(isOvertaken(inFlight('expire'), wanted(state, channel))).toBe(false);
          }
        });
      }),
      MANY,
    );
  });

  it('a case that nobody decides on is never silent for longer than its ladder repeats', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), (hours) => {
        const life = new CaseSimulation();
        life.pass(hours * HOUR);
        const notified = life.events.flatMap((event) => (event.type === 'rungNotified' ? [event.at] : []));
        const gaps = notified.map((at, index) => at - (notified[index - 1] ?? REPORTED_AT));
        expect(Math.max(...gaps)).toBeLessThanOrEqual(5 * MINUTE);
        expect(life.now - (notified.at(-1) ?? 0)).toBeLessThanOrEqual(5 * MINUTE);
      }),
    );
  });
});
