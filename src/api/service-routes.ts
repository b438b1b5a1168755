import { z } from 'zod';
import type { Contract } from './contract.js';
import { openApiDocument } from './openapi.js';
import { readinessSchema } from './read-answer-schemas.js';
import { answerReadiness, type Dependencies } from './readiness.js';
import type { OpenRoute, Route } from './route.js';

const about = (contract: Pick<Contract, 'operationId' | 'summary' | 'answers'>): Contract => ({
  tag: 'service',
  query: null,
  idempotencyKey: null,
  body: null,
  problems: [],
  ...contract,
});

/**
 * What anybody may ask of the service: whether it lives and can do its work, and how it is to be used.
 * @param discoveryUrl where the identity provider describes itself, if there is one
 */
export function serviceRoutes(
  staffRoutes: readonly Route[],
  dependencies: Dependencies,
  discoveryUrl?: string,
): OpenRoute[] {
  const health: OpenRoute = {
    method: 'get',
    path: '/healthz',
    contract: about({
      operationId: 'readHealth',
      summary: 'Says that the process lives',
      answers: { 200: { description: 'It does.', schema: z.strictObject({ status: z.literal('ok') }) } },
    }),
    handle: (_request, response) => {
      response.json({ status: 'ok' });
    },
  };
  const readiness: OpenRoute = {
    method: 'get',
    path: '/readyz',
    contract: about({
      operationId: 'readReadiness',
      summary: 'Says whether the service can do its work',
      answers: {
        200: { description: 'It can. Temporal may be away: what is sent is stored.', schema: readinessSchema },
        503: { description: 'It cannot; Retry-After says when to ask again.', schema: readinessSchema },
      },
    }),
    handle: answerReadiness(dependencies),
  };
  const description: OpenRoute = {
    method: 'get',
    path: '/openapi.json',
    contract: about({
      operationId: 'readOpenApi',
      summary: 'Describes the staff API (OpenAPI 3.1); /docs shows it to people',
      answers: { 200: { description: 'This document.', schema: z.looseObject({ openapi: z.string() }) } },
    }),
    handle: (_request, response) => {
      response.json(document);
    },
  };
  const routes = [health, readiness, description];
  const document = openApiDocument([...routes, ...staffRoutes], discoveryUrl);
  return routes;
}
