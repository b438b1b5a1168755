import { type Logger, pino } from 'pino';
import { type PublicSiteConfig, readPublicSiteConfig, settingsOrExit } from '../config.js';
import { stopAsked } from '../stop-asked.js';
import { servePublicSite } from './serve.js';

/** One process that serves the public site until it is told to stop. */
async function main(config: PublicSiteConfig, logger: Logger): Promise<void> {
  const { port, stop } = await servePublicSite(config, logger);
  const stopped = stopAsked();
  process.send?.({ ready: true, port });
  logger.info({ port }, 'serving');
  await stopped;
  await stop();
}

const config = settingsOrExit(readPublicSiteConfig);
const logger = pino({ name: 'public-site', level: config.logLevel });
await main(config, logger).catch((error: unknown) => {
  logger.fatal({ reason: error instanceof Error ? error.message : 'unknown' }, 'the public site stopped');
  process.exitCode = 1;
});
