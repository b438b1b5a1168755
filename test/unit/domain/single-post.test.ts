import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wanted } from '../../../src/domain/case.js';
import { escalations, needsAttention } from '../../../src/domain/escalation.js';
import { isInDoubt, objectFor } from '../../../src/domain/publication.js';
import { HOUR, MINUTE, SECOND } from '../../../src/domain/time.js';
import { MANNERS } from '../../given/channel-world.js';
import { type Attempt, attempt, commandFor, soundApproval } from '../../given/random-commands.js';
import { CaseSimulation } from './case-simulation.js';

type Move =
  | { readonly move: 'command'; readonly attempt: Attempt }
  | { readonly move: 'step'; readonly manner: (typeof MANNERS)[number] }
  | { readonly move: 'pass'; readonly ms: number }
  | { readonly move: 'lateEffects' };

/** What comes later than a case looks for it is the account watch's to remove. */
const LATEST = 30 * MINUTE;
const SUPERVISOR = { number: null, actor: 'supervisor-2', role: 'supervisor', at: 0 } as const;

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ move: fc.constant('command' as const), attempt }) },
  {
    weight: 10,
    arbitrary: fc.record({
      move: fc.constant('step' as const),
      manner: fc.constantFrom('well' as const, 'well' as const, 'late' as const, ...MANNERS),
    }),
  },
  { weight: 4, arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 60_000 }) }) },
  { weight: 1, arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: HOUR }) }) },
  { weight: 1, arbitrary: fc.constant({ move: 'lateEffects' as const }) },
);

const lives = fc
  .array(move, { maxLength: 60, size: 'max' })
  .map((moves): readonly Move[] => [{ move: 'command', attempt: soundApproval }, ...moves]);

/** Confirmations say what a person saw. In lives without them, what is there is all our own doing. */
const unaided = lives.map((moves) =>
  moves.filter((next) => next.move !== 'command' || !next.attempt.kind.startsWith('confirm')),
);
const MANY = { numRuns: 400 };

/** A case on a Page that is posted to in one call that is sent once. */
function aCase(preStaging = false): CaseSimulation {
  const life = new CaseSimulation({ preStaging });
  life.worlds.facebook.postsAnew = true;
  return life;
}

function live(
  moves: readonly Move[],
  preStaging: boolean,
  check: (life: CaseSimulation) => void = () => undefined,
): CaseSimulation {
  const life = aCase(preStaging);
  for (const next of moves) {
    if (next.move === 'command') life.command(commandFor(life, next.attempt), next.attempt.commandId);
    if (next.move === 'step') life.step('facebook', next.manner);
    if (next.move === 'pass') life.pass(next.ms);
    life.worlds.facebook.lateEffects(life.now, LATEST);
    if (next.move === 'lateEffects') life.worlds.facebook.lateEffects(life.now);
    check(life);
  }
  return life;
}

/** Approved, staged, and sent in a manner. */
function sent(manner: 'lost' | 'late' | 'answerLost'): CaseSimulation {
  const life = aCase();
  life.command(commandFor(life, soundApproval), 'the-approval');
  life.step('facebook', 'well');
  life.step('facebook', manner);
  return life;
}

/** Looks for what was sent until it is more than late. */
function lookInVain(life: CaseSimulation): void {
  const until = life.now + 2 * MINUTE;
  while (life.now < until) {
    life.step('facebook', 'well');
    life.pass(SECOND);
  }
}

function end(life: CaseSimulation): void {
  life.command({ kind: 'cancel', reason: 'hoax', commandId: 'the-end', ...SUPERVISOR }, 'the-end');
}

const facebookOf = ({ state }: CaseSimulation): CaseSimulation['state']['publications']['facebook'] =>
  state.publications.facebook;
const isEscalated = ({ state, now }: CaseSimulation): boolean =>
  escalations(state).some(({ about, channel, since }) => about === 'notLive' && channel === 'facebook' && since <= now);

