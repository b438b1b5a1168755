import { randomBytes } from 'node:crypto';
import { createFacebookAccount } from '../channels/facebook-account.js';
import type { FacebookStrategy } from '../channels/facebook-strategy.js';
import { createGraphClient } from '../channels/graph-client.js';
import { createInstagramAccount } from '../channels/instagram-account.js';
import { isMetaItself, type MetaConfig } from '../config.js';
import { newCaseNumber } from '../domain/case-number.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { Finding } from './finding.js';
import { probeFacebook } from './probe-facebook.js';
import { serveProbeImage } from './probe-image.js';
import { probeInstagram } from './probe-instagram.js';
import { type Patience, PATIENCE, type ProbeTools } from './probe-tools.js';
import { tidyUp } from './tidy.js';

/** What the operator says of a probe. */
export interface ProbeOptions {
  /** The Page that is meant, as a confirmation. */
  readonly page: string | undefined;
  /** Where a neutral JPEG can be fetched; one is drawn and served for the simulator when left out. */
  readonly imageUrl: string | undefined;
  readonly countries: readonly string[];
  readonly signal: AbortSignal;
  readonly patience?: Patience;
}

/** What the probe found, and the strategy that follows from it; null when none does. */
export interface Probe {
  readonly findings: readonly Finding[];
  readonly strategy: FacebookStrategy | null;
}

/** Why there is to be no probe; undefined when there may be one. */
export function refusalOfProbe({ pageId, audience, graphUrl }: MetaConfig, options: ProbeOptions): string | undefined {
  if (audience === 'public') return 'META_AUDIENCE is public: a probe is published on a test page only';
  if (options.page === undefined) return 'name the test page that is meant, with --page and its id';
  if (options.page !== pageId) return '--page is not the Page of META_PAGE_ID';
  if (options.imageUrl === undefined && isMetaItself(graphUrl)) {
    return 'name a neutral JPEG that Meta can fetch, best below MAFQOOD_PUBLIC_URL, with --image-url';
  }
  return undefined;
}

/**
 * Tries on a test page and its Instagram account what Mafqood takes to be so of them, and removes what it made, also when it is called off.
 * To be asked `refusalOfProbe` before.
 */
export async function probe(meta: MetaConfig, options: ProbeOptions): Promise<Probe> {
  const { pageId, igUserId, audience } = meta;
  const image = options.imageUrl === undefined ? await serveProbeImage() : undefined;
  const graph = createGraphClient(meta);
  const igGraph = createGraphClient({ ...meta, accessToken: meta.igAccessToken });
  const shared = {
    caseNumber: newCaseNumber(randomBytes),
    imageUrl: image?.url ?? options.imageUrl ?? '',
    countries: options.countries,
    patience: options.patience ?? PATIENCE,
    signal: options.signal,
  };
  const facebook: ProbeTools = { ...shared, graph, account: createFacebookAccount({ graph, pageId }) };
  const instagram: ProbeTools = {
    ...shared,
    graph: igGraph,
    account: createInstagramAccount({ graph: igGraph, igUserId }),
  };
  try {
    const page = await tidied('Facebook', facebook, async () => probeFacebook(facebook, { pageId, audience }));
    const account = await tidied('Instagram', instagram, async () => ({
      findings: await probeInstagram(instagram, { igUserId, audience }),
    }));
    return { findings: [...page.findings, ...account.findings], strategy: page.strategy ?? null };
  } finally {
    await image?.close();
  }
}

async function tidied(
  channel: string,
  tools: ProbeTools,
  act: () => Promise<{ readonly findings: readonly Finding[]; readonly strategy?: FacebookStrategy | null }>,
): Promise<{ readonly findings: readonly Finding[]; readonly strategy?: FacebookStrategy | null }> {
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
    const calledOff: Finding = { of: channel, verdict: 'failed', says: `the probe was called off (${error.code})` };
    return { findings: [calledOff, await tidyUp(channel, tidying)] };
  }
}
