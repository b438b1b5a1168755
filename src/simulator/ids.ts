import { randomBytes, randomInt } from 'node:crypto';

/** An id of digits as Meta's are, never 0 in front. `taken` says whether it is in use already. */
export function newId(prefix: string, taken: (id: string) => boolean): string {
  for (;;) {
    const id = prefix + String(randomInt(10 ** 12)).padStart(12, '0');
    if (!taken(id)) return id;
  }
}

/** An access token that looks like one of Meta's and opens nothing anywhere. */
export function newAccessToken(): string {
  return `SIMULATED${randomBytes(30).toString('base64url')}`;
}

/** The id of one HTTP call, in the form of Graph's `fbtrace_id`. */
export function newCallId(): string {
  return `A${randomBytes(16).toString('base64url')}`;
}
