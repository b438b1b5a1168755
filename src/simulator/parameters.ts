import busboy from 'busboy';
import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import { invalidParameter } from './graph-error.js';

const MAX_BODY_BYTES = 1024 * 1024;

/**
 * The parameters of a call, wherever Graph accepts them: query, JSON, urlencoded or multipart form. Forms carry objects
 * as JSON text, so an object and its JSON are the same here.
 */
export class Parameters {
  private constructor(private readonly values: ReadonlyMap<string, unknown>) {}

  /** Reads a request whose body was parsed by `bodyParsers`. A body parameter goes before one of the query. */
  static of(request: Request): Parameters {
    const body: unknown = request.body;
    return new Parameters(
      new Map<string, unknown>([
        ...Object.entries(request.query),
        ...(typeof body === 'object' && body !== null ? Object.entries(body) : []),
      ]),
    );
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** A text; a number becomes its digits. Undefined when it was not sent. */
  text(name: string): string | undefined {
    const value = this.values.get(name);
    if (value === undefined || value === null) return undefined;
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return String(value);
    throw invalidParameter(`Param ${name} must be a string`);
  }

  /** True or false, as JSON or as a word. Undefined when it was not sent. */
  flag(name: string): boolean | undefined {
    const value = this.values.get(name);
    if (value === undefined) return undefined;
    if (value === true || value === 'true' || value === '1') return true;
    if (value === false || value === 'false' || value === '0') return false;
    throw invalidParameter(`Param ${name} must be a boolean`);
  }

  /** A structure, or its JSON. Undefined when it was not sent. */
  structure(name: string): unknown {
    return structureOf(this.values.get(name), name);
  }

  /** A list, its JSON, or a form's `name[0]`, `name[1]`, …, each of them a structure. Empty when it was not sent. */
  list(name: string): unknown[] {
    const whole = this.structure(name);
    if (Array.isArray(whole)) return whole.map((item) => structureOf(item, name));
    if (whole !== undefined) throw invalidParameter(`Param ${name} must be an array`);
    return [...this.values]
      .flatMap(([key, value]) => {
        const index = key.startsWith(`${name}[`) ? /^\[(\d+)\]$/.exec(key.slice(name.length))?.[1] : undefined;
        return index === undefined ? [] : [{ index: Number(index), item: structureOf(value, name) }];
      })
      .sort((a, b) => a.index - b.index)
      .map(({ item }) => item);
  }
}

/** Parsers for every kind of body Graph accepts. None of them takes files. */
export const bodyParsers: RequestHandler[] = [
  express.json({ limit: MAX_BODY_BYTES }),
  express.urlencoded({ extended: false, limit: MAX_BODY_BYTES }),
  multipartFields,
];

function multipartFields(request: Request, _response: Response, next: NextFunction): void {
  if (!request.is('multipart/form-data')) {
    next();
    return;
  }
  const fields: Record<string, string> = {};
  let refusal: Error | undefined;
  const form = busboy({ headers: request.headers, limits: { fieldSize: MAX_BODY_BYTES, fields: 100 } });
  form.on('field', (name, value) => Object.defineProperty(fields, name, { value, enumerable: true }));
  form.on('file', (name, file) => {
    refusal = invalidParameter(`Param ${name}: the simulator takes images by their address, not as files`);
    file.resume();
  });
  form.once('error', () => next(invalidParameter('The multipart body cannot be read')));
  form.once('close', () => {
    request.body = fields;
    next(refusal);
  });
  request.pipe(form);
}

function structureOf(value: unknown, name: string): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    throw invalidParameter(`Param ${name} must be JSON`);
  }
}
