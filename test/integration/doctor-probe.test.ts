import { expect, test } from '@jest/globals';
import { marker } from '../../src/domain/case-number.js';
import type { Finding } from '../../src/doctor/finding.js';
import { refusalOfProbe } from '../../src/doctor/probe.js';
import { CASE } from './channels-stage.js';
import { doctorStage, type Patient } from './doctor-stage.js';

const stage = doctorStage();
const LONG = 30_000;

const amiss = (findings: readonly Finding[]): string[] =>
  findings.filter(({ verdict }) => verdict !== 'pass').map(({ of, verdict, says }) => `${of} ${verdict}: ${says}`);

test(
  'where Meta does as the specification takes it to, everything holds, the strategy is flip and nothing is left',
  async () => {
    const { probed, left, caller } = await stage.start();
    const { findings, strategy } = await probed();
    expect(amiss(findings)).toEqual([]);
    expect(strategy).toBe('flip');
    const types = (await caller.effects()).map(({ type }) => type);
    expect(types.filter((type) => type === 'post.published')).toHaveLength(1);
    expect(types.filter((type) => type === 'media.published')).toHaveLength(1);
    expect(types).toContain('post.edited');
    expect(await left()).toEqual([]);
  },
  LONG,
);

test(
  'where a flip is refused the strategy is single-post, and nothing is left',
  async () => {
    const { probed, left, caller } = await stage.start();
    await caller.fault({ endpoint: 'facebook.publishPost', fault: 'fail', code: 100, probability: 1 });
    const { findings, strategy } = await probed();
    expect(amiss(findings).join()).toContain('flipping it by its id publishes it');
    expect(strategy).toBe('single-post');
    expect(await left()).toEqual([]);
  },
  LONG,
);

test(
  'where a second flip makes a copy the strategy is single-post, and neither of the two is left',
  async () => {
    const { probed, left, caller } = await stage.start();
    await caller.control('PUT', 'second-flip', { does: 'copy' });
    const { findings, strategy } = await probed();
    expect(amiss(findings).join()).toContain('flipped a second time it is still one post');
    expect(strategy).toBe('single-post');
    expect((await caller.effects()).filter(({ type }) => type === 'post.created').length).toBeGreaterThan(1);
    expect(await left()).toEqual([]);
  },
  LONG,
);

test(
  'what cannot be deleted is told with its id, and that the public sees it',
  async () => {
    const { probed, left, caller } = await stage.start();
    await caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'deleteRefused', probability: 1 });
    const { findings } = await probed();
    const [media] = await left();
    expect(await left()).toHaveLength(1);
    const tidied = findings.find(({ of }) => of === 'Instagram: tidied up');
    expect(tidied).toMatchObject({ verdict: 'fail', next: expect.stringContaining('delete by hand') });
    expect(tidied?.says).toContain(`${media}, which the public sees`);
  },
  LONG,
);

test(
  'an image that Meta cannot fetch leaves the strategy open, and nothing behind',
  async () => {
    const { probed, left, caller } = await stage.start();
    await caller.fault({ endpoint: '*', fault: 'imageFetchFails', problem: 'unreachable', probability: 1 });
    const { findings, strategy } = await probed();
    expect(amiss(findings).join()).toContain('Meta fetches the image');
    expect(strategy).toBeNull();
    expect(await left()).toEqual([]);
  },
  LONG,
);

