import { NativeConnection, Runtime, Worker, type WorkerOptions } from '@temporalio/worker';
import type pg from 'pg';
import { type Logger, pino } from 'pino';
import { createAccountWatchActivities } from './activities/account-watch-activities.js';
import { createChannelActivities } from './activities/channel-activities.js';
import { createJournalActivities } from './activities/journal-activities.js';
import { createNoticeActivities } from './activities/notice-activities.js';
import { createRecordActivities } from './activities/record-activities.js';
import { createFacebookAccount } from './channels/facebook-account.js';
import { createFacebookChannel } from './channels/facebook.js';
import { createGraphClient } from './channels/graph-client.js';
import { createInstagramAccount } from './channels/instagram-account.js';
import { createInstagramChannel } from './channels/instagram.js';
import { createMetaPartnerChannel } from './channels/meta-partner.js';
import { partnerMail } from './channels/partner-mail.js';
import { partnerWebhook } from './channels/partner-webhook.js';
import { readWorkerConfig, settingsOrExit, type WorkerConfig } from './config.js';
import { confirmLinks } from './desk/confirmation.js';
import { createNotifier } from './notify/notifier.js';
import type { AlertChannel } from './ports/alert-channel.js';
import { createAccountFindings } from './store/account-findings.js';
import { createAlertPackages } from './store/alert-packages.js';
import { createCaseJournal } from './store/case-journal.js';
import { createContentStore } from './store/content-store.js';
import { createDeliveryQueue } from './store/delivery-queue.js';
import { createNoticeLog } from './store/notice-log.js';
import { createPool } from './store/pool.js';
import { scheduleAccountWatch } from './temporal/account-watch-schedule.js';
import { createTemporalClient, PAYLOAD_CONVERTER_PATH } from './temporal/client.js';
import { createDelivery } from './temporal/delivery.js';
import { startDeliverySweep } from './temporal/delivery-sweep.js';
import { temporalLogger } from './temporal/logger.js';
import { newestEntry } from './temporal/newest-entry.js';
import { bundleWorkflows } from './temporal/workflow-bundle.js';
import { TASK_QUEUES } from './workflows/task-queues.js';

/** The composition root of the worker: one process that serves the three task queues until it is told to stop. */
async function main(config: WorkerConfig, logger: Logger): Promise<void> {
  Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });
  const { people, policy } = config.policyFile;
  const pool = createPool(config.databaseUrl);
  const graph = createGraphClient(config.meta);
  const igGraph = createGraphClient({ ...config.meta, accessToken: config.meta.igAccessToken });
  const { pageId, igUserId, audience, facebookStrategy } = config.meta;

  const channels = {
    facebook: createFacebookChannel({ graph, pageId, audience, strategy: facebookStrategy }),
    instagram: createInstagramChannel({ graph: igGraph, igUserId, audience }),
    ...(config.partner && { 'meta-partner': partnerChannel(config, config.partner, pool) }),
  };
  const { expireAlert, ...publishing } = createChannelActivities({
    channels,
    audience,
    content: createContentStore(pool, { publicUrl: config.publicUrl }),
  });
  const notifier = createNotifier({
    people,
    mail: config.mail,
    webhook: { secret: config.webhookSecret },
    staffUrl: config.staffUrl,
    log: createNoticeLog(pool),
    logger,
  });

  const journal = createCaseJournal(pool);
  const client = createTemporalClient(config.temporal);
  const watching = createAccountWatchActivities({
    accounts: {
      facebook: createFacebookAccount({ graph, pageId }),
      instagram: createInstagramAccount({ graph: igGraph, igUserId }),
    },
    channels,
    findings: createAccountFindings(pool),
    newestEntry: (caseNumber) => newestEntry(client, caseNumber),
    notifier,
    administrators: (tier) => policy.tiers[tier].ladders.administrators.rungs[0]?.people ?? [],
  });

  const connection = await NativeConnection.connect({ address: config.temporal.address });
  const common = {
    connection,
    namespace: config.temporal.namespace,
    dataConverter: { payloadConverterPath: PAYLOAD_CONVERTER_PATH },
    // Long enough for any step that was sent to come back with its outcome.
    shutdownGraceTime: '20 seconds',
    shutdownForceTime: '30 seconds',
  } satisfies Partial<WorkerOptions>;
  // Ready made, a worker that crashed is back a second or two earlier.
  const workflowBundle =
    config.workflowBundle === undefined
      ? await bundleWorkflows(Runtime.instance().logger)
      : { codePath: config.workflowBundle };
  const workers = await Promise.all([
    Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.cases,
      workflowBundle,
      activities: { ...publishing, ...createRecordActivities({ journal, notifier }) },
      maxConcurrentActivityTaskExecutions: 200,
    }),
    Worker.create({ ...common, taskQueue: TASK_QUEUES.removals, activities: { expireAlert } }),
    Worker.create({
      ...common,
      taskQueue: TASK_QUEUES.background,
      workflowBundle,
      // Enough for the account watch, and each thread costs the start of a worker a tenth of its time.
      workflowThreadPoolSize: 1,
      activities: {
        ...watching,
        ...createJournalActivities({ journal }),
        ...createNoticeActivities({ notifier }),
      },
    }),
  ]);

  const queue = createDeliveryQueue(pool);
  const stopSweep = startDeliverySweep({ queue, delivery: createDelivery({ queue, client, logger }), logger });

  const stop = (): void => workers.forEach((worker) => worker.getState() === 'RUNNING' && worker.shutdown());
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop);
  // Forked by the embedded stack: without its parent it has nothing to work for.
  process.once('disconnect', stop);

  const running = workers.map((worker) => worker.run());
  await scheduleAccountWatch(client).catch((error: unknown) => {
    // Cases go on without it; the next worker that starts tries again.
    logger.error({ reason: error instanceof Error ? error.name : 'unknown' }, 'the account watch is not scheduled');
  });
  process.send?.({ ready: true });
  logger.info({ taskQueues: Object.values(TASK_QUEUES) }, 'working');
  try {
    await Promise.all(running);
  } finally {
    // One worker that failed takes the others with it: a process that does half its work looks healthy and is not.
    stop();
    await Promise.allSettled(running);
    await stopSweep();
    await connection.close();
    await client.connection.close();
    await pool.end();
  }
}

function partnerChannel(
  { meta: { audience }, mail }: WorkerConfig,
  { desk, confirmUrl, confirmSecret }: NonNullable<WorkerConfig['partner']>,
  pool: pg.Pool,
): AlertChannel {
  return createMetaPartnerChannel({
    desk: desk.by === 'mail' ? partnerMail({ ...mail, to: desk.to }) : partnerWebhook(desk),
    packages: createAlertPackages(pool),
    links: confirmLinks({ base: confirmUrl, secret: confirmSecret }),
    audience,
  });
}

const config = settingsOrExit(readWorkerConfig);
const logger = pino({ name: 'worker', level: config.logLevel });
await main(config, logger).catch((error: unknown) => {
  logger.fatal({ reason: error instanceof Error ? error.message : 'unknown' }, 'the worker stopped');
  process.exitCode = 1;
});
