import type { HoldWords } from '../channels/hold-words.js';
import type { Hold, Reach } from '../domain/publication.js';
import type { CaseAnswer } from './staff-client.js';

type Entry = CaseAnswer['timeline'][number];

/** The fields of an event that tell a reader something; each is shown as it is when it is there. */
const TOLD = ['command', 'channel', 'outcome', 'reason', 'code', 'postId', 'objectId', 'people'];

/** A line for an entry of a case's timeline: when, what and by whom; and a second one for what holds a channel up, and what to do. */
export function timelineLine({ seq, at, type, fields }: Entry): string {
  const time = /T(.{12})/.exec(at)?.[1] ?? at;
  const what = type.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  const step = fields.step as { kind?: string } | undefined;
  const hold = fields.hold as Partial<Hold & HoldWords> | undefined;
  const reach = fields.reach as Partial<Reach> | undefined;
  const who = fields.actor ?? fields.by;
  const told = [
    ...shown(step?.kind),
    ...TOLD.flatMap((name) => shown(fields[name])),
    ...shown(hold?.code),
    ...askedAndDelivered(reach),
    ...(hold?.commentsClosed ? ['comments closed'] : []),
    ...(hold?.newestWaits ? ['the newest revision waits'] : []),
  ];
  const by = typeof who === 'string' ? ` by ${who}` : '';
  const line = `${String(seq).padStart(4)}  ${time}  ${what.padEnd(18)} ${told.join(', ')}${by}`.trimEnd();
  return hold?.means && hold.next ? `${line}\n${' '.repeat(20)}${hold.means.en} ${hold.next.en}` : line;
}

/** A public API delivers countries at best, and Instagram everybody; the partner desk a true radius. */
function askedAndDelivered(reach: Partial<Reach> | undefined): string[] {
  const { askedRadiusKm, deliveredCountries, deliveredRadiusKm } = reach ?? {};
  if (askedRadiusKm === undefined || deliveredCountries === undefined) return [];
  const countries = deliveredCountries.length === 0 ? 'everywhere' : deliveredCountries.join(' and ');
  return [
    `asked ${askedRadiusKm} km, delivered ${deliveredRadiusKm === undefined ? countries : `${deliveredRadiusKm} km`}`,
  ];
}

function shown(value: unknown): string[] {
  if (Array.isArray(value)) return [value.join(' and ')];
  return typeof value === 'string' ? [value] : [];
}
