import { MINUTE, type Instant } from '../domain/time.js';

/** Writes a moment as ISO 8601 with milliseconds and the offset of a time zone of the IANA list: `2026-11-24T05:20:05.123+03:00`. */
export function zonedTime(instant: Instant, timeZone: string): string {
  const offset = offsetOf(instant, timeZone);
  const minutes = (offset.startsWith('-') ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)));
  return new Date(instant + minutes * MINUTE).toISOString().slice(0, -1) + offset;
}

/** In the domain, the name of every field that holds an instant says so: `at`, `until`, `since`, `expiresAt`, `liveSince`. */
const INSTANT = /^(at|until|since)$|(At|Since)$/;

/** The same value with its instants written as times of a zone, however deep they are. */
export function withZonedTimes(value: unknown, timeZone: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withZonedTimes(item, timeZone));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]: [string, unknown]) => [
      key,
      typeof item === 'number' && INSTANT.test(key) ? zonedTime(item, timeZone) : withZonedTimes(item, timeZone),
    ]),
  );
}

/** One for each time zone of a policy: to make one takes longer than all the rest of an answer. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, made);
  return made;
}

/** `+03:00`; `+00:00` for UTC. */
function offsetOf(instant: Instant, timeZone: string): string {
  const parts = formatOf(timeZone).formatToParts(instant);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name.slice('GMT'.length, 'GMT+00:00'.length) || '+00:00';
}
