import express, { type Request, type RequestHandler, type Response } from 'express';
import type { z } from 'zod';
import { parseSent } from './field-errors.js';
import { Problem } from './problem.js';

// Not strict: a body that is a number or null is well-formed, and refused for what it is.
const parse: RequestHandler = express.json({ limit: '64kb', strict: false });

/**
 * Reads the JSON that a request carries. A body that holds nothing it must hold may be left out.
 * @throws Problem `body_missing`, `unsupported_media_type`, `invalid`, or the parser's own refusals
 */
export async function receiveJson<T>(schema: z.ZodType<T>, request: Request, response: Response): Promise<T> {
  const sent = await readJson(request, response);
  if (sent === undefined && !mayBeLeftOut(schema)) throw new Problem('body_missing', { detail: 'Send a JSON object.' });
  return parseSent(schema, sent === undefined ? {} : sent);
}

/** Whether a body is as good as an empty object. */
export function mayBeLeftOut(schema: z.ZodType): boolean {
  return schema.safeParse({}).success;
}

async function readJson(request: Request, response: Response): Promise<unknown> {
  if (request.get('content-length') === '0') return undefined;
  // null means that there is no body, false that it is something else than JSON.
  if (request.is('application/json') === false) {
    throw new Problem('unsupported_media_type', { detail: 'Send application/json.' });
  }
  await new Promise<void>((resolve, reject) => {
    parse(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(asError(error))));
  });
  return request.body;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('the body could not be read', { cause: error });
}
