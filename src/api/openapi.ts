import { rolesFor, STAFF_ROLES } from '../domain/permissions.js';
import type { Answer, Contract, RequestBody } from './contract.js';
import { TAGS } from './contract.js';
import { idempotencyKeySchema } from './idempotency-key.js';
import { impliedProblems } from './implied-problems.js';
import { mayBeLeftOut } from './json-body.js';
import { type JsonSchema, JsonSchemas } from './json-schema.js';
import { namesIn, PATH_PARAMETERS } from './path-parameters.js';
import { Problem, problemBody, type ProblemCode, PROBLEMS } from './problem.js';
import { problemSchema } from './problem-schema.js';
import type { OpenRoute, Route } from './route.js';

/** An OpenAPI document, as far as others need to know it. */
export interface OpenApiDocument {
  readonly openapi: '3.1.1';
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [key: string]: unknown;
}

export interface Operation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters?: readonly object[];
  readonly requestBody?: object;
  readonly responses: Readonly<Record<string, object>>;
  readonly [key: string]: unknown;
}

const INFO = {
  title: 'Mafqood staff API',
  version: '1.0.0',
  description: [
    'How the staff report a child missing, approve and end alerts, and follow cases.',
    'A refusal is a problem detail (RFC 9457) with a stable `code` and, in `detail`, what to do next; where fields are wrong, `errors` ' +
      'lists all of them, each with a stable `code` of its own.',
    'What was acknowledged is stored: with `202` it runs by itself, and nobody has to send it again.',
  ].join('\n\n'),
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

/** Made up, as the request of no answer. */
const EXAMPLE_INSTANCE = '00000000-0000-4000-8000-000000000000';

/**
 * Describes routes as OpenAPI 3.1, from the contracts that they declare. The same routes give the same document, to the byte.
 * @param discoveryUrl where the identity provider describes itself, if there is one
 */
export function openApiDocument(routes: readonly (Route | OpenRoute)[], discoveryUrl?: string): OpenApiDocument {
  const schemas = new JsonSchemas();
  const paths: Record<string, Record<string, Operation>> = {};
  for (const route of routes) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, schemas) };
  }
  return {
    openapi: '3.1.1',
    info: INFO,
    servers: [{ url: '/' }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    security: Object.keys(securitySchemes(discoveryUrl)).map((scheme) => ({ [scheme]: [] })),
    paths,
    components: {
      securitySchemes: securitySchemes(discoveryUrl),
      schemas: schemas.components(),
    },
  };
}

function securitySchemes(discoveryUrl: string | undefined): Readonly<Record<string, object>> {
  const description =
    'The token of a member of staff: an access token of the identity provider (a signed JWT), or one of the staff file.';
  return {
    bearer: { type: 'http', scheme: 'bearer', description },
    ...(discoveryUrl !== undefined && {
      openIdConnect: {
        type: 'openIdConnect',
        openIdConnectUrl: discoveryUrl,
        description: 'The provider whose access tokens are taken as bearer tokens.',
      },
    }),
  };
}

function operation(route: Route | OpenRoute, schemas: JsonSchemas): Operation {
  const { contract, path } = route;
  const { operationId, tag, summary, description, body, answers, problems } = contract;
  const roles = 'permission' in route && STAFF_ROLES.filter((role) => rolesFor(route.permission).includes(role));
  const about = [description, roles && `For the roles ${roles.join(', ')}.`].filter(Boolean).join('\n\n');
  return {
    operationId,
    tags: [tag],
    summary,
    ...(about !== '' && { description: about }),
    ...(roles ? { 'x-roles': roles } : { security: [] }),
    parameters: [
      ...pathParameters(path, schemas),
      ...queryParameters(contract, schemas),
      ...headers(contract, schemas),
    ],
    ...(body && { requestBody: requestBody(body, schemas) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, answer]) => [status, response(answer, schemas)])),
      ...refusals([...problems, ...impliedProblems(route)], schemas),
    },
  };
}

function pathParameters(path: string, schemas: JsonSchemas): object[] {
  return namesIn(path).map((name) => {
    const { schema, description } = PATH_PARAMETERS[name] ?? {};
    return { name, in: 'path', required: true, description, schema: schema ? schemas.ofInput(schema) : {} };
  });
}

