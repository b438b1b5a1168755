import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { liveChannels } from '../../../src/domain/case.js';
import { CANCEL_REASONS, FOUND_OUTCOMES, ROLES, type SignalCommand } from '../../../src/domain/command.js';
import { escalations } from '../../../src/domain/escalation.js';
import { CHANNELS } from '../../../src/domain/revision.js';
import { HOUR } from '../../../src/domain/time.js';
import { nextTimer } from '../../../src/domain/timer.js';
import { DIGEST, OTHER_DIGEST } from '../../given/a-case.js';
import { CaseSimulation } from './case-simulation.js';
import { MANNERS } from '../../given/channel-world.js';

const stamp = {
  commandId: fc.constantFrom('c-1', 'c-2', 'c-3', 'c-4', 'c-5', 'c-6', 'c-7', 'c-8'),
  number: fc.constant(null),
  actor: fc.constantFrom('operator-1', 'supervisor-1', 'supervisor-2', 'admin-1', 'stranger'),
  role: fc.constantFrom(...ROLES),
  at: fc.constant(0),
};

const command: fc.Arbitrary<SignalCommand> = fc.oneof(
  fc.record({ kind: fc.constant('approve' as const), digest: fc.constantFrom(DIGEST, DIGEST, OTHER_DIGEST), ...stamp }),
  fc.record({ kind: fc.constant('reject' as const), ...stamp }),
  fc.record({ kind: fc.constant('childFound' as const), outcome: fc.constantFrom(...FOUND_OUTCOMES), ...stamp }),
  fc.record({ kind: fc.constant('cancel' as const), reason: fc.constantFrom(...CANCEL_REASONS), ...stamp }),
  fc.record({ kind: fc.constant('acknowledge' as const), ...stamp }),
);

/** A proper approval, so that many of the random lives get beyond it. */
const approval: fc.Arbitrary<SignalCommand> = fc.constant({
  kind: 'approve',
  digest: DIGEST,
  commandId: 'the-approval',
  number: 2,
  actor: 'supervisor-1',
  role: 'supervisor',
  at: 0,
});

type Move =
  | { readonly move: 'command'; readonly command: SignalCommand }
  | { readonly move: 'step'; readonly channel: (typeof CHANNELS)[number]; readonly manner: (typeof MANNERS)[number] }
  | { readonly move: 'pass'; readonly ms: number }
  | { readonly move: 'lateEffects' };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ move: fc.constant('command' as const), command }) },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('command' as const), command: approval }) },
  {
    weight: 10,
    arbitrary: fc.record({
      move: fc.constant('step' as const),
      channel: fc.constantFrom(...CHANNELS),
      manner: fc.constantFrom('well' as const, ...MANNERS),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 3 * HOUR }) }),
  },
  { weight: 2, arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
  { weight: 1, arbitrary: fc.constant({ move: 'lateEffects' as const }) },
);

/** Lives a random life, holding a check against the case after every move. */
function live(moves: readonly Move[], check: (life: CaseSimulation) => void = () => undefined): CaseSimulation {
  const life = new CaseSimulation();
  for (const next of moves) {
    if (next.move === 'command') life.command(next.command, next.command.commandId);
    if (next.move === 'step') life.step(next.channel, next.manner);
    if (next.move === 'pass') life.pass(next.ms);
    if (next.move === 'lateEffects') for (const world of Object.values(life.worlds)) world.lateEffects(life.now);
    check(life);
  }
  return life;
}

const lives = fc.array(move, { maxLength: 60 });
const MANY = { numRuns: 1_500 };

describe('whatever people, time and channels do', () => {
  it('only a revision that another supervisor approved by its digest is ever staged or published', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        live(moves, ({ state, worlds }) => {
          const things = CHANNELS.flatMap((channel) => worlds[channel].things);
          if (things.length === 0) return;
          expect(state.approval?.revision.digest).toBe(DIGEST);
          expect(state.approval?.by).not.toBe(state.revision.author);
          expect(
            CHANNELS.flatMap((channel) => state.publications[channel].objects).every(({ digest }) => digest === DIGEST),
          ).toBe(true);
        });
      }),
      MANY,
    );
  });

  it('there is never more than one post a channel, and once things settle an active case has exactly one', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves, ({ worlds }) => {
          for (const channel of CHANNELS) expect(worlds[channel].mostPublic).toBeLessThanOrEqual(1);
        });
        life.settle();
        for (const channel of CHANNELS) {
          expect(life.worlds[channel].public).toHaveLength(life.state.status === 'active' ? 1 : 0);
        }
        expect(liveChannels(life.state)).toEqual(life.state.status === 'active' ? [...CHANNELS] : []);
      }),
      MANY,
    );
  });

  it('a case that has ended settles on nothing anywhere and closes', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
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
        for (const channel of CHANNELS) {
          expect(life.worlds[channel].public).toHaveLength(0);
          expect(life.state.publications[channel].objects).toHaveLength(0);
        }
      }),
      MANY,
    );
  });

  it('while a post of an ended case is up, an escalation about it is open and has a next notice', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        live(moves, ({ state }) => {
          if (state.status !== 'standing_down') return;
          for (const channel of liveChannels(state)) {
            expect(escalations(state)).toContainEqual(expect.objectContaining({ about: 'notStoodDown', channel }));
            expect(nextTimer(state)).toBeDefined();
          }
        });
      }),
      MANY,
    );
  });

  it('nobody is notified of what is over: no rung climbs for an approval already given, a post already live or gone', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        let approvedOrEnded = false;
        let ended = false;
        for (const event of life.events) {
          if (event.type === 'rungNotified' && event.about === 'approval') expect(approvedOrEnded).toBe(false);
          if (event.type === 'rungNotified' && event.about === 'notLive') expect(ended).toBe(false);
          if (event.type === 'rungNotified' && event.about === 'notStoodDown') expect(ended).toBe(true);
          if (['approved', 'rejected', 'found', 'cancelled'].includes(event.type)) approvedOrEnded = true;
          if (['rejected', 'found', 'cancelled', 'expired'].includes(event.type)) ended = true;
        }
      }),
      MANY,
    );
  });

  it('every command leaves exactly one answer, and the same command id again has no effect at all', () => {
    fc.assert(
      fc.property(lives, (moves) => {
        const life = live(moves);
        const sent = new Set(moves.flatMap((m) => (m.move === 'command' ? [m.command.commandId] : [])));
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
});
