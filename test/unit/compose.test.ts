import { afterAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import {
  readMigrationConfig,
  readPublicSiteConfig,
  readStaffApiConfig,
  readTemporalConfig,
  readWorkerConfig,
} from '../../src/config.js';
import { loadPolicyFile } from '../../src/policy/policy-file.js';

const ROOT = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

/** As much of the file as is looked at here; compose itself checks the rest of its form. */
const composeSchema = z.object({
  services: z.record(
    z.string(),
    z.object({
      command: z.array(z.string()).optional(),
      environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
      volumes: z.array(z.string()).default([]),
      ports: z.array(z.string()).default([]),
      networks: z.array(z.string()),
      secrets: z.array(z.string()).default([]),
      healthcheck: z.object({ test: z.array(z.string()) }).optional(),
      depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
    }),
  ),
  networks: z.record(z.string(), z.unknown()),
  volumes: z.record(z.string(), z.unknown()),
  secrets: z.record(z.string(), z.object({ file: z.string() })),
});

/** What somebody who has filled in `.env` has. */
const filledIn: Record<string, string> = {
  POSTGRES_PASSWORD: 'a'.repeat(64),
  MAFQOOD_OWNER_DATABASE_PASSWORD: 'f'.repeat(64),
  MAFQOOD_DATABASE_PASSWORD: 'b'.repeat(64),
  MAFQOOD_PUBLIC_DATABASE_PASSWORD: 'c'.repeat(64),
  TEMPORAL_DATABASE_PASSWORD: 'd'.repeat(64),
  MAFQOOD_STAFF_FILE: './staff.json',
  MAFQOOD_WEBHOOK_SECRET: 'e'.repeat(64),
  SMTP_URL: 'smtp://mail.example:25',
  MAFQOOD_MAIL_FROM: 'mafqood@mafqood.example',
  SIMULATOR_PAGE_ID: '100000000000001',
  SIMULATOR_IG_USER_ID: '17840000000000001',
  SIMULATOR_ACCESS_TOKEN: 'simulated',
};

const VARIABLE = /\$\{(\w+)(?:(:\?|:-)([^}]*))?\}/g;
const text = read('docker-compose.yml');
const compose = composeSchema.parse(
  parse(
    text.replace(
      VARIABLE,
      (_whole, name: string, _how: unknown, otherwise = '') => filledIn[name] ?? String(otherwise),
    ),
    { merge: true },
  ),
);
const { services } = compose;
const serviceOf = (name: string): (typeof services)[string] => {
  const service = services[name];
  if (!service) throw new Error(`the compose file has no service ${name}`);
  return service;
};
const environmentOf = (name: string): Record<string, string> =>
  Object.fromEntries(Object.entries(serviceOf(name).environment).map(([key, value]) => [key, String(value)]));

const STAFF_FILE = join(mkdtempSync(join(tmpdir(), 'mafqood-test-')), 'staff.json');
writeFileSync(
  STAFF_FILE,
  JSON.stringify([{ token: 'f'.repeat(32), id: 'one', name: 'One', role: 'operator', jurisdictions: ['QA'] }]),
);
afterAll(() => rmSync(dirname(STAFF_FILE), { recursive: true, force: true }));

/** The environment of a service, with the files that it finds in its container where they are on this machine. */
const onThisMachine = (name: string): Record<string, string> => {
  const mounts = new Map(
    serviceOf(name).volumes.map((volume) => {
      const [from = '', to = ''] = volume.split(':');
      return [to, join(ROOT, from)] as const;
    }),
  );
  for (const secret of serviceOf(name).secrets) mounts.set(`/run/secrets/${secret}`, STAFF_FILE);
  return Object.fromEntries(
    Object.entries(environmentOf(name)).map(([key, value]) => [key, mounts.get(value) ?? value]),
  );
};

