import { setMaxListeners } from 'node:events';
import type { FacebookStrategy } from '../src/channels/facebook-strategy.js';
import type { Progress } from '../src/embedded/progress.js';
import { layGround, type Ground } from './ground.js';
import { openLane } from './lane.js';
import { planOf, type StormPlan } from './plan.js';
import { type Outcome, rage } from './storm.js';

export interface SeasonOptions {
  readonly from: number;
  readonly seeds: number;
  /** Of all storms; left out, each seed says its own. */
  readonly strategy?: FacebookStrategy;
  /** How many storms rage at a time, at most. */
  readonly lanes: number;
  readonly progress: Progress;
  /** Called with each storm that has held. */
  readonly held: (outcome: Outcome) => void;
  readonly signal: AbortSignal;
}

/**
 * Lets the storms of consecutive seeds rage, several at a time, until all have held or one has failed.
 * @returns the one that failed first, if any
 * @throws when something other than a storm fails, or the signal is aborted
 */
export async function season(options: SeasonOptions): Promise<Outcome | undefined> {
  const { from, seeds, strategy, signal } = options;
  const plans = Array.from({ length: seeds }, (_, index) => planOf(from + index, strategy));
  const queues = new Map<FacebookStrategy, StormPlan[]>();
  for (const plan of plans) queues.set(plan.strategy, [...(queues.get(plan.strategy) ?? []), plan]);
  const lanes = [...queues].flatMap(([of, queue]) =>
    Array.from(
      { length: Math.min(queue.length, Math.max(1, Math.round((options.lanes * queue.length) / seeds))) },
      (_, index) => ({ name: `${of}-${index + 1}`, strategy: of, queue }),
    ),
  );
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  // As many as there are lanes, and no leak.
  setMaxListeners(0, signal, stop);
  const ground = await layGround({ lanes: lanes.map(({ name }) => name), progress: options.progress, giveUp: signal });
  let failed: Outcome | undefined;
  try {
    await Promise.all(
      lanes.map(async ({ queue, ...lane }) => {
        try {
          await inLane(ground, lane, queue, stop, (outcome) => {
            if (outcome.breaches.length === 0) options.held(outcome);
            else {
              failed ??= outcome;
              over.abort();
            }
          });
        } catch (error) {
          if (failed) return;
          over.abort();
          throw error;
        }
      }),
    );
  } finally {
    await ground.stop();
  }
  return failed;
}

async function inLane(
  ground: Ground,
  { name, strategy }: { readonly name: string; readonly strategy: FacebookStrategy },
  queue: StormPlan[],
  stop: AbortSignal,
  ended: (outcome: Outcome) => void,
): Promise<void> {
  const lane = await openLane(ground, { name, strategy, giveUp: stop });
  try {
    for (let plan = queue.shift(); plan; plan = queue.shift()) {
      stop.throwIfAborted();
      ended(await rage(plan, lane, stop));
    }
  } finally {
    await lane.stop();
  }
}
