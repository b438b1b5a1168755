/** Runs PostgreSQL and Temporal on the data folder given as its argument until SIGTERM, and says in JSON where they are. */
import { cacheFolder, openDataFolder } from '../../src/embedded/data-folder.js';
import { claimPorts } from '../../src/embedded/ports.js';
import { preparePostgres } from '../../src/embedded/postgres.js';
import { temporalCli } from '../../src/embedded/temporal-binaries.js';
import { temporalServer } from '../../src/embedded/temporal-server.js';

const progress = (line: string): void => console.error(line);
const folder = await openDataFolder(process.argv[2] ?? '', progress);
const { ports, release } = await claimPorts(folder.path, ['postgres', 'temporal', 'temporalUi'], {});
const cli = await temporalCli(cacheFolder, progress);
const postgres = await preparePostgres(folder, { port: ports.postgres, password: 'of no secret', progress });
const temporal = temporalServer(folder, { cli, port: ports.temporal, uiPort: ports.temporalUi, progress });
await Promise.all([postgres.process.start(), temporal.process.start()]);
process.once('SIGTERM', () => {
  void Promise.all([postgres.process.stop(), temporal.process.stop()]).then(() => {
    release();
    folder.close();
    process.disconnect();
  });
});
process.send?.({
  databaseUrl: postgres.url,
  temporalAddress: temporal.address,
  pids: [postgres.process.pid, temporal.process.pid],
});
