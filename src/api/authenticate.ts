import { createHash, timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler } from 'express';
import { Problem } from './problem.js';
import type { StaffEntry, StaffMember } from './staff-file.js';

const callers = new WeakMap<Request, StaffMember>();
const BEARER = /^bearer +(\S+)$/i;

/**
 * Lets nobody past without a bearer token of the staff file, and remembers who they are.
 * Every token is compared, each in constant time, so that the time of an answer tells nothing about any of them.
 */
export function authenticate(staff: readonly StaffEntry[]): RequestHandler {
  const known = staff.map(({ token, ...member }) => ({ hash: sha256(token), member }));
  return (request, _response, next) => {
    const token = BEARER.exec(request.get('authorization') ?? '')?.[1];
    if (token === undefined) throw unauthenticated('Bearer');
    const hash = sha256(token);
    let caller: StaffMember | undefined;
    for (const entry of known) if (timingSafeEqual(entry.hash, hash)) caller = entry.member;
    if (!caller) throw unauthenticated('Bearer error="invalid_token"');
    callers.set(request, caller);
    next();
  };
}

/**
 * Who sent a request.
 * @throws Problem `unauthenticated` when nobody was let in: a route that was mounted in front of `authenticate` stays shut
 */
export function callerOf(request: Request): StaffMember {
  const caller = callers.get(request);
  if (!caller) throw unauthenticated('Bearer');
  return caller;
}

function unauthenticated(challenge: string): Problem {
  return new Problem('unauthenticated', { headers: { 'WWW-Authenticate': challenge } });
}

function sha256(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
