import type { Logger } from 'pino';
import type { PublicSiteConfig } from '../config.js';
import { SECOND } from '../domain/time.js';
import { httpServer, type Patience, serve, type Served } from '../http-server.js';
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

/**
 * The composition root of the public site.
 * @returns once it serves
 * @throws when its port is taken
 */
export async function servePublicSite(config: PublicSiteConfig, logger: Logger): Promise<Served> {
  const pool = createPool(config.databaseUrl);
  const server = httpServer(PATIENCE, createPublicSite({ pool, publicUrl: config.publicUrl, logger }));
  return serve(server, config, { within: STOP_WITHIN, letGo: () => pool.end() });
}
