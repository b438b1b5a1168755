import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startStack, type Stack } from '../src/embedded/stack.js';
import { createTemporalClient } from '../src/temporal/client.js';
import { BareCases } from './bare-cases.js';
import { exampleOf } from './example.js';
import { LiveWatch } from './live-watch.js';
import { measure, type Sides } from './measure.js';
import { OurCases } from './our-cases.js';
import { measurePreStaging } from './pre-staging.js';
import { PreparedReports } from './prepared-reports.js';
import { markdownOf } from './report.js';

const USAGE = `Usage: npm run bench -- [--json FILE] [--rounds N]

Measures our case beside a bare Temporal workflow that makes the same HTTP calls, both on this machine alone, and prints a table.

  --json FILE  write the figures there
  --rounds N   how many cases of each kind the times are taken from (60)`;

const ROUNDS = 60;

/** It adds no delay of its own, and takes more posts a day than Instagram does. */
const SIMULATOR = { containerMs: 0, dailyQuota: 1_000_000 };

const progress = (line: string): void => console.error(`  ${line}`);

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      rounds: { type: 'string', default: String(ROUNDS) },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const rounds = Number(values.rounds);
  if (!Number.isSafeInteger(rounds) || rounds < 1) throw new Error('--rounds must be a whole number from 1');

  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => interrupted.abort(new Error('The benchmark was stopped.')));
  }
  // Outside the repository, where PostgreSQL's user can reach it.
  const dataFolder = mkdtempSync(join(tmpdir(), 'mafqood-bench-'));
  chmodSync(dataFolder, 0o711);
  try {
    const stack = await startStack({ dataFolder, progress, simulator: SIMULATOR, giveUp: interrupted.signal });
    try {
      const extent = { rounds, progress, signal: interrupted.signal };
      const figures = await withSides(stack, async (sides) => ({
        ...(await measure(sides, extent)),
        preStaging: await measurePreStaging(
          { ...sides, simulator: stack.simulator, off: sides.ours, on: sides.oursPreStaged },
          extent,
        ),
      }));
      if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(figures, null, 2)}\n`);
      console.log(markdownOf(figures));
    } finally {
      await stack.stop();
    }
  } finally {
    rmSync(dataFolder, { recursive: true, force: true });
  }
}

/** Sets up what is compared, on one Temporal server and one simulator. */
async function withSides<T>(
  stack: Stack,
  use: (sides: Sides & { readonly oursPreStaged: OurCases }) => Promise<T>,
): Promise<T> {
  const client = createTemporalClient(stack.temporal);
  const watch = new LiveWatch(stack.simulator.url);
  const reports = new PreparedReports(stack, client);
  const preStagedReports = new PreparedReports(stack, client, { preStaging: true });
  try {
    const ours = new OurCases(stack, client, reports, 'signal');
    // What the bare cases post is what ours do: a first case shows it.
    const first = await ours.open();
    await first.approve();
    await watch.live(first.caseNumber);
    const example = await exampleOf(first.caseNumber, await watch.everything(), stack.simulator.url);
    await first.end();
    const bare = await BareCases.start(stack, client, example);
    try {
      return await use({
        client,
        watch,
        bare,
        ours,
        oursByApi: new OurCases(stack, client, reports, 'api'),
        oursPreStaged: new OurCases(stack, client, preStagedReports, 'signal'),
      });
    } finally {
      await bare.stop();
    }
  } finally {
    await watch.stop();
    await reports.close();
    await preStagedReports.close();
    await client.connection.close();
  }
}

await main().catch((error: unknown) => {
  console.error(`\nThe benchmark did not succeed. ${error instanceof Error ? error.message : String(error)}`);
  if (error instanceof Error && error.cause instanceof Error) console.error(`Because: ${error.cause.message}`);
  process.exitCode = 1;
});
process.exit();
