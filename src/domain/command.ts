import { type Instant, parseZonedTime } from './time.js';
import { isDigest, type Sha256 } from './revision.js';

export const ROLES = ['operator', 'supervisor', 'administrator', 'auditor'] as const;
export type Role = (typeof ROLES)[number];

/**
 * The table of commands: what people may ask of a case, and which roles may ask it. Every command but `report`, which starts
 * the case, is a signal of its own name; `test/unit/domain` walks this table, and the API's routes are made from it.
 */
export const COMMANDS = {
  report: { roles: ['operator'] },
  approve: { roles: ['supervisor'] },
  reject: { roles: ['supervisor'] },
  childFound: { roles: ['operator', 'supervisor'] },
  cancel: { roles: ['supervisor'] },
  acknowledge: { roles: ['operator', 'supervisor', 'administrator'] },
} as const satisfies Record<string, { roles: readonly Role[] }>;

export type CommandKind = keyof typeof COMMANDS;
export type SignalName = Exclude<CommandKind, 'report'>;

/** The names of the signals a case listens to. */
export const SIGNALS = (Object.keys(COMMANDS) as CommandKind[]).filter((kind): kind is SignalName => kind !== 'report');

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

export type SignalCommand =
  | (Stamp & { readonly kind: 'approve'; readonly digest: Sha256 })
  | (Stamp & { readonly kind: 'reject' })
  | (Stamp & { readonly kind: 'childFound'; readonly outcome: FoundOutcome })
  | (Stamp & { readonly kind: 'cancel'; readonly reason: CancelReason })
  | (Stamp & { readonly kind: 'acknowledge' });

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
  readonly outcome?: FoundOutcome;
  readonly reason?: CancelReason;
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

/** Whether a text may be a staff id: short, without spaces, so that nobody's full name gets where ids go. */
export function isStaffId(value: unknown): value is string {
  return typeof value === 'string' && STAFF_ID.test(value);
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
  const malformed = (problem: string): Malformed => ({ kind: 'malformed', signal, problem });
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return malformed('not_an_envelope');
  const envelope = payload as Readonly<Record<string, unknown>>;
  const { actor, role, commandId = assigned.commandId, number = null, at, noteDigest, signature } = envelope;
  if (!isStaffId(actor)) return malformed('actor');
  if (!isOneOf(ROLES, role)) return malformed('role');
  if (typeof commandId !== 'string' || !COMMAND_ID.test(commandId)) return malformed('commandId');
  if (number !== null && !(typeof number === 'number' && Number.isSafeInteger(number) && number > 0))
    return malformed('number');
  const time = at === undefined ? assigned.now : typeof at === 'string' ? parseZonedTime(at)?.instant : undefined;
  if (time === undefined) return malformed('at');
  if (noteDigest !== undefined && !isDigest(noteDigest)) return malformed('noteDigest');
  if (signature !== undefined && typeof signature !== 'string') return malformed('signature');
  const stamp: Stamp = {
    commandId,
    number,
    actor,
    role,
    at: time,
    ...(noteDigest === undefined ? {} : { noteDigest }),
    ...(signature === undefined ? {} : { signature }),
  };
  switch (signal) {
    case 'approve':
      return isDigest(envelope.digest) ? { ...stamp, kind: signal, digest: envelope.digest } : malformed('digest');
    case 'childFound':
      return isOneOf(FOUND_OUTCOMES, envelope.outcome)
        ? { ...stamp, kind: signal, outcome: envelope.outcome }
        : malformed('outcome');
    case 'cancel':
      return isOneOf(CANCEL_REASONS, envelope.reason)
        ? { ...stamp, kind: signal, reason: envelope.reason }
        : malformed('reason');
    case 'reject':
    case 'acknowledge':
      return { ...stamp, kind: signal };
  }
}

function isOneOf<T extends string>(values: readonly T[], value: unknown): value is T {
  return (values as readonly unknown[]).includes(value);
}
