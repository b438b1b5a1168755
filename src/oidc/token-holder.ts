import type { JWTPayload } from 'jose';
import { isStaffId, type Role } from '../domain/command.js';
import type { Scope } from '../domain/scope.js';
import { type Instant, SECOND } from '../domain/time.js';
import type { OidcSettings } from './settings.js';

/** Who holds an access token, as its claims say. */
export interface TokenHolder {
  readonly id: string;
  readonly role: Role;
  readonly jurisdictions: Scope;
  /** Whether they logged in with a second factor, and not too long ago. */
  readonly hasSecondFactor: boolean;
}

/** A token is genuine, but does not say who its holder is here. */
export class HolderUnclear extends Error {
  override readonly name = 'HolderUnclear';

  constructor(readonly code: 'staff_id_unusable' | 'role_unclear') {
    super(code);
  }
}

/** Beside names, which are the policy's: all of them. */
const ALL = 'all';

/**
 * Who holds a token.
 * @param claims of a token that was verified
 * @throws HolderUnclear when they have no staff id, or not exactly one role: a choice between several would be ours, and not the provider's
 */
export function holderOf(claims: JWTPayload, settings: OidcSettings, now: Instant): TokenHolder {
  const id = claimOf(claims, settings.claims.staffId);
  if (!isStaffId(id)) throw new HolderUnclear('staff_id_unusable');
  const roles = new Set(textsOf(claimOf(claims, settings.claims.role)).flatMap((v) => settings.roles.get(v) ?? []));
  const [role] = roles;
  if (role === undefined || roles.size > 1) throw new HolderUnclear('role_unclear');
  const jurisdictions = textsOf(claimOf(claims, settings.claims.jurisdictions));
  return {
    id,
    role,
    jurisdictions: jurisdictions.includes(ALL) ? ALL : jurisdictions,
    hasSecondFactor: hasSecondFactor(claims, settings.secondFactor, now),
  };
}

/**
 * A claim by its name, `roles`, or by its path, `realm_access.roles`. The name goes before the path, since names may be URLs.
 */
function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  let at: unknown = claims;
  for (const step of name.split('.')) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return undefined;
    at = (at as Record<string, unknown>)[step];
  }
  return at;
}

/** Providers write a single value as a text, and several as a list. */
function textsOf(claim: unknown): string[] {
  const values: unknown[] = Array.isArray(claim) ? claim : [claim];
  return values.filter((value) => typeof value === 'string');
}

function hasSecondFactor(
  { acr, amr, auth_time: authTime }: JWTPayload,
  accepted: OidcSettings['secondFactor'],
  now: Instant,
): boolean {
  const strong =
    (typeof acr === 'string' && accepted.acr.includes(acr)) ||
    textsOf(amr).some((method) => accepted.amr.includes(method));
  if (!strong || authTime === undefined) return strong;
  return typeof authTime === 'number' && now - authTime * SECOND <= accepted.maxAgeMs;
}
