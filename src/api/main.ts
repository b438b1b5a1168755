import { type Logger, pino } from 'pino';
import { readStaffApiConfig, settingsOrExit, type StaffApiConfig } from '../config.js';
import { stopAsked } from '../stop-asked.js';
import { serveStaffApi } from './serve.js';

/** One process that serves the staff API until it is told to stop. */
async function main(config: StaffApiConfig, logger: Logger): Promise<void> {
  const { port, stop } = await serveStaffApi(config, logger);
  const stopped = stopAsked();
  process.send?.({ ready: true, port });
  logger.info({ port }, 'serving');
  await stopped;
  await stop();
}

const config = settingsOrExit(readStaffApiConfig);
const logger = pino({ name: 'staff-api', level: config.logLevel });
await main(config, logger).catch((error: unknown) => {
  logger.fatal({ reason: error instanceof Error ? error.message : 'unknown' }, 'the staff API stopped');
  process.exitCode = 1;
});
