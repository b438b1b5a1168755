import type { Role } from '../domain/command.js';
import type { Milliseconds } from '../domain/time.js';

/** Whose access tokens the staff API takes, and what their claims mean. */
export interface OidcSettings {
  /** As the provider writes it in `iss`, to the letter. */
  readonly issuer: string;
  /** What `aud` has to name. */
  readonly audience: string;
  readonly claims: {
    readonly staffId: string;
    readonly role: string;
    readonly jurisdictions: string;
  };
  /** What each value of the role's claim stands for. */
  readonly roles: ReadonlyMap<string, Role>;
  /** What counts as a log-in with a second factor: one of these levels or methods, not longer ago than `maxAgeMs`. */
  readonly secondFactor: {
    readonly acr: readonly string[];
    readonly amr: readonly string[];
    readonly maxAgeMs: Milliseconds;
  };
}

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** Whether nobody between us and an address can answer in its place: it is `https`, or on this machine. */
export function isUnforgeable(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && LOOPBACK.has(hostname));
}

/** Where a provider describes itself (OpenID Connect Discovery 1.0). */
export function discoveryUrlOf(issuer: string): string {
  return `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
}
