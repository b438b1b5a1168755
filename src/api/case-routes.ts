import type { Request, Response } from 'express';
import type { ContentRead } from '../audit/access-event.js';
import type { CaseNumber } from '../domain/case-number.js';
import { CHANNELS } from '../domain/channel.js';
import { CARDS, IMAGE_PARTS } from '../domain/revision.js';
import { CARD_TYPES } from '../media/card/formats.js';
import { ContentMismatch } from '../ports/content-store.js';
import { caseWorkflowId } from '../temporal/case-workflow-id.js';
import type { CaseStore } from '../store/case-store.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { caseAnswer, casePath, revisionAnswer, timelineAnswer, type WholeCase } from './case-answer.js';
import { caseSchema, revisionSchema, timelinePageSchema } from './case-answer-schemas.js';
import { parseSent } from './field-errors.js';
import { Problem } from './problem.js';
import { timelineQuery } from './read-schemas.js';
import { traceOf } from './request-log.js';
import { caseNumberOf, revisionNumberOf, type Route } from './route.js';

/** What reading cases needs. */
export interface CaseServices {
  readonly policyFile: Pick<PolicyFile, 'criteria'>;
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
  /** Where administrators see the workflows. */
  readonly temporalUi: { readonly url: string; readonly namespace: string };
}

/** The routes by which cases are read. */
export function caseRoutes(services: CaseServices): Route[] {
  return [
    {
      method: 'get',
      path: '/api/cases/:caseNumber',
      permission: 'readCase',
      contract: {
        operationId: 'readCase',
        tag: 'cases',
        summary: 'Reads a case: its report, what the public would see, and all that happened',
        query: null,
        idempotencyKey: null,
        body: null,
        answers: { 200: { description: 'The case.', schema: caseSchema } },
        problems: [],
      },
      handle: readCase(services),
    },
    {
      method: 'get',
      path: '/api/cases/:caseNumber/timeline',
      permission: 'readTimeline',
      contract: {
        operationId: 'readTimeline',
        tag: 'cases',
        summary: 'Reads what happened in a case, page by page, oldest first',
        query: timelineQuery,
        idempotencyKey: null,
        body: null,
        answers: { 200: { description: 'A page of the timeline.', schema: timelinePageSchema } },
        problems: [],
      },
      handle: readTimeline(services),
    },
    {
      method: 'get',
      path: '/api/cases/:caseNumber/revisions/:revision',
      permission: 'readRevision',
      contract: {
        operationId: 'readRevision',
        tag: 'cases',
        summary: 'Reads a revision: what the public would see of it, and the report that it was made from',
        query: null,
        idempotencyKey: null,
        body: null,
        answers: { 200: { description: 'The revision.', schema: revisionSchema } },
        problems: ['content_mismatch'],
      },
      handle: readRevision(services),
    },
    {
      method: 'get',
      path: '/api/cases/:caseNumber/revisions/:revision/images/:channel',
      permission: 'readRevisionImage',
      contract: {
        operationId: 'readRevisionImage',
        tag: 'cases',
        summary: 'Reads an image of a revision, as the public would see it',
        query: null,
        idempotencyKey: null,
        body: null,
        answers: { 200: { description: 'The image.', mediaTypes: ['image/jpeg'] } },
        problems: ['content_mismatch'],
      },
      handle: readImage(),
    },
    {
      method: 'get',
      path: '/api/cases/:caseNumber/revisions/:revision/cards/:card',
      permission: 'readCard',
      contract: {
        operationId: 'readCard',
        tag: 'cases',
        summary: 'Reads a card of a revision: a picture, or a sheet to print',
        query: null,
        idempotencyKey: null,
        body: null,
        answers: { 200: { description: 'The card.', mediaTypes: [...new Set(Object.values(CARD_TYPES))] } },
        problems: ['content_mismatch'],
      },
      handle: readCard(),
    },
  ];
}

/** What is a child's, found and not answered yet: what its reader is recorded with, and how it is sent. */
interface FoundContent {
  readonly read: Pick<ContentRead, 'what' | 'caseNumber' | 'revision'>;
  readonly send: (response: Response) => void;
}

/** Answers with what is a child's, which it cannot before the audit has who reads it. */
function answerContent(find: (request: Request, store: CaseStore) => Promise<FoundContent>): Route['handle'] {
  return async (request, response, { id: by, role }, store) => {
    const { read, send } = await find(request, store);
    await store.recordAccess({ type: 'contentRead', ...read, by, role });
    send(response);
  };
}