describe('a post that is sent once', () => {
  it('is never two of one revision, whatever people, time and the channel do, unless a person said that it is not there', () => {
    let doubts = 0;
    fc.assert(
      fc.property(unaided, fc.boolean(), (moves, preStaging) => {
        const life = live(moves, preStaging, (now) => {
          const shown = now.worlds.facebook.public.map(({ revision }) => revision);
          expect(new Set(shown).size).toBe(shown.length);
          if (facebookOf(now).objects.some(isInDoubt)) doubts += 1;
        });
        life.settle();
        expect(life.worlds.facebook.mostOfOneRevision).toBeLessThanOrEqual(1);
      }),
      MANY,
    );
    expect(doubts).toBeGreaterThan(MANY.numRuns / 10);
  });

  it('is never sent again once its outcome is not known, until a person says that it is not there', () => {
    fc.assert(
      fc.property(lives, fc.boolean(), (moves, preStaging) => {
        const life = live(moves, preStaging);
        const inDoubt = new Set<number>();
        for (const event of life.events) {
          if (!('channel' in event) || event.channel !== 'facebook') continue;
          if (event.type === 'publicationUncertain') inDoubt.add(revisionSent(life, event.objectId));
          if (event.type === 'removalConfirmed' || event.type === 'alertLive') inDoubt.clear();
          if (event.type === 'stepStarted' && event.step.kind === 'publish') {
            expect(inDoubt.has(event.step.revision)).toBe(false);
          }
        }
      }),
      MANY,
    );
  });

  it('is on the Page once things settle, or has an open escalation about it that is due', () => {
    let found = 0;
    let asked = 0;
    fc.assert(
      fc.property(unaided, fc.boolean(), (moves, preStaging) => {
        const life = live(moves, preStaging);
        life.settle();
        const revision = wanted(life.state, 'facebook');
        const shown = life.worlds.facebook.public.map(({ revision: number }) => number);
        const object = revision && objectFor(facebookOf(life).objects, revision);
        if (!revision || object?.state === 'live') {
          found += 1;
          expect(shown).toEqual(revision ? [revision.revision] : []);
        } else {
          asked += 1;
          expect(object && isInDoubt(object)).toBe(true);
          expect(facebookOf(life).hold?.cause).toBe('notFound');
          expect(isEscalated(life)).toBe(true);
        }
      }),
      MANY,
    );
    expect(found).toBeGreaterThan(10);
    expect(asked).toBeGreaterThan(10);
  });

  it('leaves nothing on the Page once its case has ended and things have settled, late as it may come within the hour', () => {
    fc.assert(
      fc.property(unaided, fc.boolean(), (moves, preStaging) => {
        const life = live(moves, preStaging);
        end(life);
        life.settle();
        expect(life.isClosed).toBe(true);
        expect(life.worlds.facebook.public).toEqual([]);
      }),
      MANY,
    );
  });

  it('with its answer lost, is found by its marker at once and nobody is told', () => {
    const life = sent('answerLost');
    life.step('facebook', 'well');
    expect(facebookOf(life).objects).toMatchObject([{ state: 'live', postId: 'facebook-2' }]);
    expect(isEscalated(life)).toBe(false);
  });

  it('is first waited for, and a person is asked when it is no longer merely late', () => {
    const life = sent('lost');
    const sentAt = life.now;
    for (let seconds = 0; seconds < 300 && !isEscalated(life); seconds += 1) {
      life.step('facebook', 'well');
      life.pass(SECOND);
    }
    expect(life.now - sentAt).toBeGreaterThanOrEqual(30 * SECOND);
    expect(life.now - sentAt).toBeLessThan(90 * SECOND);
    life.pass(MINUTE);
    expect(needsAttention(life.state)).toBe(true);
  });

  it('that comes late is found by itself, and the escalation ends', () => {
    const life = sent('late');
    lookInVain(life);
    expect(isEscalated(life)).toBe(true);
    life.worlds.facebook.lateEffects(life.now);
    life.settle();
    expect(facebookOf(life).objects).toMatchObject([{ state: 'live' }]);
    expect(isEscalated(life)).toBe(false);
  });

  it('that a person has seen counts as live, by the id that they gave', () => {
    const life = sent('lost');
    lookInVain(life);
    const seen = { kind: 'confirmPublished', channel: 'facebook', postId: 'page_1', ...SUPERVISOR } as const;
    life.command({ ...seen, commandId: 'seen' }, 'seen');
    expect(facebookOf(life).objects).toMatchObject([{ state: 'live', postId: 'page_1' }]);
  });

  it('that a person says is not there is posted again at once, and only then', () => {
    const life = sent('lost');
    lookInVain(life);
    expect(life.worlds.facebook.public).toEqual([]);
    life.command({ kind: 'confirmRemoved', channel: 'facebook', commandId: 'gone', ...SUPERVISOR }, 'gone');
    while (life.step('facebook', 'well'));
    expect(life.worlds.facebook.public).toHaveLength(1);
    expect(facebookOf(life).objects).toMatchObject([{ state: 'live' }]);
  });

  it('cannot be said not to be there while it is being looked for, or once it is known to be there', () => {
    const life = sent('answerLost');
    life.step('facebook', 'well');
    const gone = { kind: 'confirmRemoved', channel: 'facebook', commandId: 'gone', ...SUPERVISOR } as const;
    expect(life.command(gone, 'gone')).toMatchObject([{ type: 'commandRefused', code: 'nothing_to_confirm' }]);
  });

  it('not seen when its case ends is looked for for an hour, and removed when it surfaces within', () => {
    const life = sent('late');
    end(life);
    const endedAt = life.now;
    while (life.step('facebook', 'well'));
    expect(facebookOf(life).objects).toMatchObject([{ state: 'watched' }]);
    life.pass(40 * MINUTE);
    life.worlds.facebook.lateEffects(life.now);
    expect(life.worlds.facebook.public).toHaveLength(1);
    life.settle();
    expect(life.worlds.facebook.public).toEqual([]);
    expect(life.isClosed).toBe(true);
    expect(life.now - endedAt).toBeLessThan(2 * HOUR);
  });

  it('never seen at all, lets its case close after that hour', () => {
    const life = sent('lost');
    end(life);
    life.settle();
    expect(life.isClosed).toBe(true);
    expect(life.now).toBeGreaterThanOrEqual(facebookFlippedAt(life) + HOUR);
  });
});

/** Which revision an object was staged for. */
function revisionSent(life: CaseSimulation, objectId: string): number {
  for (const event of life.events) {
    if (event.type === 'alertStaged' && event.object.id === objectId) return event.step.revision;
  }
  throw new Error(`${objectId} was never staged`);
}

function facebookFlippedAt(life: CaseSimulation): number {
  const uncertain = life.events.find((event) => event.type === 'publicationUncertain');
  if (uncertain?.type !== 'publicationUncertain') throw new Error('nothing was ever uncertain');
  return uncertain.at;
}
