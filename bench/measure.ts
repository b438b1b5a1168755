import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { Progress } from '../src/embedded/progress.js';
import type { BareCases } from './bare-cases.js';
import type { LiveWatch } from './live-watch.js';
import type { OurCases } from './our-cases.js';
import type { BenchCase, Side } from './side.js';
import { rounded, type Spread, spreadOf } from './statistics.js';

/** What is compared, and what it is measured with. */
export interface Sides {
  readonly client: Client;
  readonly watch: LiveWatch;
  readonly bare: BareCases;
  /** Approved by a signal of their own, as the bare ones are. */
  readonly ours: OurCases;
  readonly oursByApi: OurCases;
}

/** All that the benchmark found. Times are in milliseconds, ratios ours to the bare one's. */
export interface Figures {
  /** From just before the approval's signal is sent until the later of the two posts is live. */
  readonly approveToLive: Compared & {
    readonly bareP50Ms: number;
    readonly ourP50Ms: number;
    readonly ratioP50: number;
    readonly ratioP99: number;
    /** The same until the Facebook post is live: on that channel the adapter waits for nothing. */
    readonly facebook: Compared & { readonly ratioP50: number };
  };
  /** Whole cases, from the rendered report to closed, several at a time, by the second. */
  readonly wholeCases: Compared & {
    readonly atATime: number;
    readonly barePerS: number;
    readonly ourPerS: number;
    readonly ratio: number;
  };
  /** Events in the history of a whole case of ours through the staff API, with pauses between its commands: the median. */
  readonly historyEvents: number;
  readonly historyEventsSpread: { readonly bare: Spread; readonly ours: Spread };
  readonly apiReply: {
    /** From the staff API's request `report`, with a photo to take in and to render for each channel, until its answer. */
    readonly reportP50Ms: number;
    readonly reportSpread: Spread;
    /** From its request `approve` until its answer, which says what the case decided. */
    readonly approveP50Ms: number;
    readonly approveSpread: Spread;
    /** From that same request until both posts are live. */
    readonly toLiveP50Ms: number;
    readonly toLiveSpread: Spread;
  };
}

interface Compared {
  readonly bare: Spread;
  readonly ours: Spread;
}

export interface Extent {
  /** Cases of each kind that the times are taken from. */
  readonly rounds: number;
  readonly progress: Progress;
  /** Ends the measuring when aborted. */
  readonly signal: AbortSignal;
}

const WARM_UP = 16;
/** Cases that are opened before they are measured, so that no report is being rendered meanwhile. */
const CHUNK = 5;
/** Between two measured cases, in milliseconds: what follows a publication comes to rest. */
const QUIET_MS = 80;

/** Reports that are sent one after another. */
const REPORTS = 15;

const AT_A_TIME = 8;
/** Whole cases in each turn of a side, and the turns of each. */
const TURN = 32;
const TURNS = 4;

/** On a busy machine fewer rounds and turns have to do: none is begun after these times, in milliseconds. */
const ROUNDS_END_AFTER_MS = 60_000;
const TURNS_END_AFTER_MS = 45_000;

