import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { Problem, problemBody, type ProblemCode, PROBLEMS } from './problem.js';

const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** Answers what is no request that Node's parser can read with a problem too: no route ever sees it. */
export function answerUnreadable(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Also raised when the other side hung up: nobody is there to be answered.
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const problem = new Problem(CODES[error.code ?? ''] ?? 'malformed_request');
    const { status, title } = PROBLEMS[problem.code];
    const id = randomUUID();
    const body = JSON.stringify(problemBody(problem, id));
    socket.end(
      [
        `HTTP/1.1 ${status} ${title}`,
        'Content-Type: application/problem+json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store',
        'X-Content-Type-Options: nosniff',
        `X-Request-Id: ${id}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
  });
}
