import { randomUUID } from 'node:crypto';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { Problem, problemBody, type ProblemCode, PROBLEMS } from './problem.js';

const CODES: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/**
 * Answers what no route ever sees with a problem too: what Node's parser cannot read, what expects something of us that nobody promised, and
 * an address that is none.
 */
export function answerUnreadable(server: Server, listener: RequestListener): void {
  server.on('request', (request, response) => {
    if (URL.canParse(request.url ?? '', 'http://staff.invalid')) listener(request, response);
    else refuse(response);
  });
  server.on('checkExpectation', (_request, response) => refuse(response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // Also raised when the other side hung up: nobody is there to be answered.
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const { status, title, headers, body } = refusal(CODES[error.code ?? ''] ?? 'malformed_request');
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
    socket.end([`HTTP/1.1 ${status} ${title}`, ...head, '', body].join('\r\n'));
  });
}

function refuse(response: ServerResponse): void {
  const { status, headers, body } = refusal('malformed_request');
  response.writeHead(status, headers).end(body);
}

/** A whole answer, for where there is no route, and perhaps no response, to give it. */
function refusal(code: ProblemCode): {
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
} {
  const id = randomUUID();
  const body = JSON.stringify(problemBody(new Problem(code), id));
  const { status, title } = PROBLEMS[code];
  return {
    status,
    title,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      'Cache-Control': 'no-store',
      'X-Content-Type-Options': 'nosniff',
      'X-Request-Id': id,
      Connection: 'close',
    },
    body,
  };
}
