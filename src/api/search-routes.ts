import type { Request } from 'express';
import type { CaseFilters, CaseKey } from '../store/case-filters.js';
import type { CaseStore } from '../store/case-store.js';
import { nameWords } from '../store/name-words.js';
import { summaryAnswer } from './case-answer.js';
import { filtersOf } from './case-filter-schema.js';
import { caseListSchema, foundCasesSchema } from './case-answer-schemas.js';
import { parseSent } from './field-errors.js';
import { receiveJson } from './json-body.js';
import { cursorOf } from './page-cursor.js';
import { caseListQuery, caseSearchBody } from './read-schemas.js';
import type { Route } from './route.js';

/** What listing cases needs. */
export interface SearchServices {
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
}

/** The routes by which cases are looked for. To be mounted before those of one case: `search` is no case's number. */
export function searchRoutes(services: SearchServices): Route[] {
  return [
    {
      method: 'get',
      path: '/api/cases',
      permission: 'listCases',
      contract: {
        operationId: 'listCases',
        tag: 'cases',
        summary: 'Lists the cases that fit what is asked, newest first',
        query: caseListQuery,
        idempotencyKey: null,
        body: null,
        answers: { 200: { description: 'A page of cases.', schema: caseListSchema } },
        problems: [],
      },
      handle: listCases(services),
    },
    // A name is personal data: it comes in a body, so that it is in no address that anything on its way might keep.
    {
      method: 'post',
      path: '/api/cases/search',
      permission: 'searchCases',
      contract: {
        operationId: 'searchCases',
        tag: 'cases',
        summary: 'Finds cases by a name that the child has in a report, newest first',
        description:
          'By whole words or their beginnings, in either language, however they are spelled. Changes nothing.',
        query: null,
        idempotencyKey: null,
        body: {
          kind: 'json',
          schema: caseSearchBody,
          example: { name: 'Sara Exa', status: ['awaiting_approval', 'active'], jurisdiction: 'QA' },
        },
        answers: { 200: { description: 'A page of cases.', schema: foundCasesSchema } },
        problems: [],
      },
      handle: searchCases(services),
    },
  ];
}

function listCases(services: SearchServices): Route['handle'] {
  return async (request, response, _caller, store) => {
    const { limit, cursor, ...filters } = parseSent(caseListQuery, request.query);
    const { cases, next } = await find(services, store, filtersOf(filters), { limit, after: cursor });
    response.json({ cases, next: next && `/api/cases?${queryOfNext(request, next)}` });
  };
}

function searchCases(services: SearchServices): Route['handle'] {
  return async (request, response, _caller, store) => {
    const { name, limit, cursor, ...filters } = await receiveJson(caseSearchBody, request, response);
    const named = { ...filtersOf(filters), nameWords: nameWords(name) };
    const found = await find(services, store, named, { limit, after: cursor });
    response.json(found);
  };
}

/** One page, its `next` being the cursor of the next. */
async function find(
  { timeZoneOf }: SearchServices,
  store: Pick<CaseStore, 'listCases'>,
  filters: CaseFilters,
  page: { readonly limit: number; readonly after: CaseKey | undefined },
): Promise<{ cases: unknown[]; next: string | null }> {
  const { cases, next } = await store.listCases(filters, page);
  return {
    cases: cases.map((summary) => summaryAnswer(summary, timeZoneOf(summary.jurisdiction))),
    next: next && cursorOf(next),
  };
}

/** The same query, going on from there. */
function queryOfNext(request: Request, cursor: string): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query)) {
    for (const each of [value].flat()) if (name !== 'cursor' && typeof each === 'string') query.append(name, each);
  }
  query.append('cursor', cursor);
  return query.toString();
}
