import type { Logger } from 'pino';
import type { StaffApiConfig } from '../config.js';
import { SECOND } from '../domain/time.js';
import { serve, type Served } from '../http-server.js';
import { createAccessTokens } from '../oidc/access-tokens.js';
import { createCaseStores } from '../store/case-store.js';
import { createDeliveryQueue } from '../store/delivery-queue.js';
import { createJournalListener } from '../store/journal-listener.js';
import { createPool } from '../store/pool.js';
import { createTemporalClient } from '../temporal/client.js';
import { createDelivery } from '../temporal/delivery.js';
import { temporalReachability } from '../temporal/reachable.js';
import { createStaffApi } from './app.js';
import { staffServer } from './staff-server.js';

/** How long a caller is kept waiting for a case's answer before being told where to look for it. */
const ANSWER_WITHIN = 5 * SECOND;
/** Requests under way are given this long to end when it is told to stop. */
const STOP_WITHIN = 10 * SECOND;

/**
 * The composition root of the staff API.
 * @returns once it serves
 * @throws when its port is taken
 */
export async function serveStaffApi(config: StaffApiConfig, logger: Logger): Promise<Served> {
  const pool = createPool(config.databaseUrl);
  // Of its own, so that storing never waits for a connection while commands are being delivered.
  const deliveryPool = createPool(config.databaseUrl);
  const outcomes = createJournalListener(config.databaseUrl);
  const client = createTemporalClient(config.temporal);
  const accessTokens = config.oidc && createAccessTokens(config.oidc, logger);
  accessTokens?.prepare();
  const app = createStaffApi({
    store: createCaseStores(pool),
    outcomes,
    delivery: createDelivery({ queue: createDeliveryQueue(deliveryPool), client, logger }),
    answerWithinMs: ANSWER_WITHIN,
    temporalReachable: temporalReachability(client),
    policyFile: config.policyFile,
    publicUrl: config.publicUrl,
    temporalUi: { url: config.temporalUiUrl, namespace: config.temporal.namespace },
    staff: config.staff,
    ...(accessTokens && { accessTokens }),
    ...(config.deskSecret === undefined ? {} : { deskSecret: config.deskSecret }),
    logger,
  });
  const letGo = async (): Promise<void> => {
    await outcomes.close();
    // Waits for every delivery under way: one that tries again on a connection to Temporal that was closed would end the process.
    await deliveryPool.end();
    await client.connection.close();
    await pool.end();
  };

  // Meanwhile whoever still waits for an answer is told that the command is stored, and streams of events end.
  return serve(staffServer(app), config, { within: STOP_WITHIN, meanwhile: () => outcomes.close(), letGo });
}