function readCase({
  timeZoneOf,
  policyFile: { criteria: words },
  temporalUi: { url, namespace },
}: CaseServices): Route['handle'] {
  return answerContent(async (request, store) => {
    const caseNumber = caseNumberOf(request);
    const record = await store.readCase(caseNumber);
    if (!record) throw new Problem('case_unknown');
    const shown = record.amendment?.number ?? record.revision.number;
    const report = await store.readReport(caseNumber, shown);
    const preview = await shownPreview(store, caseNumber, shown, request);
    const sightings = await store.sightings(caseNumber);
    const timeline = await store.timeline(caseNumber);
    const workflow = encodeURIComponent(caseWorkflowId(caseNumber));
    const answer = caseAnswer(
      { record, report, preview, sightings, timeline, words },
      timeZoneOf(record.jurisdiction),
      `${url.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${workflow}`,
    );
    return { read: { what: 'case', caseNumber, revision: shown }, send: (response) => response.json(answer) };
  });
}

/** What the public would see. Where it cannot be trusted, the rest of the case is needed all the more. */
async function shownPreview(
  store: CaseStore,
  caseNumber: CaseNumber,
  revision: number,
  request: Request,
): Promise<WholeCase['preview']> {
  try {
    return await store.preview(caseNumber, revision);
  } catch (error) {
    if (!(error instanceof ContentMismatch)) throw error;
    request.log.error({ failure: traceOf(error) }, 'what is stored is not what its digest covers');
    return 'content_mismatch';
  }
}

function readRevision({ timeZoneOf }: CaseServices): Route['handle'] {
  return answerContent(async (request, store) => {
    const caseNumber = caseNumberOf(request);
    const record = await store.readCase(caseNumber);
    if (!record) throw new Problem('case_unknown');
    const number = revisionNumberOf(request);
    const preview = await store.preview(caseNumber, number);
    const report = await store.readReport(caseNumber, number);
    if (!preview || !report) throw new Problem('revision_unknown');
    const answer = revisionAnswer({ caseNumber, preview, report }, timeZoneOf(record.jurisdiction));
    return { read: { what: 'revision', caseNumber, revision: number }, send: (response) => response.json(answer) };
  });
}

function readTimeline({ timeZoneOf }: CaseServices): Route['handle'] {
  return async (request, response, _caller, store) => {
    const caseNumber = caseNumberOf(request);
    const { after, limit } = parseSent(timelineQuery, request.query);
    const record = await store.readCase(caseNumber);
    if (!record) throw new Problem('case_unknown');
    const entries = await store.timeline(caseNumber, { after, limit });
    // A full page is followed by another, perhaps an empty one while nothing more has happened.
    const last = entries.length === limit ? entries.at(-1) : undefined;
    const sightings = await store.sightings(
      caseNumber,
      entries.flatMap(({ sighting }) => sighting ?? []),
    );
    const query = last && new URLSearchParams({ after: String(last.seq), limit: String(limit) });
    response.json({
      entries: timelineAnswer(entries, sightings, timeZoneOf(record.jurisdiction)),
      next: query ? `${casePath(caseNumber)}/timeline?${query.toString()}` : null,
    });
  };
}

function readImage(): Route['handle'] {
  return answerContent(async (request, store) => {
    const place = { caseNumber: caseNumberOf(request), revision: revisionNumberOf(request) };
    const channel = CHANNELS.find((name) => name === request.params.channel);
    const image = channel && (await findPart(store, { ...place, what: `images/${channel}` }, IMAGE_PARTS[channel]));
    if (!image) throw new Problem('image_unknown');
    return image;
  });
}

function readCard(): Route['handle'] {
  return answerContent(async (request, store) => {
    const place = { caseNumber: caseNumberOf(request), revision: revisionNumberOf(request) };
    const card = CARDS.find((name) => name === request.params.card);
    const file = card && (await findPart(store, { ...place, what: `cards/${card}` }, `card/${card}`));
    if (!file) throw new Problem('card_unknown');
    return file;
  });
}

async function findPart(
  store: CaseStore,
  read: FoundContent['read'],
  partName: string,
): Promise<FoundContent | undefined> {
  const part = await store.partBytes(read.caseNumber, read.revision, partName);
  return part && { read, send: (response) => response.type(part.mediaType).send(part.bytes) };
}
