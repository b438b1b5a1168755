import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CaseState, isClosed, wanted } from '../../../src/domain/case.js';
import type { Command } from '../../../src/domain/decide.js';
import { decide } from '../../../src/domain/decide.js';
import { escalations } from '../../../src/domain/escalation.js';
import { evolveAll } from '../../../src/domain/evolve.js';
import { handle } from '../../../src/domain/handle.js';
import { nextStep, type Step, type StepOutcome } from '../../../src/domain/publication.js';
import { HOUR, type Instant, MINUTE } from '../../../src/domain/time.js';
import { nextTimer } from '../../../src/domain/timer.js';
import { ALL_MET, aReport, AREA, DIGEST, POLICY, REPORTED_AT } from '../../given/a-case.js';

const CHANNEL = 'meta-partner';
const digestOf = (revision: number): string => (revision === 1 ? DIGEST : String(revision).repeat(64).slice(0, 64));

type Manner = 'takes' | 'answerLost' | 'lost' | 'refuses' | 'notSent';
type Move =
  | { readonly move: 'step'; readonly manner: Manner }
  | { readonly move: 'pass'; readonly ms: number }
  | { readonly move: 'approve' | 'amend' | 'approveAmendment' | 'correctTheChild' | 'found' | 'widen' }
  /** Of the messages that the desk has, somebody answers one. */
  | { readonly move: 'published' | 'removed'; readonly message: number };

/** A case on the desk alone, and the desk as it is: what it holds, whatever the case believes. */
class Life {
  state: CaseState;
  now: Instant = REPORTED_AT;
  /** Revisions that the desk was handed and has not said to be gone since it was asked to take them down. */
  readonly mayBeUp = new Set<number>();
  readonly askedBack = new Set<number>();
  readonly handed: number[] = [];
  radiusTold: number | null = null;
  /** How many commands were accepted, and which revision somebody last said to be published. */
  accepted = 0;
  lastSaid = 0;
  /** How often an alert was asked back that was to stay until its successor is there. */
  removedEarly = 0;
  #commands = 0;

  constructor() {
    const report = aReport({ policy: { ...POLICY, channels: [CHANNEL] } });
    const state = evolveAll(null, handle(null, report, report.commandId, this.now));
    if (!state) throw new Error('the report opened no case');
    this.state = state;
  }

  take(move: Move): void {
    switch (move.move) {
      case 'step':
        this.step(move.manner);
        break;
      case 'pass':
        this.pass(move.ms);
        break;
      case 'approve':
        this.command({ kind: 'approve', digest: DIGEST, criteria: ALL_MET }, 'supervisor');
        break;
      case 'amend': {
        const number = this.state.newestRevision + 1;
        const revision = { number, digest: digestOf(number), area: AREA, languagesMissing: [] };
        this.command({ kind: 'amend', revision }, 'operator');
        break;
      }
      case 'approveAmendment':
      case 'correctTheChild': {
        const digest = this.state.amendment?.revision.digest ?? DIGEST;
        this.command({ kind: 'approveAmendment', digest, removeFirst: move.move === 'correctTheChild' }, 'supervisor');
        break;
      }
      case 'widen':
        this.command({ kind: 'widen' }, 'supervisor');
        break;
      case 'found':
        this.command({ kind: 'childFound', outcome: 'recovered_otherwise' }, 'operator');
        break;
      case 'published':
      case 'removed': {
        const messages = move.move === 'published' ? this.handed : [...this.askedBack];
        const revision = messages[move.message % messages.length];
        if (revision !== undefined) this[move.move](revision);
        break;
      }
    }
  }

  /** Somebody at the desk opens the link of a message that they really have. */
  published(revision: number): boolean {
    if (!this.handed.includes(revision)) return false;
    const digest = digestOf(revision);
    this.lastSaid = revision;
    return this.command({ kind: 'confirmPublished', channel: CHANNEL, postId: null, digest }, 'partner');
  }

  removed(revision: number): boolean {
    if (!this.askedBack.has(revision)) return false;
    // Said by a person, it is so, whatever the case makes of it.
    this.mayBeUp.delete(revision);
    return this.command({ kind: 'confirmRemoved', channel: CHANNEL, ofRevision: revision }, 'partner');
  }

