import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createFacebookChannel } from '../src/channels/facebook.js';
import { createGraphClient } from '../src/channels/graph-client.js';
import { createInstagramChannel } from '../src/channels/instagram.js';
import { newCaseNumber } from '../src/domain/case-number.js';
import { ACCOUNT_CHANNELS, type AccountChannel } from '../src/domain/channel.js';
import type { SimulatedMeta } from '../src/embedded/environments.js';
import type { AlertChannel, PlacedObject, StepRun } from '../src/ports/alert-channel.js';
import { placedAs } from './bare-case/activities.js';
import type { BareCases } from './bare-cases.js';
import type { LiveWatch } from './live-watch.js';
import type { Extent } from './measure.js';
import type { OurCases } from './our-cases.js';
import type { BenchCase } from './side.js';
import { rounded, type Spread, spreadOf } from './statistics.js';

/** What pre-staging gains where calls take as long as Meta's. Times are in milliseconds. */
export interface PreStagingFigures {
  /** The slower of two publish calls, one a channel, sent at the same time by nothing but an adapter: until its answer. */
  readonly slowestPublishP50Ms: number;
  /** From just before the approval's signal is sent until the later of the two posts is live, with pre-staging off and on. */
  readonly offP50Ms: number;
  readonly onP50Ms: number;
  /** With it on, to the slowest publish call. */
  readonly ratioOn: number;
  readonly slowestPublish: Spread;
  readonly off: Spread;
  readonly on: Spread;
}

interface Compared {
  readonly simulator: SimulatedMeta;
  readonly watch: LiveWatch;
  readonly bare: BareCases;
  readonly off: OurCases;
  readonly on: OurCases;
}

/** More would make the benchmark long: a container takes three seconds. */
const MOST_ROUNDS = 20;
const MOST_ROUNDS_OFF = 8;
/** Cases that are staged before they are approved one after another. */
const CHUNK = 10;
/** Between two measured approvals, in milliseconds: what follows a publication comes to rest. */
const QUIET_MS = 150;
/** Without pre-staging nearly all of the time is Meta's, and approvals need not wait for one another. */
const APART_MS = 500;

/** What a step has that belongs to no workflow, so that nobody calls it off. */
function stepRun(): StepRun {
  return { signal: new AbortController().signal, sendBefore: Infinity, heartbeat: () => undefined };
}

/** Measures it; the simulator's calls take as long as Meta's meanwhile. */
export async function measurePreStaging(
  { simulator, watch, bare, off, on }: Compared,
  { rounds, progress, signal }: Extent,
): Promise<PreStagingFigures> {
  const { url, pageId, igUserId, accessToken } = simulator;
  const graph = createGraphClient({ graphUrl: url, version: 'v26.0', accessToken });
  const channels = {
    facebook: createFacebookChannel({ graph, pageId, audience: 'simulator' }),
    instagram: createInstagramChannel({ graph, igUserId, audience: 'simulator' }),
  };
  const approveToLive = async (theCase: BenchCase): Promise<number> => {
    const sentAt = await theCase.approve();
    const { facebook, instagram } = await watch.live(theCase.caseNumber);
    return Math.max(facebook, instagram) - sentAt;
  };

  const times = { publish: [] as number[], off: [] as number[], on: [] as number[] };
  const usual = await callTimes(url);
  await callTimes(url, { profile: 'meta' });
  try {
    const rest = Math.min(rounds, MOST_ROUNDS);
    for (let done = 0; done < rest; done += CHUNK) {
      progress(`pre-staging: ${done} of ${rest} rounds`);
      const size = Math.min(CHUNK, rest - done);
      await on.prepare(size);
      const many = Array.from({ length: size });
      const [cases, posts] = await Promise.all([
        Promise.all(many.map(() => openStaged(on))),
        Promise.all(many.map(() => stageBare(channels, bare))),
      ]);
      for (const [round, theCase] of cases.entries()) {
        signal.throwIfAborted();
        await sleep(QUIET_MS);
        times.publish.push(await slowestPublish(channels, posts[round] ?? {}));
        await sleep(QUIET_MS);
        times.on.push(await approveToLive(theCase));
      }
      await Promise.all(cases.map((theCase) => theCase.end()));
    }

    const size = Math.min(rounds, MOST_ROUNDS_OFF);
    progress(`pre-staging off: ${size} cases`);
    await off.prepare(size);
    const cases = await Promise.all(Array.from({ length: size }, () => off.open()));
    times.off.push(
      ...(await Promise.all(
        cases.map(async (theCase, place) => {
          await sleep(place * APART_MS, undefined, { signal });
          return approveToLive(theCase);
        }),
      )),
    );
    await Promise.all(cases.map((theCase) => theCase.end()));
  } finally {
    await callTimes(url, usual);
  }

  const spreads = { slowestPublish: spreadOf(times.publish), off: spreadOf(times.off), on: spreadOf(times.on) };
  return {
    slowestPublishP50Ms: spreads.slowestPublish.p50,
    offP50Ms: spreads.off.p50,
    onP50Ms: spreads.on.p50,
    ratioOn: rounded(spreads.on.p50 / spreads.slowestPublish.p50),
    ...spreads,
  };
}

type Channels = Readonly<Record<AccountChannel, AlertChannel>>;
type Posts = Partial<Readonly<Record<AccountChannel, PlacedObject>>>;

async function openStaged(side: OurCases): Promise<BenchCase> {
  const theCase = await side.open();
  await side.staged(theCase);
  return theCase;
}

/** A post of no case on each channel, staged. */
async function stageBare(channels: Channels, bare: BareCases): Promise<Posts> {
  const alert = bare.alert(newCaseNumber(randomBytes));
  const staged = ACCOUNT_CHANNELS.map(async (channel) => {
    const { object } = await channels[channel].stage(alert[channel], stepRun());
    return [channel, placedAs(alert[channel], object)] as const;
  });
  return Object.fromEntries(await Promise.all(staged));
}

/** Publishes on both channels at the same time, as a case does; returns how long the slower call took. Takes both down again. */
async function slowestPublish(channels: Channels, posts: Posts): Promise<number> {
  const published = await Promise.all(
    ACCOUNT_CHANNELS.map(async (channel) => {
      const placed = posts[channel];
      if (!placed) throw new Error(`nothing is staged on ${channel}`);
      const began = performance.now();
      const post = await channels[channel].publish(placed, stepRun());
      const took = performance.now() - began;
      if (typeof post === 'string') throw new Error(`the staged object is ${post}`);
      const object = { ...placed.object, ...post, flippedAt: Date.now() };
      return { took, takeDown: () => channels[channel].expire({ ...placed, object }, stepRun()) };
    }),
  );
  await Promise.all(published.map(({ takeDown }) => takeDown()));
  return Math.max(...published.map(({ took }) => took));
}

/** Reads how long the simulator's calls take, or changes it. */
async function callTimes(simulatorUrl: string, to?: unknown): Promise<unknown> {
  const address = `${simulatorUrl}/simulator/call-times`;
  const change = { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(to) };
  const response = await fetch(address, to === undefined ? {} : change);
  if (!response.ok) throw new Error(`the simulator did not take other call times: HTTP ${response.status}`);
  return response.json();
}
