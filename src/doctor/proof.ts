import { z } from 'zod';
import { createGraphClient } from '../channels/graph-client.js';
import type { MetaConfig } from '../config.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { Finding } from './finding.js';

const anything = z.looseObject({});

/** What Meta answers a call whose proof is missing or wrong. */
const NO_PROOF = /^meta\/100(\/|$)/;

/**
 * Whether calls prove that they come from the app (`appsecret_proof`), and whether the app asks for it: a token that was stolen is then
 * of no use without the secret.
 */
export async function checkProof(meta: MetaConfig): Promise<Finding> {
  const of = 'app secret';
  const { appSecret, ...withoutSecret } = meta;
  const unproved = await answerTo(withoutSecret);
  if (appSecret === undefined) {
    if (NO_PROOF.test(unproved)) {
      return {
        of,
        verdict: 'fail',
        says: 'the app asks for a proof, and no secret is set',
        next: 'set META_APP_SECRET',
      };
    }
    const next = 'set META_APP_SECRET, then turn on “Require App Secret” in the app’s settings at Meta';
    return { of, verdict: 'warn', says: 'is not set: whoever gets hold of the token can publish with it', next };
  }
  const proved = await answerTo(meta);
  if (NO_PROOF.test(proved)) {
    const next = 'set META_APP_SECRET to the secret of the app that the token is of';
    return { of, verdict: 'fail', says: 'is not that of the app: Meta refuses its proof', next };
  }
  if (proved !== 'ok') {
    return { of, verdict: 'warn', says: `cannot be tried: answered with ${proved}`, next: 'mend the token first' };
  }
  if (unproved !== 'ok') return { of, verdict: 'pass', says: 'calls carry a proof, and none is taken without' };
  const next = 'turn on “Require App Secret” in the app’s settings at Meta';
  return { of, verdict: 'warn', says: 'calls carry a proof, and those without one are taken too', next };
}

/** `ok`, or the code of the failure. */
async function answerTo(access: Omit<MetaConfig, 'appSecret'>): Promise<string> {
  const call = { method: 'GET', path: [access.pageId], parameters: { fields: 'id' }, answer: anything } as const;
  try {
    await createGraphClient(access).harmless(call, new AbortController().signal);
    return 'ok';
  } catch (error) {
    if (error instanceof ChannelFailure) return error.code;
    throw error;
  }
}
