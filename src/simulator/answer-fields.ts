import { invalidParameter } from './graph-error.js';
import type { GraphCall } from './simulation.js';

const DEFAULT_LIMIT = 25;
const MAX_LIMIT = 100;

/** The fields an object can show, by name. An undefined one exists but is empty, and Graph leaves it out. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * The fields asked for by `fields`, else the usual ones; always with the id if there is one. What is inside a field cannot be chosen:
 * `attachments{media}` gives all of `attachments`.
 */
export function chosenFields(call: GraphCall, node: string, fields: Fields, usual: readonly string[]): object {
  const asked = call.parameters.text('fields');
  const names = asked === undefined || asked === '' ? usual : topLevelNames(asked);
  for (const name of names) {
    if (!Object.hasOwn(fields, name)) {
      throw invalidParameter(`Tried accessing nonexisting field (${name}) on node type (${node})`);
    }
  }
  return Object.fromEntries([...names, 'id'].map((name) => [name, fields[name]]));
}

/**
 * One page of a list, `limit` long, beginning after the cursor `after`.
 * @param newestFirst all of the list
 * @param position of an item in time; the cursor holds it, so a page begins rightly when its neighbour was deleted
 */
export function page<T>(
  call: GraphCall,
  newestFirst: readonly T[],
  position: (item: T) => number,
  show: (item: T) => object,
): object {
  const limit = limitOf(call);
  const after = call.parameters.text('after');
  const before = after === undefined ? Infinity : positionOf(after);
  const rest = newestFirst.filter((item) => position(item) < before);
  const shown = rest.slice(0, limit);
  const first = shown[0];
  const last = shown.at(-1);
  if (first === undefined || last === undefined) return { data: [] };
  const cursors = { before: cursorOf(position(first)), after: cursorOf(position(last)) };
  return {
    data: shown.map(show),
    paging: { cursors, ...(rest.length > limit ? { next: nextPage(call, limit, cursors.after) } : {}) },
  };
}

/** Graph's form of a time: `2026-11-24T05:20:05+0000`. */
export function graphTime(at: string): string {
  return at.replace(/\.\d+Z$/, '+0000');
}

function topLevelNames(fields: string): string[] {
  let flat = fields;
  let outer: string;
  do {
    outer = flat;
    flat = outer.replace(/\{[^{}]*\}/g, '');
  } while (flat !== outer);
  return flat
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function limitOf(call: GraphCall): number {
  const asked = call.parameters.text('limit');
  if (asked === undefined) return DEFAULT_LIMIT;
  const limit = Number(asked);
  if (!Number.isInteger(limit) || limit < 1) throw invalidParameter('Param limit must be a positive integer');
  return Math.min(limit, MAX_LIMIT);
}

function cursorOf(position: number): string {
  return Buffer.from(String(position)).toString('base64url');
}

function positionOf(cursor: string): number {
  const position = Number(Buffer.from(cursor, 'base64url').toString());
  if (!Number.isInteger(position) || position < 1) throw invalidParameter('Invalid cursor');
  return position;
}

function nextPage(call: GraphCall, limit: number, after: string): string {
  const query = new URLSearchParams({ limit: String(limit), after });
  // A caller that sends its token as a parameter, as Meta's own SDK does, follows `next` as it is.
  for (const name of ['fields', 'is_published', 'access_token']) {
    const value = call.parameters.text(name);
    if (value !== undefined) query.set(name, value);
  }
  return `${call.origin}${call.path}?${query.toString()}`;
}
