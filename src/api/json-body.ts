import express, { type Request, type RequestHandler, type Response } from 'express';
import { Problem } from './problem.js';

const parse: RequestHandler = express.json({ limit: '64kb' });

/**
 * The JSON that a request carries; an empty object when it carries nothing.
 * @throws Problem `unsupported_media_type`, or the parser's own refusals
 */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  if (request.get('content-length') === '0') return {};
  // null means that there is no body, false that it is something else than JSON.
  if (request.is('application/json') === false) {
    throw new Problem('unsupported_media_type', { detail: 'Send application/json.' });
  }
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(asError(error))));
  });
  const body: unknown = request.body;
  return body ?? {};
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the body could not be read', { cause: error });
}
