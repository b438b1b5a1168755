import { randomBytes } from 'node:crypto';
import { createFacebookAccount } from '../channels/facebook-account.js';
import type { FacebookStrategy } from '../channels/facebook-strategy.js';
import { createGraphClient } from '../channels/graph-client.js';
import { createInstagramAccount } from '../channels/instagram-account.js';
import { readQuota } from '../channels/instagram-quota.js';
import type { MetaConfig } from '../config.js';
import { newCaseNumber } from '../domain/case-number.js';
import { isReserved } from '../domain/quota.js';
import { HOUR } from '../domain/time.js';
import type { Account } from '../ports/account.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { Finding } from './finding.js';
import { probeFacebook } from './probe-facebook.js';
import { probeInstagram } from './probe-instagram.js';
import { type Patience, PATIENCE, type ProbeTools } from './probe-tools.js';
import { remembering } from './remembering-client.js';
import { tidyUp } from './tidy.js';

/** What a probe needs beside the accounts. */
export interface ProbeOptions {
  /** Where Meta fetches a neutral JPEG. */
  readonly imageUrl: string;
  readonly countries: readonly string[];
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** What the probe found, and the strategy that follows from it; null when none does. */
export interface Probe {
  readonly findings: readonly Finding[];
  readonly strategy: FacebookStrategy | null;
}

/** Further back than an alert that is still up may have been published: how long one lives is the policy's to say. */
const ALERTS_SINCE = 366 * 24 * HOUR;

/**
 * Why there is to be no probe of these accounts; undefined when there may be one. Families' alerts are on the production page, so that one
 * is never probed: neither where the public is the audience, nor, whatever the settings call it, where an alert of ours is up.
 * @param page the Page that is meant, as a person named it
 */
export async function refusalOfProbe(meta: MetaConfig, page: string | undefined): Promise<string | undefined> {
  const { pageId, igUserId, audience } = meta;
  if (audience === 'public') return 'META_AUDIENCE is public: a probe is published on a test page only';
  if (page === undefined) return 'name the test page that is meant, with --page and its id';
  if (page !== pageId) return '--page is not the Page of META_PAGE_ID';
  const { graph, igGraph } = clientsOf(meta);
  try {
    const quota = await readQuota(igGraph, igUserId, new AbortController().signal);
    if (isReserved(quota, 'drill')) return 'what is left of Instagram’s daily quota is kept for alerts';
    return (
      (await alertsOn('Page', createFacebookAccount({ graph, pageId }))) ??
      (await alertsOn('Instagram account', createInstagramAccount({ graph: igGraph, igUserId })))
    );
  } catch (error) {
    if (error instanceof ChannelFailure) return `whether alerts are on the accounts cannot be told (${error.code})`;
    throw error;
  }
}

async function alertsOn(place: string, account: Account): Promise<string | undefined> {
  const run = { signal: new AbortController().signal, heartbeat: () => undefined };
  const posts = await account.list(Date.now() - ALERTS_SINCE, run);
  const cases = new Set(posts.flatMap(({ live, marker }) => (live && marker !== null ? [marker.caseNumber] : [])));
  if (cases.size === 0) return undefined;
  return `the ${place} shows ${[...cases].join(', ')}: where an alert is up nothing is tried`;
}

/**
 * Tries on a test page and its Instagram account what Mafqood takes to be so of them, and removes what it made, also when it is called off.
 * To be asked `refusalOfProbe` before.
 */
export async function probe(meta: MetaConfig, options: ProbeOptions): Promise<Probe> {
  const { pageId, igUserId, audience } = meta;
  const { graph, igGraph } = clientsOf(meta);
  const shared = {
    caseNumber: newCaseNumber(randomBytes),
    imageUrl: options.imageUrl,
    countries: options.countries,
    patience: options.patience ?? PATIENCE,
    signal: options.signal,
  };
  const facebook: ProbeTools = {
    ...shared,
    ...remembering(graph),
    account: createFacebookAccount({ graph, pageId }),
  };
  const instagram: ProbeTools = {
    ...shared,
    ...remembering(igGraph),
    account: createInstagramAccount({ graph: igGraph, igUserId }),
  };
  const page = await tidied('Facebook', facebook, async () => probeFacebook(facebook, { pageId, audience }));
  const account = await tidied('Instagram', instagram, async () => ({
    findings: await probeInstagram(instagram, { igUserId, audience }),
  }));
  return { findings: [...page.findings, ...account.findings], strategy: page.strategy ?? null };
}

type Tried = Omit<Probe, 'strategy'> & Partial<Probe>;

async function tidied(channel: string, tools: ProbeTools, act: () => Promise<Tried>): Promise<Tried> {
  // What is left is removed in any case, so not by the signal that calls the probe off.
  const tidying = { ...tools, signal: new AbortController().signal };
  try {
    const { findings, ...rest } = await act();
    return { ...rest, findings: [...findings, await tidyUp(channel, tidying)] };
  } catch (error) {
    if (!(error instanceof ChannelFailure)) {
      await tidyUp(channel, tidying);
      throw error;
    }
    const calledOff: Finding = { of: channel, verdict: 'fail', says: `the probe was called off (${error.code})` };
    return { findings: [calledOff, await tidyUp(channel, tidying)] };
  }
}

function clientsOf(meta: MetaConfig): Record<'graph' | 'igGraph', ReturnType<typeof createGraphClient>> {
  return {
    graph: createGraphClient(meta),
    igGraph: createGraphClient({ ...meta, accessToken: meta.igAccessToken }),
  };
}
