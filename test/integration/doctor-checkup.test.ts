import { expect, test } from '@jest/globals';
import type { Finding } from '../../src/doctor/finding.js';
import { checkImages } from '../../src/doctor/images.js';
import { doctorStage, nobodysUrl } from './doctor-stage.js';

const stage = doctorStage();

const about = (findings: readonly Finding[], of: string): Partial<Finding> =>
  findings.find((finding) => finding.of === of) ?? {};
const failed = (findings: readonly Finding[]): string[] =>
  findings.filter(({ verdict }) => verdict === 'fail').map(({ of }) => of);

test('where everything is right nothing has failed, and nothing was changed', async () => {
  const { checked, caller } = await stage.start({ appSecret: 'secret' });
  const findings = await checked();
  expect(findings.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(findings.map(({ of }) => of)).toEqual(
    expect.arrayContaining(['token', 'token: permissions', 'app secret', 'Page', 'Instagram', 'quota', 'images']),
  );
  expect(await caller.effects()).toEqual([]);
});

test('a token that has expired, and one that is none, have failed, and a new one is asked for', async () => {
  const { checked, caller } = await stage.start();
  await caller.fault({ endpoint: '*', fault: 'tokenExpired', probability: 1 });
  const expired = await checked();
  expect(about(expired, 'token')).toMatchObject({ verdict: 'fail', next: expect.stringContaining('Make a new one') });
  await caller.control('DELETE', 'faults');
  expect(about(await checked({ META_ACCESS_TOKEN: 'another' }), 'token')).toMatchObject({
    verdict: 'fail',
    next: expect.stringContaining('Make a new one'),
  });
});

test('a permission that is missing is named, with what cannot be done without it', async () => {
  const { checked, caller } = await stage.start();
  await caller.control('PUT', 'permissions', { missing: ['instagram_manage_contents'] });
  expect(about(await checked(), 'token: permissions')).toMatchObject({
    verdict: 'fail',
    says: 'instagram_manage_contents is missing: nothing can be removed from Instagram',
  });
});

test('a quota that is used up has failed, and one that nearly is, is to be looked at', async () => {
  const { checked, caller } = await stage.start();
  await caller.fault({ endpoint: 'instagram.*', fault: 'quotaReached', probability: 1 });
  expect(about(await checked(), 'quota').verdict).toBe('fail');
  const nearly = await stage.start({ dailyQuota: 5 });
  expect(about(await nearly.checked(), 'quota')).toMatchObject({
    verdict: 'warn',
    next: 'keep what is left for alerts',
  });
});

test('images that cannot be fetched by their public address have failed', async () => {
  const { checked, simulator } = await stage.start();
  const nobody = await checked({ MAFQOOD_PUBLIC_URL: await nobodysUrl() });
  expect(about(nobody, 'images')).toMatchObject({
    verdict: 'fail',
    says: expect.stringContaining('does not answer'),
  });
  const another = await checked({ MAFQOOD_PUBLIC_URL: simulator.url });
  expect(about(another, 'images')).toMatchObject({ verdict: 'fail', next: expect.stringContaining('public site') });
});

test('an address that only this machine reaches is none for Meta', async () => {
  const { examine } = await stage.start();
  const findings = await checkImages(examine().publicUrl ?? '', true);
  expect(about(findings, 'images: address')).toMatchObject({ verdict: 'fail', says: 'Meta cannot reach 127.0.0.1' });
});

test('a Page that is offline has failed, and it is said what to do', async () => {
  const { checked, caller } = await stage.start();
  await caller.control('PUT', 'page', { online: false, code: 200 });
  expect(about(await checked(), 'Page')).toMatchObject({ verdict: 'fail', next: expect.any(String) });
});

test('a secret that is missing or another app’s has failed where the app asks for a proof, and is advised where it does not', async () => {
  const { checked } = await stage.start({ appSecret: 'secret' });
  expect(failed(await checked({ META_APP_SECRET: '' }))).toContain('app secret');
  expect(about(await checked({ META_APP_SECRET: 'another' }), 'app secret')).toMatchObject({ verdict: 'fail' });
  const easy = await stage.start();
  expect(about(await easy.checked(), 'app secret')).toMatchObject({ verdict: 'warn' });
});

test('nobody who listens, and settings that cannot be used, are told and not thrown', async () => {
  const { checked } = await stage.start();
  const alone = await checked({ META_GRAPH_URL: await nobodysUrl() });
  expect(about(alone, 'Page')).toMatchObject({ verdict: 'fail', next: expect.stringContaining('META_GRAPH_URL') });
  const wrong = await checked({ META_PAGE_ID: 'mafqood', SMTP_URL: '' });
  expect(wrong.filter(({ of }) => of === 'settings').map(({ says }) => says)).toEqual([
    'META_PAGE_ID: must be digits',
    'SMTP_URL: is not set',
  ]);
});