/** Measures all sides, interleaved. */
export async function measure(sides: Sides, extent: Extent): Promise<Figures> {
  const { client, watch, bare, ours, oursByApi } = sides;
  const times = { bare: new Series(), ours: new Series(), oursByApi: new Series() };
  const kinds = [
    { side: bare, series: times.bare },
    { side: ours, series: times.ours },
    { side: oursByApi, series: times.oursByApi },
  ];

  extent.progress('warming up');
  for (const { side } of kinds) await turn(side, watch, { cases: WARM_UP, atATime: AT_A_TIME });
  oursByApi.approvalReplies.length = 0;

  const lengths = { bare: [] as number[], ours: [] as number[] };
  const roundsBegan = performance.now();
  for (let done = 0; done < extent.rounds; done += CHUNK) {
    if (done > 0 && performance.now() - roundsBegan > ROUNDS_END_AFTER_MS) break;
    extent.progress(`approve → live: ${done} of ${extent.rounds} rounds`);
    const size = Math.min(CHUNK, extent.rounds - done);
    const opened = await Promise.all(kinds.map(async ({ side }) => openMany(side, size)));
    for (let round = 0; round < size; round += 1) {
      // Whoever comes first comes last in the next round.
      for (let place = 0; place < kinds.length; place += 1) {
        extent.signal.throwIfAborted();
        const which = (done + round + place) % kinds.length;
        const theCase = opened[which]?.[round];
        if (!theCase) continue;
        await sleep(QUIET_MS);
        const sentAt = await theCase.approve();
        const { facebook, instagram } = await watch.live(theCase.caseNumber);
        kinds[which]?.series.add(facebook - sentAt, instagram - sentAt);
      }
    }
    await Promise.all(opened.flat().map((theCase) => theCase.end()));
    lengths.bare.push(...(await historyLengths(client, opened[0] ?? [])));
    lengths.ours.push(...(await historyLengths(client, opened[2] ?? [])));
  }
  const replies = spreadOf(oursByApi.approvalReplies);

  const reports: number[] = [];
  while (reports.length < REPORTS) reports.push(await oursByApi.report());
  const reported = spreadOf(reports);

  const speeds = { bare: [] as number[], ours: [] as number[] };
  const turnsBegan = performance.now();
  for (let turns = 0; turns < TURNS; turns += 1) {
    if (turns > 0 && performance.now() - turnsBegan > TURNS_END_AFTER_MS) break;
    for (const name of ['bare', 'ours'] as const) {
      extent.signal.throwIfAborted();
      extent.progress(`whole cases: turn ${turns + 1} of ${TURNS}, ${name}`);
      const side = name === 'bare' ? bare : oursByApi;
      await side.prepare(TURN);
      const began = performance.now();
      await turn(side, watch, { cases: TURN, atATime: AT_A_TIME });
      speeds[name].push((1000 * TURN) / (performance.now() - began));
    }
  }

  const approve = compared(times.bare.both, times.ours.both);
  const facebook = compared(times.bare.facebook, times.ours.facebook);
  const whole = compared(speeds.bare, speeds.ours);
  const events = compared(lengths.bare, lengths.ours);
  const toLive = spreadOf(times.oursByApi.both);
  return {
    approveToLive: {
      bareP50Ms: approve.bare.p50,
      ourP50Ms: approve.ours.p50,
      ratioP50: ratio(approve, 'p50'),
      ratioP99: ratio(approve, 'p99'),
      ...approve,
      facebook: { ratioP50: ratio(facebook, 'p50'), ...facebook },
    },
    wholeCases: {
      atATime: AT_A_TIME,
      barePerS: whole.bare.p50,
      ourPerS: whole.ours.p50,
      ratio: ratio(whole, 'p50'),
      ...whole,
    },
    historyEvents: events.ours.p50,
    historyEventsSpread: events,
    apiReply: {
      reportP50Ms: reported.p50,
      reportSpread: reported,
      approveP50Ms: replies.p50,
      approveSpread: replies,
      toLiveP50Ms: toLive.p50,
      toLiveSpread: toLive,
    },
  };
}

/** Times from an approval until the posts are live, in milliseconds. */
class Series {
  readonly facebook: number[] = [];
  readonly both: number[] = [];

  add(facebook: number, instagram: number): void {
    this.facebook.push(facebook);
    this.both.push(Math.max(facebook, instagram));
  }
}

/** Opens cases one after another. */
async function openMany(side: Side, count: number): Promise<BenchCase[]> {
  await side.prepare(count);
  const cases: BenchCase[] = [];
  while (cases.length < count) cases.push(await side.open());
  return cases;
}

/** Takes cases from report to closed, several at a time. */
async function turn(
  side: Side,
  watch: LiveWatch,
  { cases, atATime }: { readonly cases: number; readonly atATime: number },
): Promise<void> {
  let begun = 0;
  const lane = async (): Promise<void> => {
    while (begun < cases) {
      begun += 1;
      const theCase = await side.open();
      await theCase.approve();
      await watch.live(theCase.caseNumber);
      await theCase.end();
    }
  };
  await Promise.all(Array.from({ length: atATime }, lane));
}

async function historyLengths(client: Client, cases: readonly BenchCase[]): Promise<number[]> {
  return Promise.all(
    cases.map(async ({ workflowId }) => (await client.workflow.getHandle(workflowId).describe()).historyLength),
  );
}

function compared(bare: readonly number[], ours: readonly number[]): Compared {
  return { bare: spreadOf(bare), ours: spreadOf(ours) };
}

function ratio({ bare, ours }: Compared, quantile: 'p50' | 'p99'): number {
  return rounded(ours[quantile] / bare[quantile]);
}
