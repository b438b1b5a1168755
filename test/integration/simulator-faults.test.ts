import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { CALL_TIMES, callTimeMs } from '../../src/simulator/call-times.js';
import type { Caller } from './simulator-caller.js';
import { simulatorStage } from './simulator-stage.js';

/** Generous: the machine may be busy. */
const TIMEOUT_MS = 60_000;

const stage = simulatorStage();

/** How many effects of a type there are: what really happened, whatever was answered. */
async function countOf(meta: Caller, type: string): Promise<number> {
  return (await meta.effects()).filter((effect) => effect.type === type).length;
}

describe('what can go wrong on the way', () => {
  test('fail refuses the next calls of its endpoint only, and nothing happens', async () => {
    const { meta } = await stage.start();
    await meta.fault({ endpoint: 'facebook.createPost', fault: 'fail', count: 2 });
    await meta.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 368, status: 403 });
    expect(await meta.list(`${meta.page}/feed`)).toEqual([]);
    const answers = [];
    for (let call = 0; call < 4; call += 1) {
      const { status, error } = await meta.call('POST', `${meta.page}/feed`, { message: 'text' });
      answers.push([status, error]);
    }
    expect(answers).toEqual([
      [500, '2'],
      [500, '2'],
      [403, '368'],
      [200, ''],
    ]);
    expect((await meta.effects()).filter(({ type }) => type === 'post.created')).toHaveLength(1);
  });

  test('effectThen500 takes effect and says it did not', async () => {
    const { meta } = await stage.start();
    const { id } = await meta.container(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.fault({ endpoint: 'instagram.publish', fault: 'effectThen500' });
    const answer = await meta.publishMedia(id);
    expect([answer.status, answer.error]).toEqual([500, '2']);
    expect(await meta.list(`${meta.account}/media`)).toHaveLength(1);
    expect(await countOf(meta, 'media.published')).toBe(1);
  });

  test('loseAnswer takes effect and resets the connection', async () => {
    const { meta } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.fault({ endpoint: 'facebook.publishPost', fault: 'loseAnswer' });
    const flip = meta.call('POST', id, { is_published: true });
    await expect(flip).rejects.toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } });
    expect(await meta.list(`${meta.page}/feed`)).toEqual([id]);
    expect(await countOf(meta, 'post.published')).toBe(1);
  });

  test('lateEffect takes effect so long after the caller has given up, and not while it waits', async () => {
    const { meta, simulator } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.fault({ endpoint: 'facebook.publishPost', fault: 'lateEffect', ms: 300 });
    const flip = meta.raw(`/v26.0/${id}?is_published=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.accessToken}` },
      signal: AbortSignal.timeout(600),
    });
    await expect(flip).rejects.toThrow('timeout');
    const gaveUp = Date.now();
    expect(await countOf(meta, 'post.published')).toBe(0);
    while ((await countOf(meta, 'post.published')) === 0);
    const [published] = (await meta.effects()).filter(({ type }) => type === 'post.published');
    expect(Date.parse(published?.at ?? '') - gaveUp).toBeGreaterThan(250);
    expect((await meta.calls()).find(({ fault }) => fault === 'lateEffect')?.status).toBe('reset');
  });

  test('slow takes effect after the caller has given up', async () => {
    const { meta, simulator } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.fault({ endpoint: 'facebook.publishPost', fault: 'slow', ms: 400 });
    const flip = meta.raw(`/v26.0/${id}?is_published=true`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.accessToken}` },
      signal: AbortSignal.timeout(100),
    });
    await expect(flip).rejects.toThrow('timeout');
    expect(await meta.list(`${meta.page}/feed`)).toEqual([]);
    while ((await meta.list(`${meta.page}/feed`)).length === 0);
    expect(await meta.list(`${meta.page}/feed`)).toEqual([id]);
  });

  test('throttled says in its headers for how long', async () => {
    const { meta } = await stage.start();
    await meta.fault({ endpoint: '*', fault: 'throttled', minutes: 7, count: 2 });
    const page = await meta.call('GET', `${meta.page}/feed`);
    expect(page.error).toBe('32');
    expect(JSON.parse(page.headers.get('x-business-use-case-usage') ?? '')).toMatchObject({
      [meta.page]: [{ type: 'pages', call_count: 100, estimated_time_to_regain_access: 7 }],
    });
    expect(page.headers.get('x-app-usage')).toContain('call_count');
    expect((await meta.call('GET', `${meta.account}/media`)).error).toBe('4');
  });

  test('throttled can answer with each of the codes for it, with Meta’s words, and nothing happens', async () => {
    const { meta } = await stage.start();
    for (const code of [4, 17, 32, 613, 80001, 80002]) {
      await meta.fault({ endpoint: 'facebook.createPost', fault: 'throttled', code });
      const { error, body } = await meta.call('POST', `${meta.page}/feed`, { message: 'text' });
      expect(error).toBe(String(code));
      expect(body.error).toMatchObject({ is_transient: true, message: expect.not.stringContaining('simulator') });
    }
    expect(await meta.effects()).toEqual([]);
  });

  const make: [string, string, (meta: Caller) => Promise<string>][] = [
    [
      'a photo',
      'facebook.createPhoto',
      (meta) => meta.id('POST', `${meta.page}/photos`, { url: stage.jpeg, published: false }),
    ],
    ['a post', 'facebook.createPost', (meta) => meta.id('POST', `${meta.page}/feed`, { message: 'text' })],
    [
      'a container',
      'instagram.createContainer',
      (meta) => meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg }),
    ],
  ];
  test.each(make)(
    'readAfterWrite: %s that was just made does not exist for the next reads, and is there',
    async (_, endpoint, made) => {
      const { meta } = await stage.start();
      await meta.fault({ endpoint, fault: 'readAfterWrite', reads: 2 });
      const id = await made(meta);
      const reads = [];
      for (let read = 0; read < 3; read += 1) reads.push((await meta.call('GET', id)).error);
      expect(reads).toEqual(['100/33', '100/33', '']);
    },
  );

  test('readAfterWrite: what was just made cannot be used, nor is it listed, until it is known', async () => {
    const { meta } = await stage.start();
    const one = (endpoint: string) => meta.fault({ endpoint, fault: 'readAfterWrite' });
    await one('facebook.createPhoto');
    const photo = await meta.id('POST', `${meta.page}/photos`, { url: stage.jpeg, published: false });
    const post = { message: 'text', published: false, attached_media: [{ media_fbid: photo }] };
    expect((await meta.call('POST', `${meta.page}/feed`, post)).error).toBe('100/33');

    await one('facebook.createPost');
    const staged = await meta.id('POST', `${meta.page}/feed`, post);
    expect((await meta.call('POST', staged, { is_published: true })).error).toBe('100/33');
    await one('facebook.publishPost');
    expect((await meta.call('POST', staged, { is_published: true })).error).toBe('');
    expect(await meta.list(`${meta.page}/feed`)).toEqual([]);
    expect(await meta.list(`${meta.page}/feed`)).toEqual([staged]);

    await one('instagram.createContainer');
    const container = await meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg });
    expect((await meta.publishMedia(container)).error).toBe('100/33');
    await meta.settledContainer(container);
    await one('instagram.publish');
    const media = (await meta.publishMedia(container)).body.id;
    expect(await meta.list(`${meta.account}/media`)).toEqual([]);
    expect(await meta.list(`${meta.account}/media`)).toEqual([media]);
  });
});

describe('what Meta may refuse or get wrong', () => {
  test.each([
    ['IN_PROGRESS', 'In Progress', '9007/2207027'],
    ['ERROR', '2207053', '-1/2207032'],
    ['EXPIRED', 'Expired', '-2/2207020'],
  ])('containerStuck: a container is %s for good, also after a restart', async (status, words, refusal) => {
    const dataFile = join(stage.folder, 'meta.jsonl');
    const { meta, simulator } = await stage.start({ dataFile });
    await meta.fault({ endpoint: 'instagram.createContainer', fault: 'containerStuck', status });
    const id = await meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg });
    const next = await meta.container(stage.jpeg, '');
    expect(next.status).toBe('FINISHED');
    await simulator.close();
    const { meta: again } = await stage.start({ dataFile });
    const { body } = await again.call('GET', id, { fields: 'status_code,status' });
    expect(body).toMatchObject({ status_code: status, status: expect.stringContaining(words) });
    expect((await again.publishMedia(id)).error).toBe(refusal);
    expect(await countOf(again, 'media.published')).toBe(0);
  });

  test.each([
    ['timed out', '2207003'],
    ['unreachable', '2207052'],
  ])(
    'imageFetchFails: an image that is %s makes no photo, and a container that is an error',
    async (problem, subcode) => {
      const { meta } = await stage.start();
      await meta.fault({ endpoint: '*', fault: 'imageFetchFails', problem, count: 2 });
      const photo = await meta.call('POST', `${meta.page}/photos`, { url: stage.jpeg, published: false });
      expect(photo.error).toBe('324/2069019');
      const container = await meta.container(stage.jpeg, '');
      expect([container.status, container.words]).toEqual(['ERROR', expect.stringContaining(subcode)]);
      expect((await meta.effects()).map(({ type }) => type)).toEqual(['container.created', 'container.error']);
    },
  );

  test('deleteRefused: the media stays; its comments can be closed all the same', async () => {
    const { meta } = await stage.start();
    const id = (await meta.publishMedia((await meta.container(stage.jpeg, '')).id)).body.id as string;
    await meta.fault({ endpoint: 'instagram.deleteMedia', fault: 'deleteRefused', probability: 1 });
    const refused = await meta.call('DELETE', id);
    expect([refused.status, refused.error]).toEqual([400, '100/2207085']);
    expect((await meta.call('POST', `${id}?comment_enabled=false`)).body).toEqual({ success: true });
    expect((await meta.call('GET', id, { fields: 'is_comment_enabled' })).body).toEqual({
      id,
      is_comment_enabled: false,
    });
    expect(await meta.list(`${meta.account}/media`)).toEqual([id]);
    expect((await meta.effects()).at(-1)).toMatchObject({ type: 'media.comments', mediaId: id, enabled: false });
  });

  test('tokenExpired: every call is refused, Meta says so of the token, and it ends when it is taken back', async () => {
    const { meta, simulator } = await stage.start();
    const post = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    const before = await meta.effects();
    const { body: fault } = await meta.fault({ endpoint: '*', fault: 'tokenExpired', probability: 1 });
    const inspect = async () =>
      (await meta.call('GET', 'debug_token', { input_token: simulator.accessToken })).body.data;

    const refused = await meta.call('POST', post, { is_published: true });
    expect([refused.status, refused.error]).toEqual([401, '190/463']);
    expect((await meta.call('GET', `${meta.account}/media`)).error).toBe('190/463');
    expect(await inspect()).toMatchObject({ is_valid: false, error: { code: 190, subcode: 463 } });
    expect(await meta.effects()).toEqual(before);

    expect((await meta.control('DELETE', `faults/${String(fault.id)}`)).status).toBe(204);
    expect((await meta.control('DELETE', `faults/${String(fault.id)}`)).status).toBe(404);
    expect(await inspect()).toMatchObject({ is_valid: true, profile_id: meta.page });
    expect((await meta.call('POST', post, { is_published: true })).error).toBe('');
  });

  test('spamFlag lies: it says blocked, and the media is live; told to, it tells the truth', async () => {
    const { meta } = await stage.start();
    const containers = [await meta.container(stage.jpeg, 'one'), await meta.container(stage.jpeg, 'two')];
    await meta.fault({ endpoint: 'instagram.publish', fault: 'spamFlag' });
    await meta.fault({ endpoint: 'instagram.publish', fault: 'spamFlag', effect: false });
    const flags = [];
    for (const { id } of containers) flags.push((await meta.publishMedia(id)).error);
    expect(flags).toEqual(['4/2207051', '4/2207051']);
    expect(await countOf(meta, 'media.published')).toBe(1);
    expect(await meta.list(`${meta.account}/media`)).toHaveLength(1);
  });

  test('duplicateText refuses a text that was never there before, by posting and by flipping', async () => {
    const { meta } = await stage.start();
    const post = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.fault({ endpoint: 'facebook.*', fault: 'duplicateText', count: 2 });
    expect((await meta.call('POST', post, { is_published: true })).error).toBe('506/1455006');
    expect((await meta.call('POST', `${meta.page}/feed`, { message: 'new' })).error).toBe('506/1455006');
    expect(await countOf(meta, 'post.published')).toBe(0);
  });

  test('quotaReached refuses to publish, and the limit says that it is used up', async () => {
    const { meta } = await stage.start({ dailyQuota: 25 });
    const { id } = await meta.container(stage.jpeg, '');
    await meta.fault({ endpoint: 'instagram.*', fault: 'quotaReached', count: 2 });
    const limit = { fields: 'quota_usage,config' };
    expect((await meta.call('GET', `${meta.account}/content_publishing_limit`, limit)).body).toMatchObject({
      data: [{ quota_usage: 25, config: { quota_total: 25 } }],
    });
    expect((await meta.publishMedia(id)).error).toBe('9/2207042');
    expect((await meta.publishMedia(id)).error).toBe('');
  });

  test('a Page taken offline refuses everything but a look at it, and nobody sees its posts until it is back', async () => {
    const dataFile = join(stage.folder, 'meta.jsonl');
    const { meta, simulator } = await stage.start({ dataFile });
    const staged = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    const live = await meta.id('POST', `${meta.page}/feed`, { message: 'MFQ-7K3D-92XQ/2' });
    const isPublished = async (of: Caller) =>
      (await of.call('GET', of.page, { fields: 'is_published' })).body.is_published;
    expect(await isPublished(meta)).toBe(true);
    expect((await meta.control('PUT', 'page', { online: false })).body).toEqual({ online: false, code: 200 });
    await simulator.close();

    const { meta: again, simulator: restarted } = await stage.start({ dataFile });
    expect(await isPublished(again)).toBe(false);
    const refused = [
      again.call('POST', staged, { is_published: true }),
      again.call('POST', `${again.page}/feed`, { message: 'text' }),
      again.call('GET', `${again.page}/feed`),
      again.call('DELETE', live),
    ];
    expect((await Promise.all(refused)).map(({ error }) => error)).toEqual(['200', '200', '200', '200']);
    expect((await again.call('GET', `${again.account}/media`)).error).toBe('');
    expect(await (await fetch(restarted.url)).text()).not.toContain('MFQ-7K3D-92XQ/2');

    for (const code of [10, 190]) {
      await again.control('PUT', 'page', { online: false, code });
      expect((await again.call('DELETE', live)).error).toBe(String(code));
    }
    expect((await again.control('PUT', 'page', { online: true })).body).toEqual({ online: true });
    expect(await again.list(`${again.page}/feed`)).toEqual([live]);
    expect((await again.effects()).map(({ type }) => type).slice(-4)).toEqual([
      'page.offline',
      'page.offline',
      'page.offline',
      'page.online',
    ]);
  });
});

describe('chance', () => {
  /** The faults that 40 posts met, and how many of them are there. */
  async function posted(fault: object, between?: (meta: Caller) => Promise<unknown>): Promise<unknown[]> {
    const { meta } = await stage.start();
    await meta.fault({ endpoint: 'facebook.createPost', ...fault });
    for (let post = 0; post < 40; post += 1) {
      await meta.call('POST', `${meta.page}/feed`, { message: `${post}` });
      await between?.(meta);
    }
    const posts = (await meta.calls()).filter(({ endpoint }) => endpoint === 'facebook.createPost');
    return [
      await countOf(meta, 'post.created'),
      ...posts.map(({ fault: met, status }) => `${met ?? ''} ${status ?? ''}`),
    ];
  }

  test('the same seed and the same calls meet the same faults, whatever other endpoints are called in between', async () => {
    const fault = { fault: 'fail', probability: 0.3, seed: 11 };
    const first = await posted(fault);
    expect(await posted(fault, (meta) => meta.list(`${meta.page}/feed`))).toEqual(first);
    expect(await posted({ ...fault, seed: 12 })).not.toEqual(first);
    const met = first.filter((call) => call === 'fail 500').length;
    expect(met).toBeGreaterThan(4);
    expect(met).toBeLessThan(20);
    expect(first[0]).toBe(40 - met);
  });

  test('a seed that was drawn is told, and repeats what happened', async () => {
    const { meta } = await stage.start();
    const { body } = await meta.fault({ endpoint: '*', fault: 'fail', probability: 0.5 });
    expect(body).toEqual({ id: 1, endpoint: '*', fault: 'fail', code: 2, probability: 0.5, seed: expect.any(Number) });
    const fault = { fault: 'fail', probability: 0.5, seed: body.seed };
    expect(await posted(fault)).toEqual(await posted(fault));
  });

  test('a probability of 1 goes on until it is taken back; with a count it ends by itself', async () => {
    const always = await posted({ fault: 'fail', code: 1, probability: 1 });
    expect(new Set(always.slice(1))).toEqual(new Set(['fail 500']));
    const thrice = await posted({ fault: 'fail', code: 1, probability: 1, count: 3 });
    expect(thrice[0]).toBe(37);
  });

  test('a call meets one fault at most, the oldest that strikes; the younger ones draw all the same', async () => {
    const alone = await posted({ fault: 'effectThen500', probability: 0.5, seed: 3 });
    const { meta } = await stage.start();
    await meta.fault({ endpoint: '*', fault: 'fail', code: 1, count: 10 });
    await meta.fault({ endpoint: 'facebook.createPost', fault: 'effectThen500', probability: 0.5, seed: 3 });
    for (let post = 0; post < 40; post += 1) await meta.call('POST', `${meta.page}/feed`, { message: `${post}` });
    const calls = (await meta.calls()).map(({ fault, status }) => `${fault ?? ''} ${status ?? ''}`);
    expect(calls.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 'fail 500'));
    expect(calls.slice(10)).toEqual(alone.slice(11));
  });

  test('pending faults can be listed and cleared, and a bad one is refused with the reason', async () => {
    const { meta } = await stage.start();
    await meta.fault({ endpoint: 'instagram.publish', fault: 'fail', code: 4, subcode: 2207051, count: 3 });
    const list = async () => (await meta.raw('/simulator/faults', {})).body.faults;
    expect(await list()).toEqual([
      { id: 1, endpoint: 'instagram.publish', fault: 'fail', count: 3, code: 4, subcode: 2207051 },
    ]);
    const bad: [object, string][] = [
      [{ endpoint: 'facebook.flip', fault: 'fail' }, 'endpoint'],
      [{ endpoint: '*', fault: 'explode' }, 'fault'],
      [{ endpoint: '*', fault: 'slow' }, 'ms'],
      [{ endpoint: '*', fault: 'fail', count: 0 }, 'count'],
      [{ endpoint: '*', fault: 'loseAnswer', code: 1 }, 'code'],
      [{ endpoint: '*', fault: 'fail', probability: 1.5 }, 'probability'],
      [{ endpoint: '*', fault: 'fail', seed: 7 }, 'seed'],
      [{ endpoint: 'facebook.*', fault: 'deleteRefused' }, 'endpoint'],
      [{ endpoint: 'instagram.createContainer', fault: 'containerStuck', status: 'FINISHED' }, 'status'],
    ];
    for (const [fault, culprit] of bad) {
      const { status, body } = await meta.fault(fault);
      expect([status, body.message]).toEqual([400, expect.stringContaining(culprit)]);
    }
    expect((await meta.raw('/simulator/faults', { method: 'DELETE' })).status).toBe(204);
    expect(await list()).toEqual([]);
  });
});

describe('call times', () => {
  test(
    'like Meta’s: 400 ms to hand an image over, 300 ms to publish, a container after 3 s; reading takes none',
    async () => {
      const { meta } = await stage.start({ callTimes: 'meta' });
      const took = async (work: () => Promise<unknown>) => {
        const begin = performance.now();
        await work();
        return performance.now() - begin;
      };
      let container = '';
      let post = '';
      const uploads = [
        await took(() => meta.id('POST', `${meta.page}/photos`, { url: stage.jpeg, published: false })),
        await took(async () => (container = await meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg }))),
      ];
      const ready = took(async () => {
        while ((await meta.call('GET', container, { fields: 'status_code' })).body.status_code === 'IN_PROGRESS');
      });
      const publications = [
        await took(async () => (post = await meta.id('POST', `${meta.page}/feed`, { message: 'a', published: false }))),
        await took(() => meta.call('POST', post, { is_published: true })),
      ];
      for (const ms of uploads) expect(ms).toBeGreaterThan(395);
      for (const ms of publications) expect(ms).toBeGreaterThan(295);
      expect(await ready).toBeGreaterThan(2_950);
      expect(callTimeMs('facebook.readPost', CALL_TIMES.meta)).toBe(0);
    },
    TIMEOUT_MS,
  );

  test('can be changed while it runs: to a profile, or to one’s own', async () => {
    const { meta } = await stage.start();
    expect((await meta.raw('/simulator/call-times', {})).body).toEqual({ uploadMs: 0, publishMs: 0, containerMs: 0 });
    expect((await meta.control('PUT', 'call-times', { profile: 'meta' })).body).toEqual({
      uploadMs: 400,
      publishMs: 300,
      containerMs: 3000,
    });
    const own = { uploadMs: 0, publishMs: 60_000, containerMs: 60_000 };
    await meta.control('PUT', 'call-times', own);
    const id = await meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg });
    expect((await meta.call('GET', id, { fields: 'status_code' })).body.status_code).toBe('IN_PROGRESS');
    expect((await meta.control('PUT', 'call-times', { profile: 'slow' })).status).toBe(400);
  });
});

describe('what is seen of it', () => {
  test('calls are listed with their endpoint, fault and status, and nothing of what was sent', async () => {
    const { meta, simulator } = await stage.start();
    await meta.fault({ endpoint: 'facebook.createPost', fault: 'loseAnswer' });
    await meta.call('POST', `${meta.page}/feed`, { message: 'MFQ-7K3D-92XQ/1' }).catch(() => undefined);
    await meta.call('GET', '12345');
    const calls = await meta.calls();
    const [effect] = await meta.effects();
    expect(calls).toEqual([
      {
        seq: 1,
        call: effect?.call,
        at: expect.any(String),
        method: 'POST',
        objectId: meta.page,
        endpoint: 'facebook.createPost',
        fault: 'loseAnswer',
        status: 'reset',
      },
      { seq: 2, call: expect.any(String), at: expect.any(String), method: 'GET', objectId: '12345', status: 400 },
    ]);
    const text = JSON.stringify(calls);
    for (const secret of [simulator.accessToken, 'MFQ']) expect(text).not.toContain(secret);
  });

  test('faults and the control API leave no trace in the data file', async () => {
    const dataFile = join(stage.folder, 'meta.jsonl');
    const { meta } = await stage.start({ dataFile });
    await meta.fault({ endpoint: '*', fault: 'fail', count: 5 });
    await meta.control('PUT', 'call-times', { profile: 'meta' });
    expect((await readFile(dataFile, 'utf8')).trimEnd().split('\n')).toHaveLength(1);
  });
});
