import type { CaseStatus } from '../../src/domain/case.js';
import type { CaseEvent } from '../../src/domain/event.js';
import type { StepKind, StepOutcome } from '../../src/domain/publication.js';
import type { ChannelActivities } from '../../src/activities/channel-activities.js';
import type { JournalBatch } from '../../src/ports/case-journal.js';
import type { JsonHistory, JsonPayload } from './histories.js';

/** What can be read from histories of what happened in them. */
export interface WhatHappened {
  /** As the journal was given them. */
  readonly events: CaseEvent[];
  readonly statuses: Set<CaseStatus>;
  /** By kind of step and result, `publish: live`. */
  readonly outcomes: Set<string>;
  /** How activities ended that gave no answer, `publishAlert: timed out`. */
  readonly unanswered: Set<string>;
  /** Temporal's own events, without their prefix. */
  readonly temporal: Set<string>;
}

const STEP_OF: Readonly<Record<string, StepKind>> = Object.fromEntries(
  Object.entries({
    stage: 'stageAlert',
    publish: 'publishAlert',
    update: 'updateAlert',
    look: 'lookAtAlert',
    expire: 'expireAlert',
  } satisfies Record<StepKind, keyof ChannelActivities>).map(([kind, activity]) => [activity, kind as StepKind]),
);

/** Reads histories for what happened in any of them. */
export function whatHappenedIn(histories: readonly JsonHistory[]): WhatHappened {
  const happened: WhatHappened = {
    events: [],
    statuses: new Set(),
    outcomes: new Set(),
    unanswered: new Set(),
    temporal: new Set(),
  };
  for (const history of histories) read(history, happened);
  return happened;
}

function read({ events }: JsonHistory, happened: WhatHappened): void {
  const activities = new Map<string, string>();
  const ended = (scheduledEventId: string, result: StepOutcome['result']): void => {
    const kind = STEP_OF[activities.get(scheduledEventId) ?? ''];
    if (kind) happened.outcomes.add(`${kind}: ${result}`);
  };
  for (const event of events) {
    happened.temporal.add(event.eventType.replace('EVENT_TYPE_', ''));
    const scheduled = event.activityTaskScheduledEventAttributes;
    if (scheduled) activities.set(event.eventId, scheduled.activityType.name);
    if (scheduled && ['journal', 'record'].includes(scheduled.activityType.name)) {
      const { entries, view } = decode(scheduled.input?.payloads?.[0]) as JournalBatch;
      happened.events.push(...entries.map((entry) => entry.event));
      happened.statuses.add(view.status);
    }
    const completed = event.activityTaskCompletedEventAttributes;
    if (completed && STEP_OF[activities.get(completed.scheduledEventId) ?? '']) {
      const { result } = decode(completed.result?.payloads?.[0]) as StepOutcome;
      ended(completed.scheduledEventId, result);
    }
    // As the reconciler reads them: a step called off before it began, and one lost with its worker.
    const cancelled = event.activityTaskCanceledEventAttributes;
    if (cancelled) {
      ended(cancelled.scheduledEventId, 'notSent');
      happened.unanswered.add(`${activities.get(cancelled.scheduledEventId) ?? ''}: called off`);
    }
    const lost = event.activityTaskTimedOutEventAttributes;
    if (lost) {
      ended(lost.scheduledEventId, 'unknown');
      happened.unanswered.add(`${activities.get(lost.scheduledEventId) ?? ''}: timed out`);
    }
  }
}

function decode(payload: JsonPayload | undefined): unknown {
  return JSON.parse(Buffer.from(payload?.data ?? '', 'base64').toString('utf8'));
}
