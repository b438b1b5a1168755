import type { Logger } from 'pino';
import type { PublicSiteConfig } from '../config.js';
import { SECOND } from '../domain/time.js';
import { httpServer, listen, type Patience } from '../http-server.js';
import { createPool } from '../store/pool.js';
import { createPublicSite } from './site.js';

/** Requests under way are given this long to end when it is told to stop. */
const STOP_WITHIN = 5 * SECOND;

/** Requests here are a line and some headers; an answer is a picture at most, which a slow line takes bit by bit. */
const PATIENCE: Patience = {
  headers: 10 * SECOND,
  request: 10 * SECOND,
  silence: 30 * SECOND,
  keepAlive: 5 * SECOND,
};

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
  const server = httpServer(PATIENCE, createPublicSite({ pool, publicUrl: config.publicUrl, logger }));
  try {
    const { port, stop } = await listen(server, config);
    return {
      port,
      stop: async () => {
        await stop(STOP_WITHIN);
        await pool.end();
      },
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