  step(manner: Manner): boolean {
    if (isClosed(this.state.status)) return false;
    const next = nextStep(this.state.publications[CHANNEL], wanted(this.state, CHANNEL), this.now);
    if (next.do !== 'step') return false;
    const { step } = next;
    const target = wanted(this.state, CHANNEL);
    const replaced = step.kind === 'expire' && step.revision >= (target?.wrongBefore ?? 0);
    if (replaced && target?.live && this.mayBeUp.has(step.revision) && !this.#isLive(target.revision))
      this.removedEarly += 1;
    this.#decide({ kind: 'stepStarts', channel: CHANNEL, step });
    this.#decide({ kind: 'stepEnded', channel: CHANNEL, step, outcome: this.#carryOut(step, manner) });
    return true;
  }

  pass(ms: number): void {
    const until = this.now + ms;
    for (let timer = nextTimer(this.state); timer && timer.at <= until; timer = nextTimer(this.state)) {
      this.now = Math.max(this.now, timer.at);
      this.#decide({ kind: 'timer', timer });
    }
    this.now = until;
  }

  /** Everything is taken by the desk, which does as it is asked. */
  settle(): void {
    for (let round = 0; round < 200; round += 1) {
      while (this.step('takes'));
      for (const revision of this.askedBack) this.removed(revision);
      for (const revision of this.handed) this.published(revision);
      this.now += MINUTE;
    }
  }

  command(content: object, role: string): boolean {
    this.#commands += 1;
    const actor = { supervisor: 'supervisor-2', operator: 'operator-1', partner: 'partner-desk' }[role] ?? role;
    const command = { ...content, commandId: `c${this.#commands}`, number: null, actor, role, at: this.now } as Command;
    const events = handle(this.state, command, `c${this.#commands}`, this.now);
    this.state = evolveAll(this.state, events) ?? this.state;
    const isAccepted = events[0]?.type === 'commandAccepted';
    if (isAccepted) this.accepted += 1;
    return isAccepted;
  }

  #isLive(revision: number): boolean {
    return this.state.publications[CHANNEL].objects.some(
      (object) => object.revision === revision && object.state === 'live',
    );
  }

  #carryOut({ kind, revision, objectId, radiusKm }: Step, manner: Manner): StepOutcome {
    const object = this.state.publications[CHANNEL].objects.find(({ id }) => id === objectId);
    if (manner === 'notSent') return { result: 'notSent' };
    const arrives = manner === 'takes' || manner === 'answerLost';
    switch (kind) {
      case 'stage': {
        const asked = wanted(this.state, CHANNEL)?.radiusKm ?? 0;
        return {
          result: 'staged',
          object: { id: `r${revision}`, attachments: [], lapsesAt: null, radiusKm: asked },
          reach: { askedRadiusKm: asked, deliveredCountries: [], deliveredRadiusKm: asked },
        };
      }
      case 'publish':
        if (arrives) {
          this.handed.push(revision);
          this.mayBeUp.add(revision);
          this.radiusTold = object?.radiusKm ?? null;
        }
        break;
      case 'update':
        this.radiusTold = radiusKm ?? null;
        return { result: 'updated' };
      case 'expire':
        if (object?.flippedAt === null) return { result: 'removed' };
        if (arrives) this.askedBack.add(revision);
        break;
      case 'look':
        throw new Error('there is nothing to look at');
    }
    if (manner === 'takes') return { result: 'handedOver' };
    return manner === 'refuses' ? { result: 'refused', code: 'desk/400' } : { result: 'unknown', code: 'desk/timeout' };
  }

  #decide(input: Parameters<typeof decide>[1]): void {
    const decided = decide(this.state, input, this.now);
    if (Array.isArray(decided)) this.state = evolveAll(this.state, decided) ?? this.state;
  }
}

