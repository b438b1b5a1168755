import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Logger, pino } from 'pino';
import { type PublicSiteConfig, readPublicSiteConfig, settingsOrExit } from '../config.js';
import { SECOND } from '../domain/time.js';
import { stopAsked } from '../stop-asked.js';
import { createPool } from '../store/pool.js';
import { createPublicSite } from './site.js';

/** Requests under way are given this long to end when the process is told to stop. */
const STOP_WITHIN = 5 * SECOND;

/** The composition root of the public site: one process that serves it until it is told to stop. */
async function main(config: PublicSiteConfig, logger: Logger): Promise<void> {
  const pool = createPool(config.databaseUrl);
  const server = createServer(createPublicSite({ pool, publicUrl: config.publicUrl, logger }));
  try {
    const stopped = stopAsked();
    server.listen(config.port, config.host);
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    process.send?.({ ready: true, port });
    logger.info({ port }, 'serving');
    await stopped;
    const closed = once(server, 'close');
    server.close();
    const giveUp = setTimeout(() => server.closeAllConnections(), STOP_WITHIN);
    await closed;
    clearTimeout(giveUp);
  } finally {
    await pool.end();
  }
}

const config = settingsOrExit(readPublicSiteConfig);
const logger = pino({ name: 'public-site', level: config.logLevel });
await main(config, logger).catch((error: unknown) => {
  logger.fatal({ reason: error instanceof Error ? error.message : 'unknown' }, 'the public site stopped');
  process.exitCode = 1;
});
