import { type CaseState, wanted } from './case.js';
import type { SignalCommand } from './command.js';
import { isStale, refusalOfApproval } from './decide-before-approval.js';
import type { CaseEvent } from './event.js';
import { objectFor } from './publication.js';
import { type Refusal, refuse } from './refusal.js';
import type { Instant } from './time.js';
import { widenOnce } from './widen.js';

type Change = Extract<
  SignalCommand,
  { kind: 'amend' | 'approveAmendment' | 'rejectAmendment' | 'widen' | 'extend' | 'confirmPublished' }
>;

/** What changes an alert that is live. */
export function decideWhileActive(state: CaseState, command: Change, now: Instant): CaseEvent[] | Refusal {
  const by = command.actor;
  switch (command.kind) {
    case 'amend': {
      const { revision, at: since } = command;
      if (isStale(state, revision)) return refuse('stale_revision');
      return [{ type: 'amendmentProposed', revision: { ...revision, author: by }, since }];
    }
    case 'approveAmendment': {
      if (!state.amendment) return refuse('no_amendment');
      const { revision } = state.amendment;
      const { digest, removeFirst } = command;
      const approved: CaseEvent = { type: 'amendmentApproved', revision, removeFirst, by, at: now };
      return refusalOfApproval(revision, by, digest) ?? [approved];
    }
    case 'rejectAmendment':
      if (!state.amendment) return refuse('no_amendment');
      return [{ type: 'amendmentRejected', revision: state.amendment.revision, by, at: now }];
    case 'widen': {
      const widened = widenOnce(state, by, now);
      return widened.length > 0 ? widened : refuse('nothing_to_widen');
    }
    case 'extend':
      return extend(state, command.until, by, now);
    case 'confirmPublished': {
      const { channel, postId } = command;
      const shown = wanted(state, channel);
      if (shown && command.digest !== undefined && command.digest !== shown.digest) return refuse('stale_digest');
      if (!shown || objectFor(state.publications[channel].objects, shown)?.state === 'live') {
        return refuse('nothing_to_confirm');
      }
      const { revision, digest } = shown;
      return [{ type: 'publicationConfirmed', channel, revision, digest, postId, by, at: now }];
    }
  }
}

function extend(state: CaseState, until: Instant, by: string, now: Instant): CaseEvent[] | Refusal {
  const { expiresAt, activeSince, policy } = state;
  if (until <= (expiresAt ?? now)) return refuse('expiry_not_later');
  if (until > (activeSince ?? now) + policy.longestLifeMs) return refuse('expiry_too_late');
  return [{ type: 'extended', expiresAt: until, by, at: now }];
}
