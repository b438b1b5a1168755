import { decodeJwt, errors, jwtVerify, type JWTPayload } from 'jose';
import type { Logger } from 'pino';
import { type Instant, SECOND } from '../domain/time.js';
import { type KeyTimes, providerKeys } from './provider-keys.js';
import { discoveryUrlOf, type OidcSettings } from './settings.js';
import { holderOf, type TokenHolder } from './token-holder.js';

/** Signed by what only the provider has. With `HS…` its public key, which everybody knows, could be made to serve as the secret. */
const ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
];
/** Of an access token (RFC 9068), or of none in particular. The rest are log-out tokens, proofs and the like. */
const TYPES = new Set(['at+jwt', 'application/at+jwt', 'jwt']);
/** How far the clocks of two machines that are kept on time may be apart. */
const CLOCK_SKEW_S = 30;

/** A token is not one that the provider made for us, or not now. */
export class TokenRefused extends Error {
  override readonly name = 'TokenRefused';

  /** @param reason for the log; holds nothing of the token */
  constructor(readonly reason: string) {
    super(reason);
  }
}

/** The access tokens of a provider. */
export interface AccessTokens {
  /** Where the provider describes itself. */
  readonly discoveryUrl: string;
  /** What a client is asked for whose token shows no second factor (RFC 9470), as `WWW-Authenticate`. */
  readonly stepUpChallenge: string;
  /**
   * Who holds a token, and until when.
   * @throws TokenRefused, HolderUnclear, KeysUnavailable
   */
  read(token: string): Promise<TokenHolder & { readonly expiresAt: Instant }>;
  /** Gets the provider's keys before somebody needs them; that they cannot be had is logged, and nothing else comes of it. */
  prepare(): void;
}

/** Takes bearer tokens that are signed JWTs of the provider, in the form of RFC 9068 or plain. */
export function createAccessTokens(settings: OidcSettings, logger: Logger, times?: KeyTimes): AccessTokens {
  const keys = providerKeys(settings.issuer, logger, times);
  return {
    discoveryUrl: discoveryUrlOf(settings.issuer),
    stepUpChallenge: stepUpChallenge(settings.secondFactor),
    async read(token) {
      const claims = await verified(token, settings, keys.keyOf);
      const holder = holderOf(claims, settings, Date.now());
      return { ...holder, expiresAt: ((claims.exp ?? 0) + CLOCK_SKEW_S) * SECOND };
    },
    prepare() {
      keys.read().catch(() => undefined);
    },
  };
}

async function verified(
  token: string,
  { issuer, audience }: OidcSettings,
  keyOf: ReturnType<typeof providerKeys>['keyOf'],
): Promise<JWTPayload> {
  try {
    // Before any key is looked for: what somebody else issued is refused even while the provider is away.
    if (decodeJwt(token).iss !== issuer) throw new TokenRefused('issuer');
    const { payload, protectedHeader } = await jwtVerify(token, keyOf, {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: CLOCK_SKEW_S,
      requiredClaims: ['exp'],
    });
    if (!TYPES.has((protectedHeader.typ ?? 'jwt').toLowerCase())) throw new TokenRefused('typ');
    // Bound to a key that its bearer has to prove the possession of, which is not asked for here.
    if (payload.cnf !== undefined) throw new TokenRefused('cnf');
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTClaimValidationFailed) throw new TokenRefused(`${error.code} ${error.claim}`);
    if (error instanceof errors.JOSEError) throw new TokenRefused(error.code);
    throw error;
  }
}

function stepUpChallenge({ acr, maxAgeMs }: OidcSettings['secondFactor']): string {
  return [
    'Bearer error="insufficient_user_authentication"',
    'error_description="a log-in with a second factor is needed"',
    ...(acr.length > 0 ? [`acr_values="${acr.join(' ')}"`] : []),
    `max_age="${maxAgeMs / SECOND}"`,
  ].join(', ');
}
