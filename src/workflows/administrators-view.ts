import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { condition, setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { type CaseState, liveChannels } from '../domain/case.js';
import { escalationLevel, needsAttention } from '../domain/escalation.js';
import { CHANNELS } from '../domain/revision.js';
import { describeTimer, nextTimer } from '../domain/timer.js';
import type { RunningCase } from './running-case.js';
import { SEARCH_ATTRIBUTES } from './search-attributes.js';

/** Keeps what administrators see in the Temporal UI true: the search attributes, and the current details in Markdown. */
export async function showAdministrators(theCase: RunningCase): Promise<never> {
  let shown: ReadonlyMap<string, string> = new Map();
  let drawn: CaseState | undefined;
  for (;;) {
    await condition(() => theCase.state !== drawn);
    drawn = theCase.state;
    const attributes = searchAttributesOf(drawn);
    // Each upsert is an event in the history: only what changed is worth one.
    const now = new Map(attributes.map(({ key, value }) => [key.name, JSON.stringify(value)]));
    const changed = attributes.filter(({ key: { name } }) => shown.get(name) !== now.get(name));
    if (changed.length > 0) upsertSearchAttributes(changed);
    shown = now;
    setCurrentDetails(detailsOf(drawn));
  }
}

/** The search attributes of a case. */
function searchAttributesOf(state: CaseState): SearchAttributeUpdatePair[] {
  const { status, tier, runKind, jurisdiction, expiresAt } = state;
  const key = SEARCH_ATTRIBUTES;
  return [
    { key: key.status, value: status },
    { key: key.tier, value: tier },
    { key: key.runKind, value: runKind },
    { key: key.jurisdiction, value: jurisdiction },
    { key: key.escalationLevel, value: escalationLevel(state) },
    { key: key.needsAttention, value: needsAttention(state) },
    { key: key.liveChannels, value: liveChannels(state) },
    { key: key.expiresAt, value: expiresAt === null ? null : new Date(expiresAt) },
  ];
}

/** The case in Markdown, as an administrator reads it. */
function detailsOf(state: CaseState): string {
  const timer = nextTimer(state);
  const time = (instant: number): string => new Date(instant).toISOString();
  return [
    `## ${state.caseNumber} · ${state.status}`,
    `${state.tier} · ${state.runKind} · ${state.jurisdiction} · policy ${state.policyVersion}`,
    '',
    `- Revision ${state.revision.number}, \`${state.revision.digest}\`, by ${state.revision.author}`,
    state.approval ? `- Approved by ${state.approval.by} at ${time(state.approval.at)}` : '- Not approved',
    timer ? `- Next: ${describeTimer(timer)} at ${time(timer.at)}` : '- Nothing is due',
    '',
    '| channel | there | in flight | waits |',
    '| --- | --- | --- | --- |',
    ...CHANNELS.map((channel) => {
      const { objects, inFlight, hold } = state.publications[channel];
      const there =
        objects.map((object) => `${object.state} \`${object.postId ?? object.id}\``).join(', ') || 'nothing';
      const waits = hold ? `${hold.cause} (${hold.code}) until ${time(hold.until)}` : '';
      return `| ${channel} | ${there} | ${inFlight?.kind ?? ''} | ${waits} |`;
    }),
  ].join('\n');
}
