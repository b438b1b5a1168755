/** A moment, as milliseconds since 1970-01-01T00:00Z. All arithmetic of the domain is done on instants. */
export type Instant = number;

/** A length of time in milliseconds. */
export type Milliseconds = number;

export const SECOND: Milliseconds = 1_000;
export const MINUTE: Milliseconds = 60 * SECOND;
export const HOUR: Milliseconds = 60 * MINUTE;

/** A moment as somebody wrote it down: the instant, and the offset of the clock they read, in minutes east of UTC. */
export interface ZonedTime {
  readonly instant: Instant;
  readonly offsetMinutes: number;
}

const ZONED = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|([+-])(\d{2}):(\d{2}))$/;

/**
 * Reads an ISO 8601 date-time that says its zone (`2026-11-24T05:20:05+03:00` or `…Z`), seconds optional.
 * Returns undefined for anything else: a time without a zone, a day that does not exist, an offset over 14 hours.
 */
export function parseZonedTime(text: string): ZonedTime | undefined {
  const match = ZONED.exec(text);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second = '0', fraction = '', , sign, offsetHour = '0', offsetMinute = '0'] =
    match;
  const offsetMinutes = (sign === '-' ? -1 : 1) * (Number(offsetHour) * 60 + Number(offsetMinute));
  if (Math.abs(offsetMinutes) > 14 * 60 || Number(offsetMinute) > 59) return undefined;
  const parts = [Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second)] as const;
  const wallClock = Date.UTC(parts[0], parts[1] - 1, parts[2], parts[3], parts[4], parts[5]);
  // Date.UTC rolls 30 February over into March: a date that does not come back as it was written does not exist.
  const back = new Date(wallClock);
  const exists =
    back.getUTCFullYear() === parts[0] &&
    back.getUTCMonth() === parts[1] - 1 &&
    back.getUTCDate() === parts[2] &&
    back.getUTCHours() === parts[3] &&
    back.getUTCMinutes() === parts[4] &&
    back.getUTCSeconds() === parts[5];
  if (!exists) return undefined;
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0'));
  return { instant: wallClock + milliseconds - offsetMinutes * MINUTE, offsetMinutes };
}

/** Writes a moment with its numeric offset and no fraction, as CAP wants it: `2026-11-24T05:20:05+03:00`. */
export function formatZonedTime({ instant, offsetMinutes }: ZonedTime): string {
  const wallClock = new Date(instant + offsetMinutes * MINUTE).toISOString().slice(0, 19);
  const sign = offsetMinutes > 0 ? '+' : '-'; // CAP writes UTC as -00:00
  const size = Math.abs(offsetMinutes);
  const two = (n: number): string => String(n).padStart(2, '0');
  return `${wallClock}${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

const DURATION = /^(\d+)(s|m|h|d)$/;
const UNIT: Record<string, Milliseconds> = { s: SECOND, m: MINUTE, h: HOUR, d: 24 * HOUR };

/** Reads a duration as a policy writes it, `90s`, `3m`, `24h` or `30d`; undefined for anything else. */
export function parseDuration(text: string): Milliseconds | undefined {
  const match = DURATION.exec(text);
  const unit = UNIT[match?.[2] ?? ''];
  return match && unit !== undefined ? Number(match[1]) * unit : undefined;
}