const manner = fc.constantFrom<Manner>('takes', 'takes', 'answerLost', 'lost', 'refuses', 'notSent');
const someMoves = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: fc.record({ move: fc.constant('step' as const), manner }) },
    {
      weight: 2,
      arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 0, max: 2 * HOUR }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        move: fc.constantFrom(
          'approve' as const,
          'amend' as const,
          'approveAmendment' as const,
          'correctTheChild' as const,
          'widen' as const,
        ),
      }),
    },
    { weight: 1, arbitrary: fc.record({ move: fc.constant('found' as const) }) },
    {
      weight: 3,
      arbitrary: fc.record({
        move: fc.constantFrom('published' as const, 'removed' as const),
        message: fc.nat({ max: 5 }),
      }),
    },
  ),
  { maxLength: 60 },
);
/** Two versions are on their way to the desk before much else happens: the newer one waits for somebody, and so does the older. */
const moves = someMoves.map((list): Move[] => [
  { move: 'approve' },
  ...steps(3),
  { move: 'amend' },
  { move: 'approveAmendment' },
  ...list,
]);
const MANY = { numRuns: 1_000 };

function steps(count: number): Move[] {
  return Array.from({ length: count }, () => ({ move: 'step', manner: 'takes' }));
}

function live(list: readonly Move[], after: (life: Life) => void = () => undefined): Life {
  const life = new Life();
  for (const move of list) {
    life.take(move);
    after(life);
  }
  return life;
}

describe('an alert that people of another organisation publish', () => {
  it('keeps its case open until they say that everything they were ever handed is gone', () => {
    let closed = 0;
    fc.assert(
      fc.property(moves, (list) => {
        live(list, ({ state, mayBeUp }) => {
          if (!isClosed(state.status)) return;
          closed += 1;
          expect([...mayBeUp]).toEqual([]);
        });
      }),
      MANY,
    );
    expect(closed).toBeGreaterThan(0);
  });

  it('is handed over only as it was approved', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const approved = new Set<number>();
        live(list, ({ state, handed }) => {
          if (state.approval) approved.add(state.approval.revision.number);
          for (const number of handed) expect(approved.has(number)).toBe(true);
        });
      }),
      MANY,
    );
  });

  it('is live only by their word for this very revision', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const said = new Set<number>();
        const life = new Life();
        for (const move of list) {
          const accepted = life.accepted;
          life.take(move);
          if (move.move === 'published' && life.accepted > accepted) said.add(life.lastSaid);
          const { objects } = life.state.publications[CHANNEL];
          for (const object of objects) if (object.state === 'live') expect(said.has(object.revision)).toBe(true);
        }
      }),
      MANY,
    );
  });

  it('stays until its successor is there, but for one that shows the wrong child', () => {
    fc.assert(
      fc.property(moves, (list) => {
        live(list, ({ removedEarly }) => expect(removedEarly).toBe(0));
      }),
      MANY,
    );
  });

  it('climbs a ladder for as long as it is not live, or not gone', () => {
    fc.assert(
      fc.property(moves, (list) => {
        live(list, ({ state, mayBeUp }) => {
          const about = escalations(state).map(({ about: what }) => what);
          const isLive = state.publications[CHANNEL].objects.some((object) => object.state === 'live');
          if (state.status === 'active' && !isLive) expect(about).toContain('notLive');
          if (state.status === 'standing_down' && mayBeUp.size > 0) expect(about).toContain('notStoodDown');
        });
      }),
      MANY,
    );
  });

  it('comes to what is wanted once they do as they are asked, in the radius that is wanted', () => {
    fc.assert(
      fc.property(moves, (list) => {
        const life = live(list);
        life.settle();
        const target = wanted(life.state, CHANNEL);
        const shown = life.state.publications[CHANNEL].objects;
        if (target?.live) {
          expect(shown.map(({ revision: number, state }) => [number, state])).toEqual([[target.revision, 'live']]);
          expect([...life.mayBeUp]).toEqual([target.revision]);
          expect(life.radiusTold).toBe(target.radiusKm);
        } else {
          expect([...life.mayBeUp]).toEqual([]);
          if (life.state.ending) expect(isClosed(life.state.status)).toBe(true);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('says nothing of another channel: a person at the desk may not confirm there', () => {
    const life = live([{ move: 'approve' }, ...steps(2)]);
    expect(life.command({ kind: 'confirmPublished', channel: 'facebook', postId: null }, 'partner')).toBe(false);
    expect(life.command({ kind: 'childFound', outcome: 'recovered_otherwise' }, 'partner')).toBe(false);
  });
});
