import { createLocalJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import type { Logger } from 'pino';
import { z } from 'zod';
import { HOUR, type Instant, type Milliseconds, MINUTE, SECOND } from '../domain/time.js';
import { discoveryUrlOf, isUnforgeable } from './settings.js';

/** How a provider's keys are kept. */
export interface KeyTimes {
  /** Then they are read again before one is used: so long at most is a withdrawn key still taken while the provider can be asked. */
  readonly freshForMs: Milliseconds;
  /** A provider that has not answered for so long may have withdrawn a stolen key without our knowing: its keys are not used any more. */
  readonly trustedForMs: Milliseconds;
  /** Between two readings, so that tokens with made-up key ids do not become requests to the provider, nor waits while it is away. */
  readonly coolDownMs: Milliseconds;
  /** The provider has to have answered by then, since callers wait for it. */
  readonly answerWithinMs: Milliseconds;
}

export const KEY_TIMES: KeyTimes = {
  freshForMs: 10 * MINUTE,
  trustedForMs: 24 * HOUR,
  coolDownMs: 10 * SECOND,
  answerWithinMs: 3 * SECOND,
};

/** Hundreds of keys; nothing of a provider's is longer. */
const LONGEST_ANSWER_BYTES = 262_144;

/** The keys of a provider cannot be had just now; it may be asked again after `retryAfterMs`. */
export class KeysUnavailable extends Error {
  override readonly name = 'KeysUnavailable';

  constructor(readonly retryAfterMs: Milliseconds) {
    super('the keys of the identity provider cannot be had');
  }
}

/** The keys by which a provider signs. */
export interface ProviderKeys {
  /** Finds the key of a token. @throws KeysUnavailable, or a JOSEError where the provider has no such key */
  readonly keyOf: JWTVerifyGetKey;
  /** Reads the keys, unless that was tried a moment ago. @throws KeysUnavailable */
  read(): Promise<void>;
}

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).min(1) });

/**
 * Finds and keeps the keys of an issuer. Nothing is asked of it until somebody needs a key; a key that is not known is looked for at
 * the provider, which may have rotated its keys; and what is known goes on being used while the provider is away.
 */
export function providerKeys(issuer: string, logger: Logger, times: KeyTimes = KEY_TIMES): ProviderKeys {
  let known: { readonly keyOf: JWTVerifyGetKey; readonly readAt: Instant } | undefined;
  let lastTry: { readonly at: Instant; readonly failed: boolean } | undefined;
  let reading: Promise<void> | undefined;
  const age = (): Milliseconds => Date.now() - (known?.readAt ?? -Infinity);

  const readNow = async (): Promise<void> => {
    try {
      known = { keyOf: createLocalJWKSet(await readKeys(issuer, times.answerWithinMs)), readAt: Date.now() };
      lastTry = { at: Date.now(), failed: false };
    } catch (error) {
      lastTry = { at: Date.now(), failed: true };
      logger.warn({ reason: reasonOf(error), issuer }, 'the keys of the identity provider cannot be had');
      throw new KeysUnavailable(times.coolDownMs);
    }
  };
  const read = async (): Promise<void> => {
    if (!reading) {
      const coolFor = lastTry ? lastTry.at + times.coolDownMs - Date.now() : 0;
      if (coolFor > 0) {
        if (lastTry?.failed) throw new KeysUnavailable(coolFor);
        return;
      }
      reading = readNow().finally(() => (reading = undefined));
    }
    await reading;
  };

  return {
    read,
    keyOf: async (header, token) => {
      if (age() > times.trustedForMs) await read();
      else if (age() > times.freshForMs) await read().catch(() => undefined);
      const found = await keyIn(known, header, token);
      if (found) return found;
      await read();
      const foundNow = await keyIn(known, header, token);
      if (foundNow) return foundNow;
      throw new errors.JWKSNoMatchingKey();
    },
  };
}

async function keyIn(
  known: { readonly keyOf: JWTVerifyGetKey } | undefined,
  ...of: Parameters<JWTVerifyGetKey>
): Promise<Awaited<ReturnType<JWTVerifyGetKey>> | undefined> {
  try {
    return await known?.keyOf(...of);
  } catch (error) {
    if (error instanceof errors.JWKSNoMatchingKey) return undefined;
    throw error;
  }
}

async function readKeys(issuer: string, withinMs: Milliseconds): Promise<Parameters<typeof createLocalJWKSet>[0]> {
  const signal = AbortSignal.timeout(withinMs);
  const description = z.object({ issuer: z.literal(issuer), jwks_uri: z.string().refine(isUnforgeable) });
  const { jwks_uri: address } = description.parse(await readJson(discoveryUrlOf(issuer), signal));
  return jwksSchema.parse(await readJson(address, signal));
}

/** Without following a redirection: where the keys are is for the issuer to say, in its own description. */
async function readJson(address: string, signal: AbortSignal): Promise<unknown> {
  const answer = await fetch(address, { headers: { accept: 'application/json' }, redirect: 'error', signal });
  if (answer.status !== 200 || !answer.body) throw new Error(`answered ${answer.status}`);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > LONGEST_ANSWER_BYTES) throw new Error('answered more than can be its keys');
    chunks.push(chunk);
  }
  return JSON.parse(Buffer.concat(chunks).toString());
}

/** For the log. A description that is not as it has to be is told by the names of its members, never by what stands there. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError) return `unusable: ${error.issues.map(({ path }) => path.join('.')).join(', ')}`;
  if (error instanceof SyntaxError) return 'unusable: no JSON';
  if (!(error instanceof Error)) return 'unknown';
  const { cause } = error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : error.message;
}
