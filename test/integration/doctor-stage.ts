import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { pino } from 'pino';
import { type ExaminedConfig, examineWorkerConfig } from '../../src/config.js';
import { checkUp } from '../../src/doctor/checkup.js';
import type { Finding } from '../../src/doctor/finding.js';
import { testImageUrl } from '../../src/doctor/images.js';
import { probe, type Probe } from '../../src/doctor/probe.js';
import { createPublicSite } from '../../src/public/site.js';
import type { SimulatorOptions } from '../../src/simulator/server.js';
import { createPool } from '../../src/store/pool.js';
import { type Meta, startMeta } from './channels-stage.js';

/** A simulator, and a doctor that has what it needs to look at it. */
export interface Patient extends Meta {
  readonly environment: Readonly<Record<string, string>>;
  readonly examine: (changes?: Record<string, string>) => ExaminedConfig;
  readonly checked: (changes?: Record<string, string>) => Promise<Finding[]>;
  readonly probed: (signal?: AbortSignal) => Promise<Probe>;
  /** What was made and not deleted, by the simulator's own log. */
  readonly left: () => Promise<string[]>;
}

export interface DoctorStage {
  readonly publicUrl: string;
  start(options?: Partial<SimulatorOptions>): Promise<Patient>;
}

/** An address where nobody listens any more. */
export async function nobodysUrl(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}

/** Sets up, for the tests of a file, the public site, whose test image needs no database, and simulators. */
export function doctorStage(): DoctorStage {
  const pool = createPool('postgres://nobody@127.0.0.1:1/none');
  const server = createServer();
  let publicUrl = '';
  let running: Meta[] = [];

  beforeAll(async () => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', createPublicSite({ pool, publicUrl, logger: pino({ level: 'silent' }) }));
  });
  afterEach(async () => {
    await Promise.all(running.map((meta) => meta.close()));
    running = [];
  });
  afterAll(async () => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
    await pool.end();
  });

  return {
    get publicUrl() {
      return publicUrl;
    },
    start: async (options = {}) => {
      const meta = await startMeta(options);
      running.push(meta);
      const { simulator, caller } = meta;
      const environment = {
        TEMPORAL_ADDRESS: 'localhost:7233',
        MAFQOOD_DATABASE_URL: 'postgres://localhost/mafqood',
        MAFQOOD_POLICY_FILE: new URL('../../config/policy.yaml', import.meta.url).pathname,
        MAFQOOD_PUBLIC_URL: publicUrl,
        MAFQOOD_STAFF_URL: 'https://staff.example',
        SMTP_URL: 'smtp://localhost',
        MAFQOOD_MAIL_FROM: 'alerts@example.org',
        MAFQOOD_WEBHOOK_SECRET: 'w'.repeat(32),
        META_GRAPH_URL: simulator.url,
        META_PAGE_ID: simulator.pageId,
        META_IG_USER_ID: simulator.igUserId,
        META_ACCESS_TOKEN: simulator.accessToken,
        META_AUDIENCE: 'simulator',
        ...(options.appSecret === undefined ? {} : { META_APP_SECRET: options.appSecret }),
      };
      const examine: Patient['examine'] = (changes = {}) => examineWorkerConfig({ ...environment, ...changes });
      return {
        ...meta,
        environment,
        examine,
        checked: (changes) => checkUp(examine(changes)),
        probed: (signal = new AbortController().signal) => {
          const { meta: access } = examine();
          if (access === null) throw new Error('the settings cannot be used');
          return probe(access, {
            imageUrl: testImageUrl(publicUrl),
            countries: ['QA'],
            signal,
            patience: { seenWithin: 300, secondWithin: 20 },
          });
        },
        left: async () => {
          const left = new Set<string>();
          for (const { type, photoId, postId, mediaId } of await caller.effects()) {
            const id = String(type.startsWith('photo') ? photoId : type.startsWith('post') ? postId : mediaId);
            if (type === 'photo.created' || type === 'post.created' || type === 'media.published') left.add(id);
            if (type.endsWith('.deleted')) left.delete(id);
          }
          return [...left];
        },
      };
    },
  };
}
