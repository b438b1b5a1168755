import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import type { PublicSiteConfig } from '../config.js';
import { SECOND } from '../domain/time.js';
import { createPool } from '../store/pool.js';
import { createPublicSite } from './site.js';

/** Requests under way are given this long to end when it is told to stop. */
const STOP_WITHIN = 5 * SECOND;

/** The public site while it serves. */
export interface ServedPublicSite {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

/**
 * The composition root of the public site.
 * @returns once it serves
 * @throws when its port is taken
 */
export async function servePublicSite(config: PublicSiteConfig, logger: Logger): Promise<ServedPublicSite> {
  const pool = createPool(config.databaseUrl);
  const server = createServer(createPublicSite({ pool, publicUrl: config.publicUrl, logger }));
  try {
    server.listen(config.port, config.host);
    await once(server, 'listening');
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      const giveUp = setTimeout(() => server.closeAllConnections(), STOP_WITHIN);
      await closed;
      clearTimeout(giveUp);
      await pool.end();
    },
  };
}
