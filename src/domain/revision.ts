import type { CaseNumber } from './case-number.js';
import type { AreaPlan } from './area.js';
import type { ChannelName } from './channel.js';
import type { RunKind, Tier } from './policy.js';

/** The pictures and the sheet to print that are made of an alert; each is a part of its revision, `card/<card>`. */
export const CARDS = ['feed', 'square', 'story', 'poster'] as const;
export type CardName = (typeof CARDS)[number];

/** The part of a revision that is the picture of a channel's post. */
export const IMAGE_PARTS = {
  // The photo alone, which a change of the text leaves as it is: the post can then be edited, and keeps its shares.
  facebook: 'facebook/image',
  // A post cannot be edited there, so it loses nothing by a card, of which every revision has another.
  instagram: 'card/feed',
  // The desk is handed every card beside it.
  'meta-partner': 'facebook/image',
} as const satisfies Readonly<Record<ChannelName, string>>;

/** SHA-256 as 64 lower-case hexadecimal digits. */
export type Sha256 = string;

/** One part of a revision, by name, with the hash of its bytes: `facebook/text`, `card/feed`, … */
export interface ManifestPart {
  readonly name: string;
  readonly sha256: Sha256;
}

/** All that a supervisor approves of one revision. Its canonical form is what the digest covers. */
export interface RevisionManifest {
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly area: AreaPlan;
  /** The countries that posts are targeted at, ISO 3166-1 alpha-2: the finest that an organic post can be given. */
  readonly countries: readonly string[];
  readonly parts: readonly ManifestPart[];
  /** Random, so that the digest does not betray a guessed child once the content is erased. */
  readonly salt: string;
}

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * JSON with one form only: object keys sorted, no white space, absent keys left out.
 * Two equal values give the same text, so a hash of it stands for the value.
 */
export function canonicalJson(value: unknown): string {
  return write(value as Json);
}

function write(value: Json): string {
  if (isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value)
      .filter((entry): entry is [string, Json] => entry[1] !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${write(item)}`).join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new TypeError('canonical JSON has no NaN or Infinity');
  return JSON.stringify(value);
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/**
 * The digest of a revision: SHA-256 over the canonical manifest, its parts ordered by name.
 * @param sha256 hashes the UTF-8 bytes of a text; passed in, because the rules run where there is no crypto module
 */
export function revisionDigest(manifest: RevisionManifest, sha256: (text: string) => Sha256): Sha256 {
  const parts = [...manifest.parts].sort((a, b) => (a.name < b.name ? -1 : 1));
  return sha256(canonicalJson({ ...manifest, parts }));
}

/** Whether a text has the form of a SHA-256 digest. */
export function isDigest(text: unknown): text is Sha256 {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}
