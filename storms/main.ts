import { parseArgs } from 'node:util';
import { FACEBOOK_STRATEGIES } from '../src/channels/facebook-strategy.js';
import { failureText, summaryText } from './told.js';
import { season } from './season.js';
import type { Outcome } from './storm.js';

const USAGE = `Usage: npm run storms -- [--seeds N] [--from S] [--strategy NAME] [--lanes N]

Each seed is a storm: a case that is published, amended, widened and found while the simulated Meta fails as its seed says, and while
its worker is killed. Invariants 2 and 3 are counted in the simulator's log. Ends with 1 on the first storm that fails, and prints it.

  --seeds N        how many storms (20)
  --from S         the first seed (1)
  --strategy NAME  flip or single-post for all of them; otherwise every fourth is of single-post, the fallback
  --lanes N        how many rage at a time (24)`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '20' },
      from: { type: 'string', default: '1' },
      strategy: { type: 'string' },
      lanes: { type: 'string', default: '24' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const strategy = FACEBOOK_STRATEGIES.find((name) => name === values.strategy);
  if (values.strategy !== undefined && !strategy)
    throw new Error(`--strategy must be ${FACEBOOK_STRATEGIES.join(' or ')}`);
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new Error('The storms were stopped.')));
  }
  const outcomes: Outcome[] = [];
  const seeds = wholeNumber('--seeds', values.seeds, 1);
  const began = performance.now();
  const failed = await season({
    seeds,
    from: wholeNumber('--from', values.from, 0),
    lanes: wholeNumber('--lanes', values.lanes, 1),
    ...(strategy ? { strategy } : {}),
    progress: () => undefined,
    held: (outcome) => {
      outcomes.push(outcome);
      const { plan, seconds } = outcome;
      console.log(`seed ${plan.seed} (${plan.strategy}) held, ${seconds.toFixed(1)} s; ${outcomes.length} of ${seeds}`);
    },
    signal: interrupted.signal,
  });
  const seconds = (performance.now() - began) / 1000;
  if (failed) {
    console.error(`\n${failureText(failed)}`);
    process.exitCode = 1;
  }
  console.log(`\n${summaryText(outcomes, seconds)}`);
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) {
    throw new Error(`${name} must be a whole number from ${least}`);
  }
  return value;
}

await main().catch((error: unknown) => {
  console.error(`\nThe storms did not come to their end. ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.cause instanceof Error) console.error(`Because: ${error.cause.message}`);
  process.exitCode = 1;
});
process.exit();
