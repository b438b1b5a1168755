import type { Request } from 'express';
import type { CaseStore } from '../store/case-store.js';
import type { JournalListener } from '../store/journal-listener.js';
import { type EventSource, STREAM_TIMES, streamEvents, type StreamTimes } from './event-stream.js';
import { createJournalTails, EVENTS_A_READ } from './journal-tail.js';
import type { Contract } from './contract.js';
import { Problem } from './problem.js';
import { journalledEventSchema } from './read-answer-schemas.js';
import { lastEventIdHeader } from './read-schemas.js';
import { caseNumberOf, type Route } from './route.js';
import type { Caller } from './caller.js';
import { withZonedTimes } from './zoned-times.js';

/** What following the journals needs. */
export interface EventServices {
  readonly outcomes: Pick<JournalListener, 'onJournalled' | 'closing'>;
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
  readonly streamTimes?: StreamTimes | undefined;
}

/** The routes by which one follows what happens, in all cases or in one. */
export function eventRoutes(services: EventServices): Route[] {
  const tailOf = createJournalTails(services.outcomes);
  return [
    {
      method: 'get',
      path: '/api/events',
      permission: 'followCases',
      contract: contractOf('followCases', 'Follows what happens in all cases, as it happens'),
      handle: stream(services, (_request, { jurisdictions }, store) =>
        Promise.resolve({ read: tailOf(jurisdictions, store), concerns: () => true }),
      ),
    },
    {
      method: 'get',
      path: '/api/cases/:caseNumber/events',
      permission: 'followCase',
      contract: contractOf('followCase', 'Follows what happens in a case, as it happens'),
      handle: stream(services, async (request, _caller, store) => {
        const caseNumber = caseNumberOf(request);
        if (!(await store.readCase(caseNumber))) throw new Problem('case_unknown');
        return {
          read: (position) => store.journalledInCaseAfter(caseNumber, position, EVENTS_A_READ),
          concerns: (about) => about === caseNumber,
        };
      }),
    },
  ];
}

function contractOf(operationId: string, summary: string): Contract {
  return {
    operationId,
    tag: 'cases',
    summary,
    description: [
      'Begins with what is new, or after the event that `Last-Event-ID` names. An event `reset` says that it is of another journal, such as',
      'before a restored backup: read the list of cases again.',
    ].join(' '),
    query: null,
    idempotencyKey: null,
    lastEventId: lastEventIdHeader,
    body: null,
    answers: {
      200: {
        description: 'Server-sent events, until the client leaves, its token expires or the server stops.',
        mediaTypes: ['text/event-stream'],
        dataSchema: journalledEventSchema,
      },
    },
    problems: ['last_event_id_invalid'],
  };
}

function stream(
  { outcomes, timeZoneOf, streamTimes = STREAM_TIMES }: EventServices,
  sourceOf: (request: Request, caller: Caller, store: CaseStore) => Promise<Pick<EventSource, 'read' | 'concerns'>>,
): Route['handle'] {
  return async (request, response, caller, store) => {
    const last = lastEventId(request);
    const source = await sourceOf(request, caller, store);
    const newest = await store.newestPosition();
    if (request.method === 'HEAD') {
      response.type('text/event-stream').end();
      return;
    }
    const reset = last !== undefined && last > newest;
    const after = last === undefined || reset ? newest : last;
    const dataOf: EventSource['dataOf'] = ({ caseNumber, seq, type, at, status, jurisdiction }) =>
      withZonedTimes({ caseNumber, seq, type, at, status }, timeZoneOf(jurisdiction));
    await streamEvents(response, { ...source, after, reset, until: caller.expiresAt, dataOf }, outcomes, streamTimes);
  };
}

function lastEventId(request: Request): number | undefined {
  const sent = request.get('last-event-id');
  if (sent === undefined || sent === '') return undefined;
  const read = lastEventIdHeader.safeParse(sent);
  if (!read.success) throw new Problem('last_event_id_invalid');
  return read.data;
}