function queryParameters({ query }: Contract, schemas: JsonSchemas): object[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemas.ofInput(query) as {
    properties?: Record<string, JsonSchema>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    ...(description !== undefined && { description }),
    schema,
  }));
}

function headers({ idempotencyKey, lastEventId }: Contract, schemas: JsonSchemas): object[] {
  const key = {
    name: 'Idempotency-Key',
    in: 'header',
    required: idempotencyKey === 'required',
    description:
      'Of your own making, new for every new request. The same request under the same key again has no second effect and gets the first answer.',
    schema: schemas.ofInput(idempotencyKeySchema),
  };
  const event = lastEventId && {
    name: 'Last-Event-ID',
    in: 'header',
    required: false,
    description: 'The id of the last event that arrived.',
    schema: schemas.ofInput(lastEventId),
  };
  return [...(idempotencyKey ? [key] : []), ...(event ? [event] : [])];
}

function requestBody(body: RequestBody, schemas: JsonSchemas): object {
  const { schema, example } = body;
  const sent = schemas.ofInput(schema);
  if (body.kind === 'json') {
    const content = { schema: sent, ...(example !== undefined && { example }) };
    return { required: !mayBeLeftOut(schema), content: { 'application/json': content } };
  }
  const { part, file, text } = body;
  return {
    required: true,
    content: {
      'multipart/form-data': {
        schema: {
          type: 'object',
          properties: {
            [part]: example === undefined ? sent : { ...sent, examples: [example] },
            [file.part]: { type: 'string', format: 'binary', description: file.description },
            ...(text && { [text.part]: { ...schemas.ofInput(text.schema), description: text.description } }),
          },
          required: file.required ? [part, file.part] : [part],
          additionalProperties: false,
        },
        encoding: {
          [part]: { contentType: 'application/json' },
          [file.part]: { contentType: file.mediaTypes.join(', ') },
        },
      },
    },
  };
}

function response(answer: Answer, schemas: JsonSchemas): object {
  const { description, location } = answer;
  return {
    description,
    ...(location !== undefined && { headers: { Location: header(location) } }),
    content: contentOf(answer, schemas),
  };
}

function contentOf(answer: Answer, schemas: JsonSchemas): object {
  if ('schema' in answer) return { 'application/json': { schema: schemas.ofOutput(answer.schema) } };
  const { mediaTypes, dataSchema } = answer;
  // OpenAPI 3.1 has no words for the data of events.
  const data = dataSchema && { 'x-data-schema': schemas.ofOutput(dataSchema) };
  return Object.fromEntries(mediaTypes.map((mediaType) => [mediaType, { schema: { type: 'string' }, ...data }]));
}

/** The refusals of a route by their statuses, each with the codes that may stand in it. */
function refusals(codes: readonly ProblemCode[], schemas: JsonSchemas): Record<string, object> {
  const known = [...new Set(codes)].sort();
  const statuses = [...new Set(known.map((code) => PROBLEMS[code].status))].sort((a, b) => a - b);
  return Object.fromEntries(
    statuses.map((status) => {
      const here = known.filter((code) => PROBLEMS[code].status === status);
      return [String(status), refusal(status, here, schemas)];
    }),
  );
}

const REFUSAL_HEADERS: Readonly<Record<number, Readonly<Record<string, object>>>> = {
  401: { 'WWW-Authenticate': header('That a bearer token is needed.') },
  429: { 'Retry-After': header('After how many seconds to send the same request again.') },
  503: { 'Retry-After': header('After how many seconds to send the same request again.') },
};
const STEP_UP = {
  'WWW-Authenticate': header(
    'With `second_factor_required`: how to log in again (RFC 9470, `insufficient_user_authentication`).',
    false,
  ),
};

function refusal(status: number, codes: readonly ProblemCode[], schemas: JsonSchemas): object {
  const headers = codes.includes('second_factor_required') ? STEP_UP : REFUSAL_HEADERS[status];
  return {
    description: codes.map((code) => `\`${code}\`: ${PROBLEMS[code].title}.`).join('\n\n'),
    ...(headers && { headers }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [schemas.ofOutput(problemSchema), { type: 'object', properties: { code: { enum: codes } } }],
        },
        examples: Object.fromEntries(
          codes.map((code) => [code, { value: problemBody(new Problem(code), EXAMPLE_INSTANCE) }]),
        ),
      },
    },
  };
}

function header(description: string, required = true): object {
  return { description, required, schema: { type: 'string' } };
}