describe('the compose file', () => {
  test('gives every process all that it takes from its environment', () => {
    expect(readWorkerConfig(onThisMachine('worker')).meta).toMatchObject({
      graphUrl: 'http://simulator:8402',
      audience: 'simulator',
    });
    expect(readStaffApiConfig(onThisMachine('staff-api'))).toMatchObject({ host: '0.0.0.0', port: 8400 });
    expect(readPublicSiteConfig(environmentOf('public-site'))).toMatchObject({ host: '0.0.0.0', port: 8401 });
    // The links in posts lead to the page that the public site says it is.
    const { publicUrl } = readPublicSiteConfig(environmentOf('public-site'));
    expect(readStaffApiConfig(onThisMachine('staff-api')).publicUrl).toBe(publicUrl);
    readMigrationConfig(environmentOf('migrate'));
    readTemporalConfig(environmentOf('register-search-attributes'));
  });

  test('gives no process a variable that nobody reads', () => {
    const known = read('src/config.ts');
    const ours = ['worker', 'staff-api', 'public-site', 'migrate', 'register-search-attributes', 'simulator'];
    const strange = ours.flatMap((name) =>
      Object.keys(environmentOf(name)).filter((key) => !known.includes(`${key}:`)),
    );
    expect(strange).toEqual([]);
  });

  test('holds no secret: every one is required from outside, and .env.example names it without a value', () => {
    const required = new Set([...text.matchAll(VARIABLE)].filter(([, , how]) => how === ':?').map(([, name]) => name));
    expect([...required].sort()).toEqual(Object.keys(filledIn).sort());
    const example = new Map(
      [...read('.env.example').matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]),
    );
    expect([...example.keys()].sort()).toEqual([...required].sort());
    for (const [name, value] of example) if (/PASSWORD|SECRET|TOKEN/.test(name ?? '')) expect(value).toBe('');
    for (const { environment } of Object.values(services)) {
      for (const [name, value] of Object.entries(environment)) {
        const secret = /PASSWORD|PWD|SECRET|TOKEN/.test(name);
        expect(!secret || value === '' || Object.values(filledIn).includes(String(value))).toBe(true);
      }
    }
    expect(read('.gitignore').split('\n')).toContain('.env');
  });

  test('gives no secret as an argument, which everybody on the machine can read', () => {
    const secrets = Object.entries(filledIn).flatMap(([name, value]) =>
      /PASSWORD|SECRET|TOKEN/.test(name) ? [value] : [],
    );
    const words = Object.values(services).flatMap(({ command = [] }) => command);
    expect(words.filter((word) => secrets.some((secret) => word.includes(secret)))).toEqual([]);
  });

  test('runs programs that the build makes, and mounts files that are there', () => {
    const programs = Object.values(services)
      .flatMap(({ command = [] }) => command)
      .filter((word) => word.startsWith('dist/'));
    expect(programs).toHaveLength(6);
    for (const program of programs) {
      expect(existsSync(join(ROOT, program.replace(/^dist/, 'src').replace(/js$/, 'ts')))).toBe(true);
    }
    const mounted = Object.values(services)
      .flatMap(({ volumes }) => volumes)
      .filter((volume) => volume.startsWith('./'));
    for (const volume of mounted) expect(existsSync(join(ROOT, volume.split(':')[0] ?? ''))).toBe(true);
    loadPolicyFile(join(ROOT, 'config/policy.yaml'));
  });

  test('waits for what can be waited for: for health where there is a check, for an end where a service ends', () => {
    for (const { depends_on: dependencies } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(dependencies)) {
        const checked = serviceOf(name).healthcheck !== undefined;
        expect(condition).toBe(checked ? 'service_healthy' : 'service_completed_successfully');
      }
    }
  });

  test('publishes nothing beyond this machine, and keeps PostgreSQL from where the public is served', () => {
    for (const { ports } of Object.values(services)) for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(serviceOf('postgres').networks).toEqual(['store']);
    expect(serviceOf('public-site').networks).not.toContain('temporal');
    for (const { networks, secrets } of Object.values(services)) {
      for (const network of networks) expect(Object.keys(compose.networks)).toContain(network);
      for (const secret of secrets) expect(Object.keys(compose.secrets)).toContain(secret);
    }
  });

  test("asks of PostgreSQL and Temporal what the embedded servers are asked: a log without a child's data, and no waiting queues", () => {
    const embedded = read('src/embedded/postgres.ts');
    for (const setting of ['log_min_error_statement=panic', 'log_error_verbosity=terse']) {
      expect(serviceOf('postgres').command).toContain(setting);
      expect(embedded).toContain(`'${setting}'`);
    }
    const dynamic = parse(read('config/temporal/dynamic-config.yaml')) as object;
    const perSecond = Number(/QUEUE_READS_PER_SECOND = (\d+)/.exec(read('src/embedded/temporal-server.ts'))?.[1]);
    expect(dynamic).toEqual(
      Object.fromEntries(
        ['transfer', 'timer', 'visibility'].map((queue) => [
          `history.${queue}ProcessorMaxPollRPS`,
          [{ value: perSecond }],
        ]),
      ),
    );
  });
});
