import fc from 'fast-check';
import {
  CANCEL_REASONS,
  type Checklist,
  COMMANDS,
  FOUND_OUTCOMES,
  ROLES,
  type SignalCommand,
  SIGNALS,
} from '../../src/domain/command.js';
import { HOUR, type Instant } from '../../src/domain/time.js';
import { ALL_MET, AREA, OTHER_DIGEST, POLICY } from './a-case.js';

/** What somebody who reads a case sees of it, and writes a command by. */
export interface CaseAsSeen {
  readonly now: Instant;
  /** The digest that an approval would name now: of the amendment that waits, or of the newest revision. */
  readonly digestUp: string;
  /** The number that the next stored revision would have. */
  readonly nextRevision: number;
  readonly expiresAt: Instant | null;
}

const digestOf = (revision: number): string => revision.toString(16).padStart(64, '0');

/** A command as people might send it: sound for the case as it is, or off in some way. */
export interface Attempt {
  readonly kind: SignalCommand['kind'];
  readonly commandId: string;
  readonly actor: string;
  readonly role: (typeof ROLES)[number];
  readonly sound: boolean;
  readonly number: number | null;
  readonly pick: number;
}

export const attempt: fc.Arbitrary<Attempt> = fc.record({
  kind: fc.oneof(
    { weight: 3, arbitrary: fc.constant('approve' as const) },
    { weight: 6, arbitrary: fc.constantFrom('amend' as const, 'approveAmendment' as const) },
    { weight: 6, arbitrary: fc.constantFrom(...SIGNALS.filter((kind) => !isEnd(kind))) },
    { weight: 3, arbitrary: fc.constantFrom('confirmPublished' as const, 'confirmRemoved' as const) },
    { weight: 2, arbitrary: fc.constantFrom(...SIGNALS.filter(isEnd)) },
  ),
  commandId: fc.nat(200).map((n) => `c-${n}`),
  actor: fc.constantFrom('operator-1', 'supervisor-1', 'supervisor-2', 'admin-1', 'stranger'),
  role: fc.constantFrom('supervisor' as const, 'supervisor' as const, ...ROLES),
  sound: fc.boolean().chain((odd) => (odd ? fc.boolean() : fc.constant(true))),
  number: fc.constant(null),
  pick: fc.nat(11),
});

/** An approval that holds when it is the first thing that happens. */
export const soundApproval: Attempt = {
  kind: 'approve',
  commandId: 'the-approval',
  actor: 'supervisor-1',
  role: 'supervisor',
  sound: true,
  number: null,
  pick: 0,
};

function isEnd(kind: string): boolean {
  return ['reject', 'withdraw', 'childFound', 'cancel'].includes(kind);
}

/** Writes an attempt out as a command to the case as it stands. */
export function commandFor(life: CaseAsSeen, { kind, sound, pick, role: anyRole, ...rest }: Attempt): SignalCommand {
  // A sound command comes from somebody who may give it.
  const stamp = { ...rest, role: sound ? COMMANDS[kind].roles[0] : anyRole, at: life.now };
  const digest = sound ? life.digestUp : OTHER_DIGEST;
  const number = sound ? life.nextRevision : Math.max(1, life.nextRevision - 1);
  const revision = {
    number,
    digest: digestOf(number),
    area: { radiusKm: 100 + pick, widening: pick % 2 === 0 ? AREA.widening : [] },
    languagesMissing: sound ? [] : (['en'] as const),
  };
  switch (kind) {
    case 'approve':
      return { kind, digest, criteria: sound ? ALL_MET : checklist(pick), ...stamp };
    case 'approveAmendment':
      return { kind, digest, removeFirst: pick % 2 === 1, ...stamp };
    case 'resubmit':
    case 'amend':
      return { kind, revision, ...stamp };
    case 'extend':
      return { kind, until: (life.expiresAt ?? life.now) + (pick - (sound ? 0 : 6)) * HOUR, ...stamp };
    case 'childFound':
      return { kind, outcome: FOUND_OUTCOMES[pick % FOUND_OUTCOMES.length] ?? 'recovered_otherwise', ...stamp };
    case 'cancel':
      return { kind, reason: CANCEL_REASONS[pick % CANCEL_REASONS.length] ?? 'hoax', ...stamp };
    case 'confirmRemoved':
      // Sent by somebody who lies about it only when it is not sound: what then stays up is not the rules' to know.
      return {
        kind,
        channel: pick % 2 === 0 ? 'facebook' : 'instagram',
        ...stamp,
        ...(sound ? {} : { role: 'auditor' }),
      };
    case 'confirmPublished':
      return {
        kind,
        channel: pick % 2 === 0 ? 'facebook' : 'instagram',
        postId: null,
        ...stamp,
        ...(sound ? {} : { role: 'auditor' }),
      };
    default:
      return { kind, ...stamp };
  }
}

function checklist(pick: number): Checklist {
  const [first = ''] = POLICY.criteria;
  return (
    [
      { met: [], explained: [] },
      { met: [first], explained: [] },
      { met: POLICY.criteria, explained: [first] },
      { met: [first], explained: POLICY.criteria.slice(1) },
      { met: [...POLICY.criteria, 'unheard_of'], explained: [] },
    ][pick % 5] ?? ALL_MET
  );
}
