import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { SECOND } from '../domain/time.js';
import { type AccessTokens, TokenRefused } from '../oidc/access-tokens.js';
import { KeysUnavailable } from '../oidc/provider-keys.js';
import { HolderUnclear } from '../oidc/token-holder.js';
import type { Caller } from './caller.js';
import { Problem } from './problem.js';
import type { StaffEntry } from './staff-file.js';

const callers = new WeakMap<Request, Caller>();
const BEARER = /^bearer +(\S+)$/i;

/**
 * Lets nobody past without a bearer token of the staff file or an access token of the identity provider, and remembers who they are.
 * @param accessTokens left out where there is no provider
 */
export function authenticate(staff: readonly StaffEntry[], accessTokens?: AccessTokens): RequestHandler {
  const inFile = staffFileCallers(staff);
  return async (request, _response, next) => {
    const token = BEARER.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw unauthenticated('Bearer');
    const caller = inFile(token) ?? (accessTokens && (await holder(accessTokens, token, request)));
    if (!caller) throw unauthenticated('Bearer error="invalid_token"');
    callers.set(request, caller);
    next();
  };
}

/**
 * Who sent a request.
 * @throws Problem `unauthenticated` when nobody was let in: a route that was mounted in front of `authenticate` stays shut
 */
export function callerOf(request: Request): Caller {
  const caller = callers.get(request);
  if (!caller) throw unauthenticated('Bearer');
  return caller;
}

/** Every token is compared, each in constant time, so that the time of an answer tells nothing about any of them. */
function staffFileCallers(staff: readonly StaffEntry[]): (token: string) => Caller | undefined {
  const known = staff.map(({ token, id, role, jurisdictions, secondFactor }) => ({
    hash: sha256(token),
    caller: {
      id,
      role,
      jurisdictions,
      stepUpChallenge: secondFactor ? null : 'Bearer error="insufficient_user_authentication"',
      expiresAt: null,
    },
  }));
  return (token) => {
    const hash = sha256(token);
    let caller: Caller | undefined;
    for (const entry of known) if (timingSafeEqual(entry.hash, hash)) caller = entry.caller;
    return caller;
  };
}

async function holder(accessTokens: AccessTokens, token: string, request: Request): Promise<Caller> {
  try {
    const { hasSecondFactor, ...known } = await accessTokens.read(token);
    return { ...known, stepUpChallenge: hasSecondFactor ? null : accessTokens.stepUpChallenge };
  } catch (error) {
    if (error instanceof HolderUnclear) throw new Problem(error.code);
    if (error instanceof KeysUnavailable) {
      const seconds = Math.ceil(error.retryAfterMs / SECOND);
      throw new Problem('identity_unavailable', { headers: { 'Retry-After': String(seconds) } });
    }
    if (!(error instanceof TokenRefused)) throw error;
    request.log.info({ reason: error.reason }, 'an access token was refused');
    throw unauthenticated('Bearer error="invalid_token"');
  }
}

function unauthenticated(challenge: string): Problem {
  return new Problem('unauthenticated', { headers: { 'WWW-Authenticate': challenge } });
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
