import { createServer, type RequestListener, type Server } from 'node:http';
import { SECOND } from '../domain/time.js';
import { answerUnreadable } from './unreadable-requests.js';

/** Longer than clients and proxies keep an idle connection: whoever closes it first must not be the one that is just being asked. */
const KEPT_ALIVE_FOR = 75 * SECOND;

/** The HTTP server of the staff API, not listening yet. */
export function staffServer(listener: RequestListener): Server {
  const server = createServer({ keepAliveTimeout: KEPT_ALIVE_FOR }, listener);
  answerUnreadable(server);
  return server;
}
