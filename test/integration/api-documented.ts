import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** An OpenAPI document, as far as it is read here. */
export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

export interface DocumentedOperation {
  readonly operationId: string;
  readonly security?: readonly unknown[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: unknown;
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, MediaType>> };
  readonly responses: Readonly<Record<string, DocumentedAnswer>>;
}

interface DocumentedAnswer {
  readonly headers?: Readonly<Record<string, { readonly required?: boolean }>>;
  readonly content: Readonly<Record<string, MediaType>>;
}

interface MediaType {
  readonly schema: unknown;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: { readonly code: string } }>>;
}

/** An operation with where it is. */
export interface Placed extends DocumentedOperation {
  readonly method: string;
  readonly path: string;
}

export function operationsOf(document: Document): Placed[] {
  return Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ ...operation, method, path })),
  );
}

/** Every code that an operation declares. */
export function codesOf({ responses }: DocumentedOperation): string[] {
  return Object.values(responses).flatMap(({ content }) =>
    Object.keys(content['application/problem+json']?.examples ?? {}),
  );
}

/** Checks values against schemas that stand in a document, given where they stand. */
export function schemasOf(document: Document): (...place: string[]) => ValidateFunction {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema(document, 'openapi');
  const compiled = new Map<string, ValidateFunction>();
  return (...place) => {
    const pointer = place
      .map((step) => `/${encodeURIComponent(step.replaceAll('~', '~0').replaceAll('/', '~1'))}`)
      .join('');
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `openapi#${pointer}` });
    compiled.set(pointer, validate);
    return validate;
  };
}

/** Holds answers against what a document says of them. */
export interface Documented {
  /** The same answers, with an eye on them. */
  readonly listener: RequestListener;
  /** From now on answers are held against this document. */
  use(document: Document): void;
  /** What was answered otherwise than it is documented. */
  readonly wrong: readonly string[];
  /** Every refusal that was seen, as `operationId code`. */
  readonly seen: ReadonlySet<string>;
}

type Check = (request: IncomingMessage, response: ServerResponse, body: Buffer) => void;

export function documented(app: RequestListener): Documented {
  const wrong: string[] = [];
  const seen = new Set<string>();
  let check: Check | undefined;
  return {
    wrong,
    seen,
    use: (document) => {
      check = checkOf(document, wrong, seen);
    },
    listener: (request, response) => {
      const chunks: Buffer[] = [];
      const keep = (chunk: unknown): void => {
        if (typeof chunk === 'string') chunks.push(Buffer.from(chunk));
        else if (chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
      };
      const write = response.write.bind(response) as (...written: unknown[]) => boolean;
      const end = response.end.bind(response) as (...written: unknown[]) => ServerResponse;
      response.write = (...written: unknown[]) => {
        keep(written[0]);
        return write(...written);
      };
      response.end = (...written: unknown[]) => {
        keep(written[0]);
        return end(...written);
      };
      response.once('finish', () => check?.(request, response, Buffer.concat(chunks)));
      app(request, response);
    },
  };
}

function checkOf(document: Document, wrong: string[], seen: Set<string>): Check {
  const schemaAt = schemasOf(document);
  const templates = Object.keys(document.paths).map((path) => ({
    path,
    pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}/?$`, 'i'),
  }));

  return (request, response, body) => {
    const { originalUrl = '' } = request as { originalUrl?: string };
    const address = originalUrl.split('?')[0] ?? '';
    // Pages for people, of which the document says nothing.
    if (address.startsWith('/docs') || address.startsWith('/desk/')) return;
    const method = request.method === 'HEAD' ? 'get' : (request.method ?? '').toLowerCase();
    const status = String(response.statusCode);
    const say = (what: string): void => {
      wrong.push(`${request.method} ${address} answered ${status}, ${what}: ${body.toString().slice(0, 300)}`);
    };
    const mediaType = String(response.getHeader('content-type') ?? '').split(';')[0] ?? '';
    const path = templates.find(({ pattern }) => pattern.test(address))?.path;
    const operation = path === undefined ? undefined : document.paths[path]?.[method];
    if (path === undefined || !operation) {
      const expected = path === undefined ? ['400', '401', '404'] : ['400', '401', '405'];
      if (!expected.includes(status)) say('at an address or by a method that is not documented');
      else if (mediaType !== 'application/problem+json') say(`as ${mediaType}`);
      else if (request.method !== 'HEAD' && !schemaAt('components', 'schemas', 'Problem')(json(body)))
        say('with a body that is no problem');
      return;
    }
    const answer = operation.responses[status];
    if (!answer) {
      say('which is not documented');
      return;
    }
    if (!Object.hasOwn(answer.content, mediaType)) {
      say(`as ${mediaType}, which is not documented`);
      return;
    }
    for (const [header, { required }] of Object.entries(answer.headers ?? {})) {
      if (required === true && !response.hasHeader(header)) say(`without ${header}`);
    }
    if (!mediaType.endsWith('json') || request.method === 'HEAD') return;
    const sent = json(body);
    const validate = schemaAt('paths', path, method, 'responses', status, 'content', mediaType, 'schema');
    if (!validate(sent)) {
      say(
        `which is not as documented (${(validate.errors ?? []).map((e) => `${e.instancePath} ${e.message}`).join(', ')})`,
      );
    }
    const code = (sent as { code?: unknown }).code;
    if (mediaType === 'application/problem+json') seen.add(`${operation.operationId} ${String(code)}`);
  };
}

function json(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}
