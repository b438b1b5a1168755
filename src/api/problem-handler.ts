import { isNativeError } from 'node:util/types';
import type { ErrorRequestHandler } from 'express';
import { Problem, problemBody, type ProblemCode, PROBLEMS } from './problem.js';
import { CaseUnknown, IdempotencyKeyReused } from '../store/case-store.js';
import { TextTooLong } from '../media/texts.js';
import { PhotoRefused } from '../media/photo.js';
import { ContentMismatch } from '../ports/content-store.js';
import { isStoreUnavailable } from './store-unavailable.js';
import { traceOf } from './request-log.js';

/** Answers whatever was thrown while a request was handled. What must not happen is logged, and says nothing to the caller. */
export function answerProblems(): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const problem = problemOf(error);
    if (PROBLEMS[problem.code].status === 500) request.log.error({ failure: traceOf(error) }, 'a request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    response
      .status(PROBLEMS[problem.code].status)
      .set(problem.particulars.headers ?? {})
      .type('application/problem+json')
      .json(problemBody(problem, response.get('X-Request-Id') ?? ''));
  };
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof CaseUnknown) return new Problem('case_unknown');
  if (error instanceof IdempotencyKeyReused) return new Problem('idempotency_key_reused');
  if (error instanceof PhotoRefused) return new Problem(error.code, { detail: error.detail });
  if (error instanceof ContentMismatch) return new Problem('content_mismatch');
  if (error instanceof TextTooLong) return textTooLong(error);
  if (isStoreUnavailable(error)) return new Problem('store_unavailable', { headers: { 'Retry-After': '5' } });
  return new Problem(codeOfHttpError(error) ?? 'internal_error');
}

function textTooLong({ channel, over, longest }: TextTooLong): Problem {
  return new Problem('text_too_long', {
    detail: `What ${channel} would show is ${over} characters too long. Shorten the fields that errors lists; they take most room.`,
    errors: longest.map(({ field, length }) => ({
      pointer: `/${field.replaceAll('.', '/')}`,
      code: 'text_too_long' as const,
      detail: `has ${length} characters`,
    })),
  });
}

/** Express and its body parser refuse with errors that carry a status and mostly a type. */
function codeOfHttpError(error: unknown): ProblemCode | undefined {
  if (!isNativeError(error) || !('status' in error)) return undefined;
  if ('type' in error && error.type === 'entity.parse.failed') return 'malformed_json';
  switch (error.status) {
    case 400:
      return 'malformed_request';
    case 413:
      return 'too_large';
    case 415:
      return 'unsupported_media_type';
    default:
      return undefined;
  }
}
