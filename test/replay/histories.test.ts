import { beforeAll, describe, expect, it } from '@jest/globals';
import { CASE_STATUSES } from '../../src/domain/case.js';
import { COMMANDS } from '../../src/domain/command.js';
import type { CaseEvent } from '../../src/domain/event.js';
import { ESCALATIONS } from '../../src/domain/ladder.js';
import type { StepKind, StepOutcome } from '../../src/domain/publication.js';
import type { Timer } from '../../src/domain/timer.js';
import { type JsonHistory, NEUTRAL_IDENTITY, recordedNames, textOf } from './histories.js';
import { CONTINUED, LIVES } from './lives/index.js';
import { type WhatHappened, whatHappenedIn } from './what-happened.js';

/** Every event there is. The compiler asks for a new one here, and the test for a history of it. */
const EVENTS: Readonly<Record<CaseEvent['type'], true>> = {
  commandAccepted: true,
  commandRefused: true,
  caseOpened: true,
  returned: true,
  resubmitted: true,
  approved: true,
  amendmentProposed: true,
  amendmentApproved: true,
  amendmentRejected: true,
  widened: true,
  extended: true,
  sighted: true,
  withdrawn: true,
  rejected: true,
  found: true,
  cancelled: true,
  expired: true,
  closed: true,
  rungNotified: true,
  acknowledged: true,
  noticeAbandoned: true,
  stepStarted: true,
  stepCalledOff: true,
  alertStaged: true,
  alertLive: true,
  alertHandedOver: true,
  alertAskedBack: true,
  publicationUncertain: true,
  alertUpdated: true,
  alertNotEditable: true,
  publicationConfirmed: true,
  removalConfirmed: true,
  alertNotLive: true,
  objectLost: true,
  alertNotSeen: true,
  alertRemoved: true,
  stepHeld: true,
};

const EVERY_STEP = ['stage', 'publish', 'look', 'update', 'expire'] as const satisfies readonly StepKind[];

/**
 * Which steps can end with a result. Staging, looking and editing harm nobody: throttled, or with an answer that was lost, Temporal
 * takes them again, and the workflow does not hear of it.
 */
const STEPS_THAT_END: Readonly<Record<StepOutcome['result'], readonly StepKind[]>> = {
  staged: ['stage'],
  live: ['publish', 'look'],
  handedOver: ['publish', 'expire'],
  updated: ['update'],
  notEditable: ['update'],
  notLive: ['look'],
  absent: ['publish', 'look', 'update', 'expire'],
  removed: ['expire'],
  notSeen: ['expire'],
  throttled: ['publish', 'expire'],
  refused: EVERY_STEP,
  unknown: ['publish', 'expire'],
  notSent: EVERY_STEP,
};

/** What a timer of each kind leaves behind when it has gone off. */
const GONE_OFF: Readonly<Record<Timer['timer'], (event: CaseEvent) => boolean>> = {
  rung: ({ type }) => type === 'rungNotified',
  widening: (event) => event.type === 'widened' && event.by === null,
  expiry: ({ type }) => type === 'expired',
};

let texts: ReadonlyMap<string, string>;
let happened: WhatHappened;

beforeAll(async () => {
  const names = await recordedNames();
  texts = new Map(await Promise.all(names.map(async (name) => [name, await textOf(name)] as const)));
  happened = whatHappenedIn([...texts.values()].map((text) => JSON.parse(text) as JsonHistory));
});

const sorted = (values: Iterable<string>): string[] => [...new Set(values)].sort();

describe('the recorded histories', () => {
  it('are those of the lives that are led for them', () => {
    const runs = Object.keys(CONTINUED).flatMap((name) => [`${name}-1`, `${name}-2`]);
    expect([...texts.keys()]).toEqual(sorted([...Object.keys(LIVES), ...runs]));
  });

  it('hold every event', () => {
    expect(sorted(happened.events.map(({ type }) => type))).toEqual(sorted(Object.keys(EVENTS)));
  });

  it('hold every command, accepted, and a malformed one', () => {
    const accepted = happened.events.flatMap((event) => (event.type === 'commandAccepted' ? [event.command] : []));
    expect(sorted(accepted)).toEqual(sorted(Object.keys(COMMANDS)));
    const refused = happened.events.flatMap((event) => (event.type === 'commandRefused' ? [event.code] : []));
    expect(refused).toContain('malformed_command');
  });

  it('hold every outcome of every step that can have it, and no other', () => {
    const possible = Object.entries(STEPS_THAT_END).flatMap(([result, kinds]) =>
      kinds.map((kind) => `${kind}: ${result}`),
    );
    expect(sorted(happened.outcomes)).toEqual(sorted(possible));
    expect(happened.unanswered).toContain('publishAlert: timed out');
    expect(happened.unanswered).toContain('stageAlert: called off');
  });

  it('hold every status', () => {
    expect(sorted(happened.statuses)).toEqual(sorted(CASE_STATUSES));
  });

  it.each(Object.entries(GONE_OFF))('hold a timer that went off: %s', (_, hasGoneOff) => {
    expect(happened.events.some(hasGoneOff)).toBe(true);
  });

  it('hold a timer that was called off', () => {
    expect(happened.temporal).toContain('TIMER_CANCELED');
  });

  it('hold a ladder climbed for everything that one is climbed for', () => {
    const about = happened.events.flatMap((event) => (event.type === 'rungNotified' ? [event.about] : []));
    expect(sorted(about)).toEqual(sorted(ESCALATIONS));
  });

  it('hold a notice that was called off; one given up is among the events', () => {
    expect(happened.unanswered).toContain('notify: called off');
    const together = texts.get('notice-over-while-it-goes-out-with-a-batch') ?? '';
    expect(together).toContain('EVENT_TYPE_ACTIVITY_TASK_CANCEL_REQUESTED');
    expect(together).not.toContain('EVENT_TYPE_ACTIVITY_TASK_CANCELED');
  });

  it('hold a cancellation asked for, and cases that went on in a new run', () => {
    expect(happened.temporal).toContain('WORKFLOW_EXECUTION_CANCEL_REQUESTED');
    for (const name of Object.keys(CONTINUED)) {
      const [first, second] = [`${name}-1`, `${name}-2`].map((run) => texts.get(run) ?? '');
      expect(first).toContain('EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW');
      expect(second).toContain('"continuedExecutionRunId"');
    }
  });

  it('hold no workflow task that failed, and nothing of the machine they were recorded on', () => {
    expect(happened.temporal).not.toContain('WORKFLOW_TASK_FAILED');
    expect(happened.temporal).not.toContain('WORKFLOW_TASK_TIMED_OUT');
    const text = [...texts.values()].join('');
    const identities = [...text.matchAll(/"\w*identity":("[^"]*")/gi)].map(([, identity]) => identity);
    expect(new Set(identities)).toEqual(new Set([`"${NEUTRAL_IDENTITY}"`]));
    expect(text).not.toContain('"stackTrace"');
  });
});