test.each(['facebook.createPost', 'facebook.publishPost', 'instagram.createContainer', 'instagram.publish'])(
  'called off during %s it leaves nothing',
  async (endpoint) => {
    const { probed, left, caller } = await stage.start();
    await caller.fault({ endpoint, fault: 'slow', ms: 400 });
    const calledOff = new AbortController();
    const probing = probed(calledOff.signal);
    while (!(await caller.calls()).some((call) => call.endpoint === endpoint)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    calledOff.abort();
    const { findings, strategy } = await probing;
    expect(findings.map(({ says }) => says).join()).toContain('called off');
    expect(endpoint.startsWith('facebook') ? strategy : null).toBeNull();
    expect(await left()).toEqual([]);
  },
  LONG,
);

const refusal = ({ examine, simulator }: Patient, changes = {}, page: string | undefined = simulator.pageId) => {
  const { meta } = examine(changes);
  if (meta === null) throw new Error('the settings cannot be used');
  return refusalOfProbe(meta, page);
};

test('nothing is probed where the public is the audience, nor unless the very page is named', async () => {
  const patient = await stage.start();
  expect(await refusal(patient)).toBeUndefined();
  expect(await refusal(patient, { META_AUDIENCE: 'public' })).toContain('META_AUDIENCE is public');
  expect(await refusal(patient, {}, '1')).toContain('not the Page');
  const { meta } = patient.examine();
  expect(meta && (await refusalOfProbe(meta, undefined))).toContain('--page');
});

test('nothing is probed where an alert of ours is up, on either channel, even when the page is named', async () => {
  const image = `${stage.publicUrl}/images/test.jpg`;
  const text = `An alert. ${marker(CASE, 1)}`;
  const facebook = await stage.start();
  const post = await facebook.caller.stagePost(image, text);
  expect(await refusal(facebook)).toBeUndefined();
  await facebook.caller.call('POST', post, { is_published: true });
  expect(await refusal(facebook)).toContain(`the Page shows ${CASE}`);

  const instagram = await stage.start();
  const { id } = await instagram.caller.container(image, text);
  await instagram.caller.publishMedia(id);
  expect(await refusal(instagram)).toContain(`the Instagram account shows ${CASE}`);
});

test('nothing is probed where it cannot be told whether an alert is up', async () => {
  const patient = await stage.start();
  await patient.caller.fault({ endpoint: 'facebook.listPosts', fault: 'fail', code: 2, probability: 1 });
  expect(await refusal(patient)).toContain('cannot be told');
});

test(
  'from calls that were lost on the way no strategy follows, and what may still come of them is told',
  async () => {
    const { probed, left, caller } = await stage.start();
    await caller.fault({ endpoint: 'facebook.publishPost', fault: 'fail', code: 2, probability: 1 });
    await caller.fault({ endpoint: 'instagram.publish', fault: 'fail', code: 2, probability: 1 });
    const { findings, strategy } = await probed();
    expect(amiss(findings).join()).toContain('flipping it by its id publishes it');
    expect(strategy).toBeNull();
    expect(amiss(findings).join()).toContain('may still be published within 24 hours');
    expect(await left()).toEqual([]);
  },
  LONG,
);

test.each(['effectThen500', 'loseAnswer'])(
  'a flip that took effect counts, whatever was answered (%s)',
  async (fault) => {
    const { probed, left, caller } = await stage.start();
    await caller.fault({ endpoint: 'facebook.publishPost', fault });
    await caller.fault({ endpoint: 'instagram.publish', fault });
    const { findings, strategy } = await probed();
    expect([amiss(findings), strategy]).toEqual([[], 'flip']);
    expect(await left()).toEqual([]);
  },
  LONG,
);

test(
  'a staged post is deleted also where nothing can be listed, which is told',
  async () => {
    const { probed, left, caller } = await stage.start();
    const calledOff = new AbortController();
    // Staged, and called off before it is flipped.
    await caller.fault({ endpoint: 'facebook.readPost', fault: 'slow', ms: 400 });
    await caller.fault({ endpoint: 'facebook.listPosts', fault: 'fail', code: 100, probability: 1 });
    const probing = probed(calledOff.signal);
    while (!(await caller.calls()).some(({ endpoint }) => endpoint === 'facebook.readPost')) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    calledOff.abort();
    const { findings } = await probing;
    expect(amiss(findings).join()).toContain('whether something is left cannot be told: meta/100');
    expect((await caller.effects()).map(({ type }) => type)).toContain('post.created');
    expect(await left()).toEqual([]);
  },
  LONG,
);

test('nothing is probed where what is left of Instagram’s quota is kept for alerts', async () => {
  expect(await refusal(await stage.start({ dailyQuota: 1 }))).toContain('kept for alerts');
});
