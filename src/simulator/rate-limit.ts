import { GraphError } from './graph-error.js';

const WINDOW_MINUTES = 60;

/** Whose calls are counted. */
export interface RatedAccount {
  readonly channel: 'facebook' | 'instagram';
  readonly id: string;
}

/**
 * How many calls an account has had within the last hour. A refused call counts too, so calling while throttled prolongs it.
 * Minutes are those of the clock: what was called within one is forgotten together.
 */
export class RateLimit {
  readonly #calls: Record<RatedAccount['channel'], Map<number, number>> = { facebook: new Map(), instagram: new Map() };

  /** @param callsPerHour what either account may be called */
  constructor(private readonly callsPerHour: number) {}

  /**
   * Counts one call.
   * @param now in milliseconds since 1970
   * @returns false when it is over the limit
   */
  allows({ channel }: RatedAccount, now: number): boolean {
    const calls = this.#calls[channel];
    const minute = minuteOf(now);
    calls.set(minute, (calls.get(minute) ?? 0) + 1);
    for (const old of calls.keys()) if (old <= minute - WINDOW_MINUTES) calls.delete(old);
    return this.#used(channel) <= this.callsPerHour;
  }

  /**
   * The headers that tell how much is used, in per cent, and when calls are taken again.
   * @param waitMinutes what they say instead when a fault throttles
   */
  headers({ channel, id }: RatedAccount, now: number, waitMinutes?: number): Record<string, string> {
    const throttled = waitMinutes !== undefined;
    const used = this.#used('facebook') + this.#used('instagram');
    const app = usage(throttled ? 1 : used / (2 * this.callsPerHour));
    const account = {
      type: channel === 'facebook' ? 'pages' : 'instagram',
      ...usage(throttled ? 1 : this.#used(channel) / this.callsPerHour),
      estimated_time_to_regain_access: waitMinutes ?? this.#minutesToWait(channel, minuteOf(now)),
    };
    return {
      'x-app-usage': JSON.stringify(app),
      'x-business-use-case-usage': JSON.stringify({ [id]: [account] }),
    };
  }

  #used(channel: RatedAccount['channel']): number {
    return [...this.#calls[channel].values()].reduce((sum, calls) => sum + calls, 0);
  }

  #minutesToWait(channel: RatedAccount['channel'], minute: number): number {
    let left = this.#used(channel);
    if (left <= this.callsPerHour) return 0;
    for (const [then, calls] of this.#calls[channel]) {
      left -= calls;
      if (left < this.callsPerHour) return then + WINDOW_MINUTES - minute;
    }
    return WINDOW_MINUTES;
  }
}

/** What an account over its limit is refused with. */
export function rateLimited({ channel }: RatedAccount): GraphError {
  return GraphError.of(channel === 'facebook' ? 'pageCallsLimit' : 'instagramCallsLimit');
}

function usage(share: number): object {
  const percent = Math.min(100, Math.floor(share * 100));
  return { call_count: percent, total_cputime: Math.min(25, percent), total_time: Math.min(25, percent) };
}

function minuteOf(now: number): number {
  return Math.floor(now / 60_000);
}
