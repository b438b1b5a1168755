import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { isIPv6, type AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import helmet from 'helmet';
import { CallList } from './call-list.js';
import { CALL_TIMES, type CallTimesName } from './call-times.js';
import { controlApi } from './control.js';
import { deskRoutes } from './desk/routes.js';
import { DeskStaff } from './desk/staff.js';
import { EffectsLog, type Accounts } from './effects-log.js';
import { Faults } from './faults.js';
import { feedsPage } from './feeds-page.js';
import { graphApi } from './graph.js';
import { newAccessToken, newId } from './ids.js';
import { imagesInFolder, imagesInMemory } from './image-store.js';
import { Ingestion } from './ingestion.js';
import { phonePage } from './phone/page.js';
import { PHONE_SCRIPT } from './phone/script.js';
import { viewOf } from './phone/view.js';
import { RateLimit } from './rate-limit.js';
import { ReadAfterWrite } from './read-after-write.js';
import { REFRESH_SCRIPT } from './refresh-script.js';
import type { Settings } from './settings.js';
import type { Simulation } from './simulation.js';
import { imageInUse } from './world.js';

/** In milliseconds. */
const KEPT_ALIVE_FOR = 75_000;
/** Instagram's own. */
const DAILY_QUOTA = 100;
/** More than anybody calls here: who wants to be throttled says so. */
const CALLS_PER_HOUR = 1_000_000;

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
  /** `fast` when left out. */
  readonly callTimes?: CallTimesName;
  /** The least time until an Instagram container is ready, in milliseconds, in place of that of `callTimes`. */
  readonly containerMs?: number;
  /** How many media the Instagram account may publish in 24 hours; 100 when left out. */
  readonly dailyQuota?: number;
  /** How many calls each account takes in an hour; a million when left out. */
  readonly callsPerHour?: number;
  /** Given, every call needs its `appsecret_proof`. */
  readonly appSecret?: string;
  /** Given, there is a partner desk at `/desk`, and messages to it are signed with this. */
  readonly deskSecret?: string;
  /** Given, the desk does by itself what it is asked, so many milliseconds later. */
  readonly deskConfirmsAfterMs?: number;
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
  const settings = settingsOf(options);
  const ingestion = new Ingestion(log, images, settings, stop.signal);
  const staff = new DeskStaff(log, settings, stop.signal);
  const server = createServer(
    // Longer than its clients keep an idle connection: one that it closes just as it is asked would look like a fault that nobody armed.
    { keepAliveTimeout: KEPT_ALIVE_FOR },
    application(
      {
        log,
        images,
        ingestion,
        settings,
        readAfterWrite: new ReadAfterWrite(),
        rateLimit: new RateLimit(options.callsPerHour ?? CALLS_PER_HOUR),
        stopping: stop.signal,
      },
      staff,
    ),
  );
  try {
    server.listen(options.port, options.host ?? '127.0.0.1');
    await once(server, 'listening');
  } catch (error) {
    log.close();
    throw error;
  }
  ingestion.resume();
  staff.lookOverAll();
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

function settingsOf({
  callTimes = 'fast',
  containerMs,
  dailyQuota = DAILY_QUOTA,
  appSecret,
  deskSecret,
  deskConfirmsAfterMs,
}: SimulatorOptions): Settings {
  const times = CALL_TIMES[callTimes];
  return {
    callTimes: { ...times, containerMs: containerMs ?? times.containerMs },
    secondFlip: 'nothing',
    missingScopes: [],
    dailyQuota,
    appSecret,
    deskSecret,
    deskConfirmsAfterMs,
    deskConfirms: 'once',
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

function application(simulation: Simulation, staff: DeskStaff): Express {
  const { log, images } = simulation;
  const faults = new Faults();
  const calls = new CallList();
  const app = express();
  app.use(
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          imgSrc: ["'self'", 'data:'],
          styleSrc: ["'unsafe-inline'"],
          scriptSrc: [REFRESH_SCRIPT, PHONE_SCRIPT].map(sourceOf),
          connectSrc: ["'self'"],
          baseUri: ["'none'"],
          formAction: ["'self'"],
          frameAncestors: ["'none'"],
        },
      },
      strictTransportSecurity: false,
    }),
  );
  app.get('/', (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(feedsPage(log));
  });
  app.get('/phone', (request, response) => {
    response
      .set('Cache-Control', 'no-cache')
      .type('html')
      .send(phonePage(log.world, viewOf(request.query), Date.now()));
  });
  app.get('/simulator/images/:sha256', (request, response, next) => {
    const image = imageInUse(log.world, request.params.sha256);
    if (image === undefined) next();
    else response.type(`image/${image.format}`).set('Cache-Control', 'no-store').send(images.get(image.sha256));
  });
  app.use('/desk', deskRoutes(simulation, staff, faults, calls));
  app.use('/simulator', controlApi(simulation, staff, faults, calls));
  app.use(graphApi(simulation, faults, calls));
  return app;
}

/** How a content security policy names a script. */
function sourceOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}

function urlOf({ address, port }: AddressInfo): string {
  if (address === '0.0.0.0' || address === '::') return `http://127.0.0.1:${port}`;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
