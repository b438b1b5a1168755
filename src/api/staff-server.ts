import type { RequestListener, Server } from 'node:http';
import { MINUTE, SECOND } from '../domain/time.js';
import { httpServer, type Patience } from '../http-server.js';
import { answerUnreadable } from './unreadable-requests.js';

const PATIENCE: Patience = {
  headers: 10 * SECOND,
  // A photo of ten megabytes on a slow line.
  request: 3 * MINUTE,
  // Streams of events are silent for 15 s at most.
  silence: MINUTE,
  // Longer than clients and proxies keep an idle connection: whoever closes it first must not be the one that is just being asked.
  keepAlive: 75 * SECOND,
};

/** The HTTP server of the staff API, not listening yet. */
export function staffServer(listener: RequestListener, patience: Patience = PATIENCE): Server {
  const server = httpServer(patience);
  answerUnreadable(server, listener);
  return server;
}
