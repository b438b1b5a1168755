import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { controlApi } from './control.js';
import { EffectsLog, type Accounts } from './effects-log.js';
import { Faults } from './faults.js';
import { feedsPage, REFRESH_SCRIPT } from './feeds-page.js';
import { graphApi } from './graph.js';
import { newAccessToken, newId } from './ids.js';
import { imagesInFolder, imagesInMemory } from './image-store.js';
import { Ingestion } from './ingestion.js';
import type { Simulation } from './simulation.js';
import { imageInUse } from './world.js';

const CONTAINER_READY_AFTER_MS = 200;
/** Instagram's own. */
const DAILY_QUOTA = 100;

export interface SimulatorOptions {
  /** 0 takes a free one. */
  readonly port: number;
  /** Address to listen on; 127.0.0.1 when left out. */
  readonly host?: string;
  /** Where the effects are kept, with the images in a folder beside it. Left out, everything ends with the simulator. */
  readonly dataFile?: string;
  /** What is left out comes from the data file, or is drawn at random. */
  readonly pageId?: string;
  readonly igUserId?: string;
  readonly accessToken?: string;
  /** The least time until an Instagram container is ready, in milliseconds; 200 when left out. */
  readonly containerMs?: number;
  /** How many media the Instagram account may publish in 24 hours; 100 when left out. */
  readonly dailyQuota?: number;
}

export interface Simulator extends Accounts {
  /** `http://host:port`, without a slash at the end. */
  readonly url: string;
  /** Stops at once: calls under way are cut off, their effects are there or not. */
  close(): Promise<void>;
}

/**
 * Starts a Facebook Page and an Instagram account that are nowhere but here.
 * @throws Error if the port is taken, or the data file is damaged or belongs to other accounts
 */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const stop = new AbortController();
  const log = openLog(options);
  const images = options.dataFile === undefined ? imagesInMemory() : imagesInFolder(`${options.dataFile}.images`);
  const readyAfterMs = options.containerMs ?? CONTAINER_READY_AFTER_MS;
  const dailyQuota = options.dailyQuota ?? DAILY_QUOTA;
  const ingestion = new Ingestion(log, images, readyAfterMs, stop.signal);
  const server = createServer(application({ log, images, ingestion, dailyQuota, stopping: stop.signal }));
  try {
    server.listen(options.port, options.host ?? '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    log.close();
    throw error;
  }
  ingestion.resume();
  return {
    ...log.accounts,
    url: urlOf(server.address() as AddressInfo),
    close: async () => {
      stop.abort();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await Promise.all([closed, ingestion.settled()]);
      log.close();
    },
  };
}

function openLog({ dataFile, pageId, igUserId, accessToken }: SimulatorOptions): EffectsLog {
  const fresh: Accounts = {
    pageId: pageId ?? newId('100', () => false),
    igUserId: igUserId ?? newId('17841', () => false),
    accessToken: accessToken ?? newAccessToken(),
  };
  if (dataFile === undefined) return EffectsLog.inMemory(fresh);
  const wanted = {
    ...(pageId === undefined ? {} : { pageId }),
    ...(igUserId === undefined ? {} : { igUserId }),
    ...(accessToken === undefined ? {} : { accessToken }),
  };
  return EffectsLog.inFile(dataFile, wanted, fresh);
}

function application(simulation: Simulation): Express {
  const { log, images } = simulation;
  const faults = new Faults();
  const app = express();
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'unsafe-inline'"],
          scriptSrc: [`'sha256-${createHash('sha256').update(REFRESH_SCRIPT).digest('base64')}'`],
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'none'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
    }),
  );
  app.get('/', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(feedsPage(log));
  });
  app.get('/simulator/images/:sha256', (request, response, next) => {
    const image = imageInUse(log.world, request.params.sha256);
    if (image === undefined) next();
    else response.type(`image/${image.format}`).set('Cache-Control', 'no-store').send(images.get(image.sha256));
  });
  app.use('/simulator', controlApi(log, faults));
  app.use(graphApi(simulation, faults));
  return app;
}

function urlOf({ address, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
