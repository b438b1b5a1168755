import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createChannelActivities } from '../../src/activities/channel-activities.js';
import { readWorkerConfig } from '../../src/config.js';
import { RUN_KINDS, type RunKind } from '../../src/domain/policy.js';
import { CHANNELS } from '../../src/domain/channel.js';
import type { AlertChannel, Audience } from '../../src/ports/alert-channel.js';
import { anAlert, placed } from './channels-stage.js';

const AUDIENCES: readonly Audience[] = ['simulator', 'test', 'public'];

/** What a case of a run kind gets to do where the credentials reach an audience, and what came of each step. */
async function stepsOf(audience: Audience, runKind: RunKind): Promise<{ done: string[]; outcomes: unknown[] }> {
  const done: string[] = [];
  const act = <T>(what: string, answer: T): (() => Promise<T>) => {
    return () => {
      done.push(what);
      return Promise.resolve(answer);
    };
  };
  const adapter: AlertChannel = {
    name: 'facebook',
    stage: act('stage', {
      object: { id: '1', attachments: [], lapsesAt: null },
      reach: { askedRadiusKm: 160, deliveredCountries: [] },
    }),
    publish: act('publish', { postId: null, permalink: null }),
    update: act('update', 'updated' as const),
    look: act('look', 'notLive' as const),
    expire: act('expire', 'removed' as const),
  };
  const alert = anAlert('https://alerts.example/1.jpg', { runKind });
  const activities = createChannelActivities({
    channels: { facebook: adapter, instagram: adapter },
    content: { load: () => Promise.resolve(alert), hasSameImage: () => Promise.resolve(true) },
    audience,
  });
  const { caseNumber, revision, digest } = alert;
  const channel = CHANNELS[0];
  const on = { channel, ...placed('1'), runKind };
  const run = <A, T>(activity: (argument: A) => Promise<T>, argument: A): Promise<T> =>
    new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000 }).run(activity, argument);
  const outcomes = [
    await run(activities.stageAlert, { channel, caseNumber, revision, digest, radiusKm: 160 }),
    await run(activities.publishAlert, on),
    await run(activities.updateAlert, { ...on, revision, digest, radiusKm: 160 }),
    await run(activities.lookAtAlert, on),
    await run(activities.expireAlert, on),
  ];
  return { done, outcomes };
}

test('only an actual case is given a channel that reaches the public; looking and removing are everybody’s', async () => {
  for (const audience of AUDIENCES) {
    for (const runKind of RUN_KINDS) {
      const { done, outcomes } = await stepsOf(audience, runKind);
      const may = audience !== 'public' || runKind === 'actual';
      expect([audience, runKind, done]).toEqual([
        audience,
        runKind,
        may ? ['stage', 'publish', 'update', 'look', 'expire'] : ['look', 'expire'],
      ]);
      const refused = { result: 'refused', code: 'no_channel_for_this_run_kind' };
      if (!may) expect(outcomes.slice(0, 3)).toEqual([refused, refused, refused]);
    }
  }
});

test('credentials for Meta itself are never taken for the simulator’s', () => {
  const environment = {
    TEMPORAL_ADDRESS: 'localhost:7233',
    MAFQOOD_DATABASE_URL: 'postgres://localhost/mafqood',
    MAFQOOD_POLICY_FILE: fileURLToPath(new URL('../../config/policy.yaml', import.meta.url)),
    MAFQOOD_PUBLIC_URL: 'https://alerts.example',
    MAFQOOD_STAFF_URL: 'https://staff.example',
    META_PAGE_ID: '1',
    META_IG_USER_ID: '2',
    META_ACCESS_TOKEN: 'token',
    SMTP_URL: 'smtp://localhost',
    MAFQOOD_MAIL_FROM: 'mafqood@example.org',
    MAFQOOD_WEBHOOK_SECRET: 'x'.repeat(32),
  };
  const read = (META_GRAPH_URL: string, META_AUDIENCE: string): unknown =>
    readWorkerConfig({ ...environment, META_GRAPH_URL, META_AUDIENCE }).meta.audience;
  for (const url of ['https://graph.facebook.com', 'https://GRAPH.instagram.com./', 'https://facebook.com']) {
    expect(() => read(url, 'simulator')).toThrow('META_AUDIENCE: is simulator');
    expect(read(url, 'test')).toBe('test');
    expect(read(url, 'public')).toBe('public');
  }
  expect(read('http://127.0.0.1:4000', 'simulator')).toBe('simulator');
  expect(() => read('no address', 'simulator')).toThrow('META_GRAPH_URL');
});
