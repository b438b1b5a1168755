import { defineSearchAttributeKey } from '@temporalio/common';

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
