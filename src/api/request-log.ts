import { randomUUID } from 'node:crypto';
import { isNativeError } from 'node:util/types';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { isCaseNumber } from '../domain/case-number.js';

/** Gives every request an id, which its answer carries too, and logs one line for it: no body, no header, and no address as it was typed. */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp<Request, Response>({
    logger,
    // Left to itself it logs every header, the token among them.
    quietReqLogger: true,
    quietResLogger: true,
    serializers: { req: () => undefined, res: () => undefined },
    customAttributeKeys: { reqId: 'requestId' },
    genReqId: (_request, response) => {
      const id = randomUUID();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'error' : 'info'),
    customSuccessObject: line,
    customErrorObject: (request, response, _error, values: unknown) => line(request, response, values),
    customSuccessMessage: () => 'request',
    customErrorMessage: () => 'request',
  });
}

function line(request: Request, response: Response, values: unknown): object {
  // The pattern of the route, not the path: anything may have been typed into a path, a name too.
  const route: unknown = (request.route as { path?: unknown } | undefined)?.path;
  const { responseTime } = values as { readonly responseTime: number };
  return {
    method: request.method,
    route,
    caseNumber: request.originalUrl.split(/[/?]/).find(isCaseNumber),
    status: response.statusCode,
    milliseconds: responseTime,
  };
}

/** What may be logged of an error: its kind, its code and where it came from, but not its message, which may quote what was sent. */
export function traceOf(error: unknown): object {
  if (!isNativeError(error)) return { name: typeof error };
  const code = 'code' in error ? error.code : undefined;
  const stack = error.stack?.split('\n').filter((frame) => /^\s+at /.test(frame));
  return { name: error.name, code, stack, ...(error.cause === undefined ? {} : { cause: traceOf(error.cause) }) };
}
