import type { CaseState, RevisionRef } from './case.js';
import { isUnpublished } from './case.js';
import type { Checklist, DraftRevision, SignalCommand } from './command.js';
import type { CaseEvent } from './event.js';
import { type Refusal, refuse } from './refusal.js';
import type { Instant } from './time.js';

type Decision = Extract<SignalCommand, { kind: 'approve' | 'reject' | 'return' | 'resubmit' | 'withdraw' }>;

/** What becomes of a report before anything of it is public. */
export function decideBeforeApproval(state: CaseState, command: Decision, now: Instant): CaseEvent[] | Refusal {
  const { status, revision, policy } = state;
  const by = command.actor;
  if (!isUnpublished(status)) {
    return refuse(
      command.kind === 'resubmit' || command.kind === 'withdraw' ? 'approved_already' : 'not_awaiting_approval',
    );
  }
  switch (command.kind) {
    case 'approve': {
      if (status !== 'awaiting_approval') return refuse('not_awaiting_approval');
      const refusal =
        refusalOfApproval(revision, by, command.digest) ??
        refusalOfChecklist(policy.criteria, command.criteria, command.noteDigest !== undefined);
      const { criteria } = command;
      return refusal ?? [{ type: 'approved', revision, by, at: now, expiresAt: now + policy.expiresAfterMs, criteria }];
    }
    case 'return':
      if (status !== 'awaiting_approval') return refuse('not_awaiting_approval');
      return [{ type: 'returned', by, since: command.at }];
    case 'resubmit': {
      const { revision: draft, at: since } = command;
      return isStale(state, draft)
        ? refuse('stale_revision')
        : [{ type: 'resubmitted', revision: { ...draft, author: by }, since }];
    }
    case 'reject':
      return [{ type: 'rejected', by, at: now }];
    case 'withdraw':
      return [{ type: 'withdrawn', by, at: now }];
  }
}

/** Why somebody may not approve a revision by a digest; nothing when they may. */
export function refusalOfApproval(revision: RevisionRef, by: string, digest: string): Refusal | undefined {
  if (by === revision.author) return refuse('own_revision');
  if (digest !== revision.digest) return refuse('stale_digest');
  const [missing] = revision.languagesMissing;
  return missing === undefined ? undefined : refuse('language_missing', missing);
}

/** Whether a newer revision has come to the case before this one. */
export function isStale({ newestRevision }: CaseState, { number }: DraftRevision): boolean {
  return number <= newestRevision;
}

function refusalOfChecklist(
  criteria: readonly string[],
  { met, explained }: Checklist,
  hasNote: boolean,
): Refusal | undefined {
  const answers = [...met, ...explained];
  const unknown = answers.find((answer) => !criteria.includes(answer));
  if (unknown !== undefined) return refuse('criterion_unknown', unknown);
  const open = criteria.find((criterion) => answers.filter((answer) => answer === criterion).length !== 1);
  if (open !== undefined) return refuse('criteria_unanswered', open);
  return explained.length > 0 && !hasNote ? refuse('reason_missing', explained[0]) : undefined;
}
