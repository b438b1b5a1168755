import { type AreaSteps, areaStepsProblems } from './area.js';
import { type Language, LANGUAGES } from './report.js';
import { CHANNELS, type ChannelName } from './channel.js';
import { type CommandKind, COMMANDS, type Role, ROLES } from './permissions.js';
import { isDigest, type Sha256 } from './revision.js';
import { type Instant, parseZonedTime } from './time.js';

export { type CommandKind, COMMANDS, type Role, ROLES, STAFF_ROLES } from './permissions.js';

/** The commands that start a case. */
export type OpeningKind = 'report' | 'reissue';
export type SignalName = Exclude<CommandKind, OpeningKind>;

/** The names of the signals a case listens to. */
export const SIGNALS = (Object.keys(COMMANDS) as CommandKind[]).filter(
  (kind): kind is SignalName => kind !== 'report' && kind !== 'reissue',
);

export const FOUND_OUTCOMES = ['recovered_through_alert', 'recovered_otherwise'] as const;
export type FoundOutcome = (typeof FOUND_OUTCOMES)[number];

export const CANCEL_REASONS = ['issued_in_error', 'hoax', 'unfounded'] as const;
export type CancelReason = (typeof CANCEL_REASONS)[number];

/** Who asked what, when, and where it came from: the same for every command. */
export interface Stamp {
  readonly commandId: string;
  /** Its place among the stored commands of the case; null when it did not come through the API. */
  readonly number: number | null;
  /** A staff id, never a name. */
  readonly actor: string;
  readonly role: Role;
  readonly at: Instant;
  /** The digest of the free text that came with it and stays in PostgreSQL. */
  readonly noteDigest?: Sha256;
  /** The API's signature over the command; verified where the power to publish is. */
  readonly signature?: string;
}

/** A stored revision as a command names it; its author is who sends the command. */
export interface DraftRevision {
  readonly number: number;
  readonly digest: Sha256;
  readonly area: AreaSteps;
  readonly languagesMissing: readonly Language[];
}

/** How a supervisor answered the checklist, by criterion: met, or not met and explained in the note. */
export interface Checklist {
  readonly met: readonly string[];
  readonly explained: readonly string[];
}

/** What the commands say besides who sent them. */
interface Contents {
  approve: { readonly digest: Sha256; readonly criteria: Checklist };
  reject: unknown;
  return: unknown;
  resubmit: { readonly revision: DraftRevision };
  withdraw: unknown;
  amend: { readonly revision: DraftRevision };
  /** `removeFirst`: what is public shows the wrong child or photo, and must be gone before anything else is published. */
  approveAmendment: { readonly digest: Sha256; readonly removeFirst: boolean };
  rejectAmendment: unknown;
  widen: unknown;
  extend: { readonly until: Instant };
  reportSighting: unknown;
  childFound: { readonly outcome: FoundOutcome };
  cancel: { readonly reason: CancelReason };
  acknowledge: unknown;
  /** The id that the channel gave a post which was made by hand, where it is known: such a post can be removed without a person. */
  confirmPublished: {
    readonly channel: ChannelName;
    readonly postId: string | null;
    /** What was seen, where it is not simply whatever is wanted. */
    readonly digest?: Sha256;
  };
  /** Of one revision, or of all that is not wanted. */
  confirmRemoved: { readonly channel: ChannelName; readonly ofRevision?: number };
}

export type SignalCommand = { [K in SignalName]: Stamp & { readonly kind: K } & Contents[K] }[SignalName];

/**
 * A signal's one argument, as it travels: plain JSON, times as ISO 8601 with their zone. Only `actor`, `role` and what the kind
 * needs are required, so that a person can write one by hand in the Temporal UI or CLI.
 */
export interface Envelope {
  readonly actor: string;
  readonly role: Role;
  readonly commandId?: string;
  readonly number?: number;
  readonly at?: string;
  readonly noteDigest?: Sha256;
  readonly signature?: string;
  readonly digest?: Sha256;
  readonly criteria?: Partial<Checklist>;
  readonly removeFirst?: boolean;
  readonly revision?: DraftRevision;
  readonly until?: string;
  readonly outcome?: FoundOutcome;
  readonly reason?: CancelReason;
  readonly channel?: ChannelName;
  readonly postId?: string;
  readonly ofRevision?: number;
}

/** What a signal that is no command says of itself; it is refused, recorded, and harms nothing. */
export interface Malformed {
  readonly kind: 'malformed';
  readonly signal: SignalName;
  /** The stable name of the first thing wrong with it; never text from the payload. */
  readonly problem: string;
}

const STAFF_ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const COMMAND_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const CRITERION = /^[a-z][a-z0-9_]{0,63}$/;
/** The form of the id of a post on a channel, as Meta writes them. */
export const POST_ID = /^[0-9]{1,40}(_[0-9]{1,40})?$/;

/** Whether a text may be a staff id: short, without spaces, so that nobody's full name gets where ids go. */
export function isStaffId(value: unknown): value is string {
  return typeof value === 'string' && STAFF_ID.test(value);
}

/** Whether a text may name a criterion. */
export function isCriterion(value: unknown): value is string {
  return typeof value === 'string' && CRITERION.test(value);
}

function isPostId(value: unknown): value is string {
  return typeof value === 'string' && POST_ID.test(value);
}

type Fields = Readonly<Record<string, unknown>>;

/** Ends the reading of a signal, with the name of what is wrong. */
class Unreadable extends Error {
  constructor(readonly problem: string) {
    super(problem);
  }
}

/**
 * Reads whatever arrived under a signal's name.
 * @param payload anything at all: the signal may come from any hand, and a payload that did not decode arrives as a marked value
 * @param assigned what an envelope written by hand may leave out: a fresh command id, and the time of arrival
 */
