import { SECOND, type Milliseconds } from '../domain/time.js';
import type { StoreReadiness } from '../store/readiness.js';
import type { Readiness } from './read-answer-schemas.js';
import { within } from '../within.js';
import type { OpenRoute } from './route.js';

/** What the API depends on. */
export interface Dependencies {
  readonly store: StoreReadiness;
  readonly temporalReachable: () => Promise<boolean>;
}

/** Whoever asks is not kept waiting longer: what has not answered by then counts as unreachable. */
const ANSWER_WITHIN: Milliseconds = 3 * SECOND;

/** An answer stands for so long, so that asking often, which anybody may, costs the database nothing. */
const STANDS_FOR: Milliseconds = SECOND;

/** Answers whether the API is ready: 200 or 503. Nobody has to say who they are, and nothing is said about cases. */
export function answerReadiness(dependencies: Dependencies): OpenRoute['handle'] {
  let latest: { readonly until: number; readonly answer: Promise<Readiness> } | undefined;
  return async (_request, response) => {
    if (!latest || latest.until < Date.now()) {
      latest = { until: Date.now() + ANSWER_WITHIN, answer: look(dependencies) };
      const mine = latest;
      void mine.answer.then((answer) => {
        if (latest === mine) latest = { until: Date.now() + STANDS_FOR, answer: Promise.resolve(answer) };
      });
    }
    const answer = await latest.answer;
    if (answer.status === 'unready') response.status(503).set('Retry-After', '5');
    response.json(answer);
  };
}

async function look({ store, temporalReachable }: Dependencies): Promise<Readiness> {
  const [current, temporal] = await Promise.all([
    inTime(store.migrationsAreCurrent(), undefined),
    inTime(temporalReachable(), false),
  ]);
  const migrations = current === undefined ? 'unknown' : current ? 'current' : 'missing';
  return {
    status: current === true ? 'ready' : 'unready',
    postgres: current === undefined ? 'unreachable' : 'reachable',
    migrations,
    temporal: temporal ? 'reachable' : 'unreachable',
  };
}

/** What was asked, or the other when it failed or took too long. */
async function inTime<T, U>(asked: Promise<T>, otherwise: U): Promise<T | U> {
  return within(ANSWER_WITHIN, asked).catch(() => otherwise);
}
