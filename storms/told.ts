import type { Effect } from '../src/simulator/effect.js';
import { FAULT_NAMES } from '../src/simulator/fault-kinds.js';
import type { StormPlan } from './plan.js';
import { sightingsOf } from './sightings.js';
import type { Outcome } from './storm.js';

/** All that one needs to find the cause of a storm that failed. */
export function failureText({ plan, caseNumber, breaches, effects, calls, seconds }: Outcome): string {
  return [
    `Seed ${plan.seed} failed after ${seconds.toFixed(1)} s:`,
    ...breaches.map((breach) => `  - ${breach}`),
    '',
    'Its plan:',
    ...planLines(plan),
    '',
    `What took effect on the channels meanwhile (case ${caseNumber ?? 'none'}):`,
    ...effects.map(effectLine),
    '',
    'The calls that met a fault, and those without an answer:',
    ...calls
      .filter(({ fault, status }) => fault !== undefined || status === undefined)
      .map(
        ({ seq, at, endpoint, fault, status }) =>
          `  ${at} #${seq} ${endpoint ?? '?'} ${fault ?? ''} → ${status ?? 'under way'}`,
      ),
    '',
    'What the public saw of it:',
    ...sightingsOf(caseNumber ?? '', effects).map(
      ({ channel, id, revision, from, until }) =>
        `  ${channel} ${id} revision ${revision}: ${from.seq} to ${until?.seq ?? 'now'}`,
    ),
    '',
    'It alone, again:',
    `  npm run storms -- --seeds 1 --from ${plan.seed} --strategy ${plan.strategy}`,
  ].join('\n');
}

/** What a run has shown: how many storms, how fast, and what struck in them. */
export function summaryText(outcomes: readonly Outcome[], seconds: number): string {
  const struck = new Map(FAULT_NAMES.map((name) => [name, 0]));
  for (const { calls } of outcomes) {
    for (const { fault } of calls) if (fault) struck.set(fault, (struck.get(fault) ?? 0) + 1);
  }
  const fallback = outcomes.filter(({ plan }) => plan.strategy === 'single-post').length;
  const desk = outcomes.filter(({ plan }) => plan.desk !== undefined).length;
  return [
    `${outcomes.length} storms held (${fallback} of the fallback strategy, ${desk} with a partner desk) in ${seconds.toFixed(0)} s: ${(outcomes.length / seconds).toFixed(2)} storms/s.`,
    `Calls struck: ${[...struck].map(([name, count]) => `${name} ${count}`).join(', ')}.`,
  ].join('\n');
}

function planLines(plan: StormPlan): string[] {
  const { strategy, acts, faults, kill, desk } = plan;
  return [
    `  strategy ${strategy}`,
    ...(plan.stubborn ? ['  at the end Instagram refuses to delete, until a person does'] : []),
    ...(desk ? [`  with a partner desk: ${JSON.stringify(desk)}`] : []),
    ...acts.map(({ then, ...act }, index) => {
      const before = faults.filter(({ beforeAct }) => beforeAct === index);
      return [
        ...before.map((fault) => `  fault ${JSON.stringify({ ...fault, beforeAct: undefined })}`),
        `  ${JSON.stringify(act)}, then ${then === 'settle' ? 'until it has settled' : `${then} ms`}`,
        ...(kill.duringAct === index
          ? [`  SIGKILL of the worker on a call of ${kill.onCallOf}, or after ${kill.orAfterMs} ms`]
          : []),
      ].join('\n');
    }),
  ];
}

const UNTOLD = new Set(['package', 'confirmUrl', 'call', 'image', 'altText', 'imageUrl', 'targeting']);

/** Without texts: what matters of them is the marker. */
function effectLine({ seq, at, type, ...fields }: Effect): string {
  const told = Object.entries(fields).flatMap(([name, value]) => {
    if (name === 'message' || name === 'caption') return [`…${String(value).trimEnd().split('\n').at(-1) ?? ''}`];
    return UNTOLD.has(name) ? [] : [`${name} ${String(value)}`];
  });
  return `  ${seq} ${at} ${type} ${told.join(' ')}`;
}