export function parseSignal(
  signal: SignalName,
  payload: unknown,
  assigned: { commandId: string; now: Instant },
): SignalCommand | Malformed {
  try {
    if (!isRecord(payload)) throw new Unreadable('not_an_envelope');
    const contents = READERS[signal](payload);
    return { ...stampOf(payload, assigned), kind: signal, ...(contents as object) } as SignalCommand;
  } catch (error) {
    if (error instanceof Unreadable) return { kind: 'malformed', signal, problem: error.problem };
    throw error;
  }
}

const READERS: { readonly [K in SignalName]: (fields: Fields) => Contents[K] } = {
  approve: ({ digest, criteria }) => ({ digest: readDigest(digest), criteria: readChecklist(criteria) }),
  reject: () => ({}),
  return: () => ({}),
  resubmit: ({ revision }) => ({ revision: readRevision(revision) }),
  withdraw: () => ({}),
  amend: ({ revision }) => ({ revision: readRevision(revision) }),
  approveAmendment: ({ digest, removeFirst = false }) => {
    if (typeof removeFirst !== 'boolean') throw new Unreadable('removeFirst');
    return { digest: readDigest(digest), removeFirst };
  },
  rejectAmendment: () => ({}),
  widen: () => ({}),
  extend: ({ until }) => ({ until: readTime(until, 'until') }),
  reportSighting: () => ({}),
  childFound: ({ outcome }) => ({ outcome: readOneOf(FOUND_OUTCOMES, outcome, 'outcome') }),
  cancel: ({ reason }) => ({ reason: readOneOf(CANCEL_REASONS, reason, 'reason') }),
  acknowledge: () => ({}),
  confirmPublished: ({ channel, postId = null, digest }) => {
    if (postId !== null && !isPostId(postId)) throw new Unreadable('postId');
    if (digest !== undefined && !isDigest(digest)) throw new Unreadable('digest');
    return { channel: readOneOf(CHANNELS, channel, 'channel'), postId, ...(digest === undefined ? {} : { digest }) };
  },
  confirmRemoved: ({ channel, ofRevision }) => {
    if (ofRevision !== undefined && !isCount(ofRevision)) throw new Unreadable('ofRevision');
    return { channel: readOneOf(CHANNELS, channel, 'channel'), ...(ofRevision === undefined ? {} : { ofRevision }) };
  },
};

function stampOf(envelope: Fields, assigned: { commandId: string; now: Instant }): Stamp {
  const { actor, role, commandId = assigned.commandId, number = null, at, noteDigest, signature } = envelope;
  if (!isStaffId(actor)) throw new Unreadable('actor');
  if (typeof commandId !== 'string' || !COMMAND_ID.test(commandId)) throw new Unreadable('commandId');
  if (number !== null && !isCount(number)) throw new Unreadable('number');
  if (noteDigest !== undefined && !isDigest(noteDigest)) throw new Unreadable('noteDigest');
  if (signature !== undefined && typeof signature !== 'string') throw new Unreadable('signature');
  return {
    commandId,
    number,
    actor,
    role: readOneOf(ROLES, role, 'role'),
    // Ladders count from it: one in the future would keep them silent.
    at: at === undefined ? assigned.now : Math.min(readTime(at, 'at'), assigned.now),
    ...(noteDigest === undefined ? {} : { noteDigest }),
    ...(signature === undefined ? {} : { signature }),
  };
}

function readDigest(value: unknown): Sha256 {
  if (!isDigest(value)) throw new Unreadable('digest');
  return value;
}

function readTime(value: unknown, name: string): Instant {
  const time = typeof value === 'string' ? parseZonedTime(value) : undefined;
  if (!time) throw new Unreadable(name);
  return time.instant;
}

function readOneOf<T extends string>(values: readonly T[], value: unknown, name: string): T {
  const found = values.find((known) => known === value);
  if (found === undefined) throw new Unreadable(name);
  return found;
}

function readChecklist(value: unknown): Checklist {
  if (value === undefined) return { met: [], explained: [] };
  if (!isRecord(value)) throw new Unreadable('criteria');
  const { met = [], explained = [] } = value;
  if (!isListOf(met, isCriterion) || !isListOf(explained, isCriterion)) throw new Unreadable('criteria');
  return { met, explained };
}

function readRevision(value: unknown): DraftRevision {
  if (!isRecord(value)) throw new Unreadable('revision');
  const { number, digest, area, languagesMissing } = value;
  if (!isCount(number)) throw new Unreadable('revision.number');
  if (!isDigest(digest)) throw new Unreadable('revision.digest');
  const isLanguage = (item: unknown): item is Language => LANGUAGES.some((language) => language === item);
  if (!isListOf(languagesMissing, isLanguage)) throw new Unreadable('revision.languagesMissing');
  return { number, digest, area: readArea(area), languagesMissing };
}

function readArea(value: unknown): AreaSteps {
  if (!isRecord(value) || typeof value.radiusKm !== 'number') throw new Unreadable('revision.area');
  if (!isListOf(value.widening, isWidening)) throw new Unreadable('revision.area');
  // Only these: a place has no business in a signal.
  const area = {
    radiusKm: value.radiusKm,
    widening: value.widening.map(({ afterMs, radiusKm }) => ({ afterMs, radiusKm })),
  };
  if (areaStepsProblems(area).length > 0) throw new Unreadable('revision.area');
  return area;
}

function isWidening(value: unknown): value is { afterMs: number; radiusKm: number } {
  return isRecord(value) && typeof value.afterMs === 'number' && typeof value.radiusKm === 'number';
}

function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isListOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}
