import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { Envelope, SignalCommand } from '../../src/domain/command.js';
import { ACCOUNT_CHANNELS } from '../../src/domain/channel.js';
import { formatZonedTime, HOUR, MINUTE } from '../../src/domain/time.js';
import { POLICY } from '../given/a-case.js';
import { MANNERS } from '../given/channel-world.js';
import { type Attempt, attempt, type CaseAsSeen, commandFor, soundApproval } from '../given/random-commands.js';
import { CaseUnderTest } from './case-under-test.js';
import { bundleWorkflows } from './workflow-bundle.js';

jest.setTimeout(120_000);

let bundle: Awaited<ReturnType<typeof bundleWorkflows>>;

beforeAll(async () => {
  bundle = await bundleWorkflows();
});

afterAll(async () => {
  await bundle.remove();
});

type Move =
  | { readonly move: 'command'; readonly attempt: Attempt }
  | { readonly move: 'pass'; readonly ms: number }
  | { readonly move: 'lateEffects' };

// What a person saw with their own eyes is not ours to simulate here: the rules' own properties hold confirmations.
const byPeople = attempt.filter(({ kind }) => !kind.startsWith('confirm'));

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ move: fc.constant('command' as const), attempt: byPeople }) },
  {
    weight: 3,
    arbitrary: fc.record({ move: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 10 * MINUTE }) }),
  },
  { weight: 1, arbitrary: fc.constant({ move: 'pass' as const, ms: 4 * HOUR }) },
  { weight: 1, arbitrary: fc.constant({ move: 'lateEffects' as const }) },
);

/** A slow machine sees fewer lives. One that has begun is lived to its end: broken off it would leave its server behind. */
const LIVES_BEGIN_WITHIN_MS = 35_000;

/** A container lapses after a day, and what was late is watched until then. */
const HOURS_TO_THE_END = 25;

/** A channel that behaves badly for days of skipped time makes a life long, and shows nothing new. */
const BAD_STEPS_A_MOVE = 60;

const life = fc.record({
  moves: fc
    .array(move, { maxLength: 14, size: 'max' })
    .map((moves): Move[] => [{ move: 'command', attempt: soundApproval }, ...moves]),
  // One after another, whatever the channel and the step.
  manners: fc.array(fc.constantFrom('well' as const, 'well' as const, ...MANNERS), { minLength: 1, maxLength: 12 }),
  historyLimit: fc.constantFrom(40, 80, 4_000),
  preStaging: fc.boolean(),
});

/** The case as somebody sees it who reads what it journals. */
async function seen(theCase: CaseUnderTest): Promise<CaseAsSeen> {
  const { view } = theCase;
  const revisions = theCase.journal.flatMap(({ event }) => ('revision' in event ? [numberOf(event.revision)] : []));
  return {
    now: await theCase.environment.currentTimeMs(),
    digestUp: (view?.amendment ?? view?.revision)?.digest ?? '',
    nextRevision: Math.max(0, ...revisions) + 1,
    expiresAt: view?.expiresAt ?? null,
  };
}

function numberOf(revision: number | { readonly number: number }): number {
  return typeof revision === 'number' ? revision : revision.number;
}

/** A command as it travels. */
function envelopeOf(command: SignalCommand): Envelope {
  const until = command.kind === 'extend' ? formatZonedTime({ instant: command.until, offsetMinutes: 0 }) : undefined;
  const sent = Object.entries({ ...command, until }).filter(([name]) => !['kind', 'at', 'number'].includes(name));
  return Object.fromEntries(sent) as unknown as Envelope;
}

describe('whatever people, time and channels do to a running case', () => {
  it('it shows what was approved and nothing else, answers each command once, and ends with nothing left, over any number of runs', async () => {
    const begunBefore = Date.now() + LIVES_BEGIN_WITHIN_MS;
    let lived = 0;
    await fc.assert(
      fc.asyncProperty(life, async ({ moves, manners, historyLimit, preStaging }) => {
        if (Date.now() > begunBefore) return;
        lived += 1;
        const sent = new Set<string>();
        const theCase = await CaseUnderTest.run(
          bundle,
          async (running) => {
            let taken = 0;
            let sinceMove = 0;
            running.manners = () => {
              taken += 1;
              sinceMove += 1;
              return sinceMove > BAD_STEPS_A_MOVE ? 'well' : (manners[taken % manners.length] ?? 'well');
            };
            await running.report({ policy: { ...POLICY, preStaging } });
            for (const next of moves) {
              if (running.isOver) break;
              sinceMove = 0;
              if (next.move === 'pass') await running.pass(next.ms);
              if (next.move === 'lateEffects') await running.lateEffects();
              if (next.move === 'command') {
                const command = commandFor(await seen(running), next.attempt);
                sent.add(command.commandId);
                await running.signalAtOnce(command.kind, envelopeOf(command));
                await running.untilInTime(() => running.isAnswered(command.commandId) || running.isOver);
              }
            }
            if (!running.isOver) {
              sent.add('the-end');
              await running.signalAtOnce('cancel', {
                commandId: 'the-end',
                actor: 'supervisor-2',
                role: 'supervisor',
                reason: 'hoax',
              });
              await running.untilInTime(() => running.isAnswered('the-end'));
            }
            // Whatever was late comes now, and from here on the channels behave.
            await running.lateEffects();
            running.manners = () => 'well';
            // An hour at a time: once the workflow has closed the test server may not skip any more.
            for (let hours = 0; hours < HOURS_TO_THE_END && !running.isOver; hours += 1) await running.pass(HOUR);
            await running.untilInTime(() => running.isOver);
          },
          { historyLimit: { events: historyLimit } },
        );

        expect(theCase.journal.map(({ seq }) => seq)).toEqual(theCase.journal.map((_, index) => index + 1));
        const answers = theCase.journal.flatMap(({ event }) =>
          event.type === 'commandAccepted' || event.type === 'commandRefused' ? [event.commandId] : [],
        );
        expect(new Set(answers).size).toBe(answers.length);
        // A command that came when the case was over is the deliverer's to answer.
        for (const id of answers) expect(id === 'report-1' || sent.has(id)).toBe(true);
        const approved = new Set(
          [...theCase.events('approved'), ...theCase.events('amendmentApproved')].map(
            ({ revision }) => revision.number,
          ),
        );
        for (const channel of ACCOUNT_CHANNELS) {
          const world = theCase.worlds[channel];
          for (const { revision, published } of world.things) {
            if (published || !preStaging) expect(approved.has(revision)).toBe(true);
          }
          expect(world.mostPublic).toBeLessThanOrEqual(2);
          expect(world.mostOfOneRevision).toBeLessThanOrEqual(1);
          expect(world.public).toHaveLength(0);
        }
        const told = theCase.notices.map(({ notice }) => notice.id);
        expect(new Set(told).size).toBe(told.length);
      }),
      { numRuns: 8, endOnFailure: true },
    );
    expect(lived).toBeGreaterThan(1);
  });
});
