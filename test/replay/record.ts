/**
 * `npm run record-histories [-- name…]` leads synthetic cases through their lives on the time-skipping server, and keeps the histories
 * of all of them, or tries those that are named and keeps nothing. What was kept before goes only when all could be recorded.
 */
import { bundleWorkflows } from '../workflow/workflow-bundle.js';
import { CaseUnderTest } from '../workflow/case-under-test.js';
import { asKept, keepOnly } from './histories.js';
import { CONTINUED, HISTORY_LIMIT, LIVES } from './lives/index.js';
import type { Life } from './lives/life.js';

/** More would make the servers wait for a processor, and the lives for their servers. */
const AT_ONCE = 2;

/** The test server fails a task where the real one would not, and a machine with much else to do is late: both seldom, and not twice. */
const ATTEMPTS = 3;

/** A life that can be recorded, in a known number of runs. */
interface Recordable {
  readonly name: string;
  readonly life: Life;
  readonly runs: number;
}

const all: readonly Recordable[] = [
  ...Object.entries(LIVES).map(([name, life]) => ({ name, life, runs: 1 })),
  ...Object.entries(CONTINUED).map(([name, life]) => ({ name, life, runs: 2 })),
];
const named = process.argv.slice(2);
const unknown = named.filter((name) => !all.some((recordable) => recordable.name === name));
if (unknown.length > 0)
  throw new Error(`there is no life named ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}`);
const wanted = named.length > 0 ? all.filter(({ name }) => named.includes(name)) : all;

const bundle = await bundleWorkflows();
const kept = new Map<string, string>();
const failed: string[] = [];
const waiting = [...wanted];
await Promise.all(Array.from({ length: AT_ONCE }, recordWhatWaits));
await bundle.remove();

if (failed.length > 0) {
  console.error(`Not recorded: ${failed.join(', ')}. The histories are as they were.`);
  process.exitCode = 1;
} else if (named.length === 0) {
  await keepOnly(kept);
  console.log(`${kept.size} histories recorded.`);
}

async function recordWhatWaits(): Promise<void> {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const histories = await recordAtLast(next);
    if (!histories) failed.push(next.name);
    for (const [name, text] of histories ?? []) {
      kept.set(name, text);
      console.log(`${name}: ${Math.ceil(text.length / 1024)} KB`);
    }
  }
}

async function recordAtLast(recordable: Recordable): Promise<[string, string][] | undefined> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      return await record(recordable);
    } catch (error) {
      console.error(`${recordable.name}, attempt ${attempt} of ${ATTEMPTS}:`, error);
    }
  }
  return undefined;
}

/** The histories of a life, each by the name of its file. */
async function record({ name, life, runs }: Recordable): Promise<[string, string][]> {
  const options = runs > 1 ? { historyLimit: HISTORY_LIMIT } : {};
  const { histories } = await CaseUnderTest.run(bundle, life, options);
  if (histories.length !== runs) throw new Error(`${histories.length} runs instead of ${runs}`);
  const texts = histories.map(asKept);
  if (texts.some((text) => /EVENT_TYPE_WORKFLOW_TASK_(FAILED|TIMED_OUT)/.test(text))) throw new Error('a task failed');
  return texts.map((text, index) => [runs > 1 ? `${name}-${index + 1}` : name, text]);
}
