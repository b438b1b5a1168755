import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import { type CaseState, liveChannels } from '../domain/case.js';
import { escalationLevel, needsAttention } from '../domain/escalation.js';

/** What administrators list and filter cases by in the Temporal UI. None of it says who the child is. */
export const SEARCH_ATTRIBUTES = {
  status: defineSearchAttributeKey('CaseStatus', 'KEYWORD'),
  tier: defineSearchAttributeKey('CaseTier', 'KEYWORD'),
  runKind: defineSearchAttributeKey('RunKind', 'KEYWORD'),
  jurisdiction: defineSearchAttributeKey('Jurisdiction', 'KEYWORD'),
  escalationLevel: defineSearchAttributeKey('EscalationLevel', 'INT'),
  needsAttention: defineSearchAttributeKey('NeedsAttention', 'BOOL'),
  liveChannels: defineSearchAttributeKey('LiveChannels', 'KEYWORD_LIST'),
  expiresAt: defineSearchAttributeKey('ExpiresAt', 'DATETIME'),
} as const;

/** The search attributes of a case; null is none. */
export function searchAttributesOf(state: CaseState): SearchAttributeUpdatePair[] {
  const { status, tier, runKind, jurisdiction, expiresAt } = state;
  const live = liveChannels(state);
  const key = SEARCH_ATTRIBUTES;
  return [
    { key: key.status, value: status },
    { key: key.tier, value: tier },
    { key: key.runKind, value: runKind },
    { key: key.jurisdiction, value: jurisdiction },
    { key: key.escalationLevel, value: escalationLevel(state) },
    { key: key.needsAttention, value: needsAttention(state) },
    { key: key.liveChannels, value: live.length > 0 ? live : null },
    { key: key.expiresAt, value: expiresAt === null ? null : new Date(expiresAt) },
  ];
}
