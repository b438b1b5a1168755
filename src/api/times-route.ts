import { filtersOf } from './case-filter-schema.js';
import { parseSent } from './field-errors.js';
import { timesSchema } from './read-answer-schemas.js';
import { timesQuery } from './read-schemas.js';
import type { Route } from './route.js';

/** The route that tells how long it takes from a report to the alert that the public sees, over many cases. */
export function timesRoute(): Route {
  return {
    method: 'get',
    path: '/api/times',
    permission: 'readTimes',
    contract: {
      operationId: 'readTimes',
      tag: 'cases',
      summary: 'Tells how long it takes from a report to the alert that the public sees, over many cases',
      query: timesQuery,
      idempotencyKey: null,
      body: null,
      answers: { 200: { description: 'The times.', schema: timesSchema } },
      problems: [],
    },
    handle: async (request, response, _caller, store) => {
      response.json(await store.timesOf(filtersOf(parseSent(timesQuery, request.query))));
    },
  };
}
