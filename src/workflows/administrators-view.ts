import type { SearchAttributeUpdatePair } from '@temporalio/common';
import { condition, setCurrentDetails, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import type { CaseState } from '../domain/case.js';
import { escalationLevel } from '../domain/escalation.js';
import { describeTimer, nextTimer } from '../domain/timer.js';
import type { RunningCase } from './running-case.js';
import { SEARCH_ATTRIBUTES, searchAttributesOf } from './search-attributes.js';

const NONE = JSON.stringify(null);

/** Keeps what administrators see in the Temporal UI true: the search attributes, and the current details in Markdown. */
export async function showAdministrators(theCase: RunningCase): Promise<never> {
  // The workflow begins with what it was started with, or what its last run left.
  const given = workflowInfo().typedSearchAttributes.getAll();
  let shown = new Map(given.map(({ key, value }) => [key.name, JSON.stringify(value)]));
  let drawn: CaseState | undefined;
  for (;;) {
    await condition(() => theCase.state !== drawn);
    drawn = theCase.state;
    const attributes = searchAttributesOf(drawn);
    setCurrentDetails(detailsOf(drawn));
    // Each upsert is an event in the history: only what changed is worth one.
    const now = new Map(attributes.map(({ key, value }) => [key.name, JSON.stringify(value)]));
    const changed = attributes.filter(({ key: { name } }) => (shown.get(name) ?? NONE) !== now.get(name));
    if (changed.length === 0 || (changed.every(isLiveChannels) && isGoingWell(drawn, escalationLevel(drawn)))) continue;
    upsertSearchAttributes(changed);
    shown = now;
  }
}

function isLiveChannels({ key }: SearchAttributeUpdatePair): boolean {
  return key.name === SEARCH_ATTRIBUTES.liveChannels.name;
}

/**
 * Whether another channel is about to be live or clear as well. Once somebody had to be told that it takes too long, nothing waits for it
 * any more.
 */
function isGoingWell({ policy, publications }: CaseState, level: number): boolean {
  return level === 0 && policy.channels.some((channel) => publications[channel].inFlight !== null);
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
    ...state.policy.channels.map((channel) => {
      const { objects, inFlight, hold } = state.publications[channel];
      const there =
        objects.map((object) => `${object.state} \`${object.postId ?? object.id}\``).join(', ') || 'nothing';
      const closed = hold?.commentsClosed ? ', comments closed' : '';
      const newest = hold?.newestWaits ? ', the newest revision waits' : '';
      const waits = hold ? `${hold.cause} (${hold.code}${closed}${newest}) until ${time(hold.until)}` : '';
      return `| ${channel} | ${there} | ${inFlight?.kind ?? ''} | ${waits} |`;
    }),
  ].join('\n');
}
