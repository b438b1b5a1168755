import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Milliseconds, SECOND } from './domain/time.js';

/** How long a client may take: whoever is slower holds a connection that others need. */
export interface Patience {
  /** Until the headers of a request have arrived. */
  readonly headers: Milliseconds;
  /** Until all of it has. */
  readonly request: Milliseconds;
  /** Without a byte in either direction, a client that does not take its answer included. */
  readonly silence: Milliseconds;
  /** Between two requests. */
  readonly keepAlive: Milliseconds;
}

/** How late somebody who is too slow may be found out. */
const LOOKS_EVERY: Milliseconds = 2 * SECOND;

/** An HTTP server that waits for nobody without a bound, not listening yet. */
export function httpServer({ headers, request, silence, keepAlive }: Patience, listener?: RequestListener): Server {
  const server = createServer(
    {
      headersTimeout: headers,
      requestTimeout: request,
      keepAliveTimeout: keepAlive,
      connectionsCheckingInterval: LOOKS_EVERY,
      // Whoever sends none gets an answer like everybody else: which host we are is nothing that we go by.
      requireHostHeader: false,
    },
    listener,
  );
  server.setTimeout(silence);
  return server;
}

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /**
   * Takes no more requests, and gives those under way `within` ms to end.
   * @param meanwhile begun once no more come, and waited for
   */
  readonly stop: (within: Milliseconds, meanwhile?: () => Promise<void>) => Promise<void>;
}

/** @throws when the port is taken */
export async function listen(server: Server, { host, port }: { host: string; port: number }): Promise<Listening> {
  server.listen(port, host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async (within, meanwhile) => {
      const closed = once(server, 'close');
      server.close();
      await meanwhile?.();
      const giveUp = setTimeout(() => server.closeAllConnections(), within);
      await closed;
      clearTimeout(giveUp);
    },
  };
}

/** A process that serves. */
export interface Served {
  readonly port: number;
  /** Ends it in order: what is under way comes to its end. */
  readonly stop: () => Promise<void>;
}

/**
 * Listens, and lets go of what was opened for it once it has stopped, or when it cannot listen.
 * @param within how long requests under way are given to end, in milliseconds
 * @param meanwhile begun once no more requests come, and waited for
 * @throws when the port is taken
 */
export async function serve(
  server: Server,
  at: { host: string; port: number },
  { within, meanwhile, letGo }: { within: Milliseconds; meanwhile?: () => Promise<void>; letGo: () => Promise<void> },
): Promise<Served> {
  try {
    const { port, stop } = await listen(server, at);
    return {
      port,
      stop: async () => {
        await stop(within, meanwhile);
        await letGo();
      },
    };
  } catch (error) {
    await letGo();
    throw error;
  }
}
