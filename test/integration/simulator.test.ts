import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, test } from '@jest/globals';
import { EffectsLog } from '../../src/simulator/effects-log.js';
import { startSimulator, type Simulator } from '../../src/simulator/server.js';
import { Caller, type Answer } from './simulator-caller.js';
import { simulatorStage } from './simulator-stage.js';

/** For tests that make many calls, or start a process, on a machine that may be busy. */
const TIMEOUT_MS = 60_000;

const stage = simulatorStage();

describe('the door', () => {
  test('a call without the right token is refused as Graph refuses it, and does nothing', async () => {
    const { meta, simulator } = await stage.start();
    const path = `/v26.0/${meta.page}/feed`;
    const wrong = await meta.raw(path, { method: 'POST', headers: { authorization: 'Bearer another' } });
    expect(wrong.status).toBe(401);
    expect(wrong.body.error).toEqual({
      message: expect.any(String),
      type: 'OAuthException',
      code: 190,
      is_transient: false,
      fbtrace_id: wrong.headers.get('x-fb-trace-id'),
    });
    expect((await meta.raw(path, {})).error).toBe('190');
    expect((await meta.raw(`${path}?access_token=${simulator.accessToken}`, {})).status).toBe(200);
    expect(await meta.effects()).toEqual([]);
  });

  test('versions 23 to 26 are served; an older one is deprecated and a later one unknown', async () => {
    const { meta, simulator } = await stage.start();
    const headers = { authorization: `Bearer ${simulator.accessToken}` };
    const error = async (version: string) => (await meta.raw(`/${version}/${meta.page}/feed`, { headers })).error;
    expect(await Promise.all(['v22.0', 'v23.0', 'v26.0', 'v27.0', 'me'].map(error))).toEqual([
      '2635',
      '',
      '',
      '2500',
      '2500',
    ]);
  });

  test('with an app secret, a call without its proof, or with another’s, is refused and does nothing', async () => {
    const { meta, simulator } = await stage.start({ appSecret: 'shh' });
    const post = (proof: object) => meta.call('POST', `${meta.page}/feed`, { message: 'text', ...proof });
    const proofOf = (secret: string, token: string) => ({
      appsecret_proof: createHmac('sha256', secret).update(token).digest('hex'),
    });
    const refused = [
      {},
      { appsecret_proof: 'no hex' },
      proofOf('other', simulator.accessToken),
      proofOf('shh', 'other'),
    ];
    for (const proof of refused) {
      const { status, error, body } = await post(proof);
      expect([status, error, body.error]).toEqual([
        400,
        '100',
        expect.objectContaining({ message: expect.stringContaining('appsecret_proof') }),
      ]);
    }
    expect(await meta.effects()).toEqual([]);
    expect((await post(proofOf('shh', simulator.accessToken))).error).toBe('');
    const query = { ...proofOf('shh', simulator.accessToken), fields: 'id' };
    expect((await meta.call('GET', `${meta.page}/feed`, query)).error).toBe('');
  });

  test('every answer says how much of the calls an hour is used; over it, calls are refused and prolong that', async () => {
    const { meta } = await stage.start({ callsPerHour: 4 });
    const usageOf = ({ headers }: Answer) => ({
      app: JSON.parse(headers.get('x-app-usage') ?? '') as object,
      business: JSON.parse(headers.get('x-business-use-case-usage') ?? '') as object,
    });
    expect(usageOf(await meta.call('GET', meta.page))).toEqual({
      app: { call_count: 12, total_cputime: 12, total_time: 12 },
      business: {
        [meta.page]: [
          { type: 'pages', call_count: 25, total_cputime: 25, total_time: 25, estimated_time_to_regain_access: 0 },
        ],
      },
    });
    for (let call = 0; call < 3; call += 1) expect((await meta.call('GET', meta.page)).error).toBe('');
    const refused = await meta.call('POST', `${meta.page}/feed`, { message: 'text' });
    expect(refused.error).toBe('80001');
    expect(usageOf(refused).business).toMatchObject({
      [meta.page]: [{ call_count: 100, estimated_time_to_regain_access: 60 }],
    });
    expect(await meta.effects()).toEqual([]);
    const account = await meta.call('GET', meta.account);
    expect([account.error, usageOf(account).business]).toMatchObject(['', { [meta.account]: [{ type: 'instagram' }] }]);
    for (let call = 0; call < 3; call += 1) await meta.call('GET', meta.account);
    expect((await meta.call('GET', meta.account)).error).toBe('80002');
  });

  test('the Page, the account and the token tell about themselves', async () => {
    const { meta, simulator } = await stage.start();
    const fields = 'id,name,is_published,instagram_business_account';
    const page = (await meta.call('GET', meta.page, { fields })).body;
    expect(page).toMatchObject({
      id: meta.page,
      is_published: true,
      instagram_business_account: { id: meta.account },
    });
    expect((await meta.call('GET', 'me', { fields })).body).toEqual(page);
    expect((await meta.call('GET', meta.account, { fields: 'username' })).body).toMatchObject({ id: meta.account });
    const inspect = async (token: string) => (await meta.call('GET', 'debug_token', { input_token: token })).body.data;
    expect(await inspect(simulator.accessToken)).toMatchObject({
      type: 'PAGE',
      is_valid: true,
      scopes: expect.arrayContaining(['pages_manage_posts', 'instagram_manage_contents']),
    });
    expect(await inspect('another')).toMatchObject({ is_valid: false, scopes: [], error: { code: 190 } });
  });

  test('a change that names fields is answered with them; one that cannot be shown does not hide that it was made', async () => {
    const { meta } = await stage.start();
    const created = await meta.call('POST', `${meta.page}/feed`, {
      message: 'one',
      published: false,
      fields: 'id,message,is_published',
    });
    const id = created.body.id as string;
    expect(created.body).toEqual({ id, message: 'one', is_published: false });
    expect((await meta.call('POST', id, { message: 'two', fields: 'message' })).body).toEqual({
      id,
      success: true,
      message: 'two',
    });
    expect((await meta.call('POST', id, { message: 'three', fields: 'likes' })).body).toEqual({ success: true });
  });

  test.each([1, 2, 3, 4, 10, 17, 32, 102, 190, 200, 341, 368, 613, 80001, 80002])(
    'code %s of the specification has Meta’s words and a whole envelope',
    async (code) => {
      const { meta } = await stage.start();
      await meta.fault({ endpoint: 'facebook.readPage', fault: 'fail', code });
      const { status, body, headers } = await meta.call('GET', meta.page);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(body.error).toMatchObject({
        message: expect.not.stringContaining('simulator'),
        type: 'OAuthException',
        code,
        is_transient: ![3, 10, 102, 190, 200, 368].includes(code),
        fbtrace_id: headers.get('x-fb-trace-id'),
      });
    },
  );

  test('parameters arrive the same by JSON, urlencoded and multipart form', async () => {
    const { meta, simulator } = await stage.start();
    const photo = await meta.id('POST', `${meta.page}/photos`, { url: stage.jpeg, published: false });
    const targeting = { geo_locations: { countries: ['QA'] } };
    const fields = {
      message: 'MFQ-7K3D-92XQ/1',
      published: 'false',
      'attached_media[0]': JSON.stringify({ media_fbid: photo }),
      targeting: JSON.stringify(targeting),
      access_token: simulator.accessToken,
    };
    const multipart = new FormData();
    for (const [name, value] of Object.entries(fields)) multipart.set(name, value);
    for (const body of [new URLSearchParams(fields), multipart]) {
      expect((await meta.raw(`/v26.0/${meta.page}/feed`, { method: 'POST', body })).error).toBe('');
    }
    await meta.id('POST', `${meta.page}/feed`, {
      message: fields.message,
      published: false,
      attached_media: [{ media_fbid: photo }],
      targeting,
    });
    const created = (await meta.effects()).filter(({ type }) => type === 'post.created');
    expect(created).toHaveLength(3);
    for (const effect of created) {
      expect(effect).toMatchObject({ message: fields.message, photoIds: [photo], targeting });
    }
  });

  test('a body that is no JSON, and an object that does not exist, get Graph errors', async () => {
    const { meta, simulator } = await stage.start();
    const broken = await meta.raw(`/v26.0/${meta.page}/feed`, {
      method: 'POST',
      headers: { authorization: `Bearer ${simulator.accessToken}`, 'content-type': 'application/json' },
      body: '{"message":',
    });
    expect([broken.status, broken.error]).toEqual([400, '100']);
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect((await meta.call(method, '12345')).error).toBe('100/33');
    }
    expect((await meta.call('POST', `${meta.page}/media`)).error).toBe('100/33');
  });
});

describe('the Facebook Page', () => {
  test('an unpublished post is seen by nobody; flipped twice by its id it is one post', async () => {
    const { meta } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    expect(id.startsWith(`${meta.page}_`)).toBe(true);
    expect(await meta.list(`${meta.page}/feed`)).toEqual([]);
    expect(await meta.list(`${meta.page}/promotable_posts`, { is_published: 'false' })).toEqual([id]);
    expect((await meta.call('GET', id, { fields: 'is_published' })).body).toEqual({ id, is_published: false });

    for (let flip = 0; flip < 2; flip += 1) {
      expect((await meta.call('POST', id, { is_published: true })).body).toEqual({ success: true });
    }
    expect(await meta.list(`${meta.page}/feed`)).toEqual([id]);
    expect(await meta.list(`${meta.page}/promotable_posts`, { is_published: 'false' })).toEqual([]);
    expect((await meta.effects()).filter(({ type }) => type === 'post.published')).toHaveLength(1);
    expect((await meta.call('POST', id, { is_published: false })).error).toBe('100');
  });

  test('a post shows the fields asked for, with the picture that was fetched', async () => {
    const { meta } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1', { geo_locations: { countries: ['QA'] } });
    const { body } = await meta.call('GET', id, {
      fields: 'message,permalink_url,created_time,full_picture,targeting,attachments{media,target}',
    });
    expect(body).toMatchObject({
      id,
      message: 'MFQ-7K3D-92XQ/1',
      permalink_url: expect.stringContaining(id),
      created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
      targeting: { geo_locations: { countries: ['QA'] } },
      attachments: { data: [{ media: { image: { width: 40, height: 40 } } }] },
    });
    const picture = await fetch(body.full_picture as string);
    expect(picture.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(
      Buffer.from(await (await fetch(stage.jpeg)).arrayBuffer()),
    );
    expect((await meta.call('GET', id, { fields: 'likes' })).error).toBe('100');
  });

  test('a text can be edited; photo and targeting cannot', async () => {
    const { meta } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    expect((await meta.call('POST', id, { message: 'MFQ-7K3D-92XQ/2' })).body).toEqual({ success: true });
    expect((await meta.call('GET', id)).body.message).toBe('MFQ-7K3D-92XQ/2');
    expect((await meta.call('POST', id, { targeting: {} })).error).toBe('100');
    expect((await meta.call('POST', id, { attached_media: [] })).error).toBe('100');
  });

  test('a deleted post is gone for good, and the second delete finds nothing', async () => {
    const { meta } = await stage.start();
    const id = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.call('POST', id, { is_published: true });
    expect((await meta.call('DELETE', id)).body).toEqual({ success: true });
    expect(await meta.list(`${meta.page}/feed`)).toEqual([]);
    expect((await meta.call('DELETE', id)).error).toBe('100/33');
    expect((await meta.call('POST', id, { is_published: true })).error).toBe('100/33');
    expect((await meta.call('GET', id)).error).toBe('100/33');
  });

  test('a photo published on its own is a post, and deleting either deletes both', async () => {
    const { meta } = await stage.start();
    const { body } = await meta.call('POST', `${meta.page}/photos`, { url: stage.jpeg, caption: 'MFQ-7K3D-92XQ/1' });
    expect(await meta.list(`${meta.page}/feed`)).toEqual([body.post_id]);
    await meta.call('DELETE', body.id as string);
    expect(await meta.list(`${meta.page}/feed`)).toEqual([]);
    expect((await meta.call('GET', body.post_id as string)).error).toBe('100/33');
  });

  test('targeting knows countries, regions, cities and zips, and no radius', async () => {
    const { meta } = await stage.start();
    const refused = [
      { geo_locations: { custom_locations: [{ latitude: 25.2867, longitude: 51.5333, radius: 80 }] } },
      { geo_locations: { latitude: 25.2867, longitude: 51.5333, radius: 160 } },
      { geo_locations: { cities: [{ key: '777', radius: 40, distance_unit: 'kilometer' }] } },
      { geo_locations: { countries: ['Qatar'] } },
    ];
    for (const targeting of refused) {
      expect((await meta.call('POST', `${meta.page}/feed`, { message: 'text', targeting })).error).toBe('100');
    }
    const targeting = { geo_locations: { countries: ['QA'], cities: [{ key: '777' }] } };
    expect((await meta.call('POST', `${meta.page}/feed`, { message: 'text', targeting })).error).toBe('');
    expect(await meta.list(`${meta.page}/feed`)).toHaveLength(1);
  });

  test('the same text twice running is refused, by posting and by flipping, until the first is deleted', async () => {
    const { meta } = await stage.start();
    const first = await meta.id('POST', `${meta.page}/feed`, { message: 'the same' });
    const staged = await meta.stagePost(stage.jpeg, 'the same');
    expect((await meta.call('POST', `${meta.page}/feed`, { message: 'the same' })).error).toBe('506/1455006');
    expect((await meta.call('POST', staged, { is_published: true })).error).toBe('506/1455006');
    await meta.call('DELETE', first);
    expect((await meta.call('POST', staged, { is_published: true })).error).toBe('');
  });

  test('an address without a picture makes no photo', async () => {
    const { meta } = await stage.start();
    for (const path of ['/missing', '/text']) {
      const { error } = await meta.call('POST', `${meta.page}/photos`, {
        url: `${stage.imagesUrl}${path}`,
        published: false,
      });
      expect(error).toBe('324/2069019');
    }
    expect(await meta.effects()).toEqual([]);
  });

  test('a list is newest first and can be read page by page', async () => {
    const { meta } = await stage.start();
    const ids: string[] = [];
    for (const message of ['one', 'two', 'three']) {
      ids.unshift(await meta.id('POST', `${meta.page}/feed`, { message }));
    }
    const { body } = await meta.call('GET', `${meta.page}/feed`, { limit: 2, fields: 'id' });
    expect(body.data).toEqual([{ id: ids[0] }, { id: ids[1] }]);
    const { cursors, next } = body.paging as { cursors: { after: string }; next: string };
    expect(next).toContain(cursors.after);
    expect(await meta.list(`${meta.page}/feed`, { limit: 2, after: cursors.after })).toEqual([ids[2]]);
  });

  test('unpublished posts are listed page by page, with whose they are and what they are made of', async () => {
    const { meta } = await stage.start();
    await meta.id('POST', `${meta.page}/feed`, { message: 'live' });
    const ids: string[] = [];
    for (const message of ['one', 'two', 'three']) ids.unshift(await meta.stagePost(stage.jpeg, message));
    const asked = { is_published: 'false', fields: 'message,from{id},attachments{target{id}}', limit: 2 };
    const { body } = await meta.call('GET', `${meta.page}/promotable_posts`, asked);
    expect(body.data).toMatchObject([
      { id: ids[0], message: 'three', from: { id: meta.page }, attachments: { data: [{ target: {} }] } },
      { id: ids[1], message: 'two' },
    ]);
    const { cursors, next } = body.paging as { cursors: { after: string }; next: string };
    expect(new URL(next).searchParams.get('is_published')).toBe('false');
    const rest = { ...asked, after: cursors.after };
    expect(await meta.list(`${meta.page}/promotable_posts`, rest)).toEqual([ids[2]]);
  });
});

describe('the Instagram account', () => {
  test('a container becomes one media, whose id is another; publishing it twice never makes two', async () => {
    const { meta } = await stage.start();
    const container = await meta.container(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    expect(container.status).toBe('FINISHED');
    const { body } = await meta.publishMedia(container.id);
    expect(body.id).not.toBe(container.id);
    expect((await meta.publishMedia(container.id)).error).toBe('24/2207006');

    expect((await meta.settledContainer(container.id)).status).toBe('PUBLISHED');
    expect(
      (await meta.call('GET', `${meta.account}/media`, { fields: 'id,caption,timestamp,permalink' })).body,
    ).toEqual({
      data: [
        {
          id: body.id,
          caption: 'MFQ-7K3D-92XQ/1',
          timestamp: expect.stringMatching(/\+0000$/),
          permalink: expect.stringContaining(body.id as string),
        },
      ],
      paging: expect.anything(),
    });
    expect((await meta.effects()).filter(({ type }) => type === 'media.published')).toHaveLength(1);
  });

  test('publishing a container that is still in progress is too early', async () => {
    const { meta } = await stage.start({ containerMs: 60_000 });
    const id = await meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg });
    expect((await meta.call('GET', id, { fields: 'status_code' })).body).toEqual({ id, status_code: 'IN_PROGRESS' });
    expect((await meta.publishMedia(id)).error).toBe('9007/2207027');
  });

  test.each([
    ['an address without an answer', '/missing', '2207052'],
    ['a picture that is no JPEG', '/png', '2207005'],
    ['a file that is no picture', '/text', '2207005'],
    ['a file over 8 MB', '/huge', '2207004'],
    ['a picture taller than 4:5', '/jpeg?width=40&height=60', '2207009'],
    ['a picture wider than 1.91:1', '/jpeg?width=80&height=40', '2207009'],
  ])('%s makes the container an error', async (_, path, subcode) => {
    const { meta } = await stage.start();
    const container = await meta.container(`${stage.imagesUrl}${path}`, '');
    expect(container.status).toBe('ERROR');
    expect(container.words).toContain(subcode);
    expect((await meta.publishMedia(container.id)).error).toBe('-1/2207032');
  });

  test.each(['/jpeg?width=1080&height=1350', '/jpeg?width=1200&height=628'])(
    '%s is within the proportions',
    async (path) => {
      const { meta } = await stage.start();
      expect((await meta.container(`${stage.imagesUrl}${path}`, '')).status).toBe('FINISHED');
    },
  );

  test('a caption holds 2,200 characters and cannot be edited', async () => {
    const { meta } = await stage.start();
    const media = { image_url: stage.jpeg, caption: 'م'.repeat(2201) };
    expect((await meta.call('POST', `${meta.account}/media`, media)).error).toBe('36004/2207010');
    const container = await meta.container(stage.jpeg, 'م'.repeat(2200));
    const { body } = await meta.publishMedia(container.id);
    expect((await meta.call('POST', body.id as string, { caption: 'other' })).error).toBe('100');
  });

  test('a deleted media is gone, and the second delete finds nothing', async () => {
    const { meta } = await stage.start();
    const container = await meta.container(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    const id = (await meta.publishMedia(container.id)).body.id as string;
    expect((await meta.call('DELETE', id)).body).toEqual({ success: true });
    expect(await meta.list(`${meta.account}/media`)).toEqual([]);
    expect((await meta.call('DELETE', id)).error).toBe('100/33');
    expect((await meta.publishMedia(container.id)).error).toBe('24/2207006');
  });

  test(
    'the daily limit counts what was published, also what was deleted since, and then refuses',
    async () => {
      const { meta } = await stage.start();
      const publishOne = async () => meta.publishMedia((await meta.container(stage.jpeg, '')).id);
      const first = (await publishOne()).body.id as string;
      await meta.call('DELETE', first);
      for (let published = 1; published < 100; published += 1) expect((await publishOne()).error).toBe('');
      const limit = await meta.call('GET', `${meta.account}/content_publishing_limit`, {
        fields: 'quota_usage,config',
      });
      expect(limit.body).toEqual({
        data: [{ quota_usage: 100, config: { quota_total: 100, quota_duration: 86400 } }],
      });
      expect((await publishOne()).error).toBe('9/2207042');
    },
    TIMEOUT_MS,
  );

  test('after a day a container has expired and a publication no longer counts', async () => {
    const dataFile = join(stage.folder, 'meta.jsonl');
    const { meta, simulator } = await stage.start({ dataFile });
    const published = await meta.container(stage.jpeg, 'one');
    await meta.publishMedia(published.id);
    const waiting = await meta.container(stage.jpeg, 'two');
    await simulator.close();

    const log = await readFile(dataFile, 'utf8');
    const dayAgo = new Date(Date.now() - 24 * 3600 * 1000 - 1000).toISOString();
    await writeFile(dataFile, log.replaceAll(/"at":"[^"]+"/g, `"at":"${dayAgo}"`));
    const { meta: later } = await stage.start({ dataFile });
    expect((await later.settledContainer(waiting.id)).status).toBe('EXPIRED');
    expect((await later.publishMedia(waiting.id)).error).toBe('-2/2207020');
    expect((await later.settledContainer(published.id)).status).toBe('PUBLISHED');
    expect((await later.call('GET', `${later.account}/content_publishing_limit`)).body).toEqual({
      data: [{ quota_usage: 0 }],
    });
  });
});

describe('the effects log', () => {
  test('effects are numbered without gaps and carry the trace id of the call that caused them', async () => {
    const { meta } = await stage.start();
    await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    const answer = await meta.call('POST', `${meta.page}/feed`, { message: 'MFQ-7K3D-92XQ/2' });
    const effects = await meta.effects();
    expect(effects.map(({ type }) => type)).toEqual([
      'photo.created',
      'post.created',
      'post.created',
      'post.published',
    ]);
    expect(effects.map(({ seq }) => seq)).toEqual([1, 2, 3, 4]);
    expect(await meta.effects(2)).toEqual(effects.slice(2));
    expect(effects[3]).toMatchObject({
      postId: answer.body.id,
      message: 'MFQ-7K3D-92XQ/2',
      call: answer.headers.get('x-fb-trace-id'),
      at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+\.\d{3}Z$/),
    });
  });

  test('a restart from the data file goes on with the same accounts, posts and pictures', async () => {
    const dataFile = join(stage.folder, 'data', 'meta.jsonl');
    const { meta, simulator } = await stage.start({ dataFile });
    const live = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    await meta.call('POST', live, { is_published: true });
    const staged = await meta.stagePost(stage.jpeg, 'MFQ-7K3D-92XQ/2');
    const { id: container } = await meta.container(stage.jpeg, 'MFQ-7K3D-92XQ/1');
    const media = (await meta.publishMedia(container)).body.id;
    const effects = await meta.effects();
    await simulator.close();

    const { meta: again, simulator: restarted } = await stage.start({ dataFile });
    expect(restarted).toMatchObject({
      pageId: simulator.pageId,
      igUserId: simulator.igUserId,
      accessToken: simulator.accessToken,
    });
    expect(await again.effects()).toEqual(effects);
    expect(await again.list(`${again.page}/feed`)).toEqual([live]);
    expect(await again.list(`${again.account}/media`)).toEqual([media]);
    const { body } = await again.call('GET', live, { fields: 'full_picture' });
    expect((await fetch(body.full_picture as string)).status).toBe(200);
    expect((await again.call('POST', staged, { is_published: true })).error).toBe('');
    expect((await again.publishMedia(container)).error).toBe('24/2207006');
  });

  test('a container in progress when the simulator stopped is finished after it starts again', async () => {
    const dataFile = join(stage.folder, 'meta.jsonl');
    const { meta, simulator } = await stage.start({ dataFile, containerMs: 60_000 });
    const id = await meta.id('POST', `${meta.account}/media`, { image_url: stage.jpeg });
    await simulator.close();
    const { meta: again } = await stage.start({ dataFile });
    expect((await again.settledContainer(id)).status).toBe('FINISHED');
  });

  test('a last line cut off by a crash is dropped; damage before it, or another account, is refused', async () => {
    const dataFile = join(stage.folder, 'meta.jsonl');
    const { meta, simulator } = await stage.start({ dataFile });
    const id = await meta.id('POST', `${meta.page}/feed`, { message: 'whole' });
    await simulator.close();
    await appendFile(dataFile, '{"seq":3,"at":"2026-11-24T05:2');
    const { meta: again, simulator: restarted } = await stage.start({ dataFile });
    expect(await again.list(`${again.page}/feed`)).toEqual([id]);
    const next = await again.id('POST', `${again.page}/feed`, { message: 'after the crash' });
    await restarted.close();
    const { meta: third, simulator: last } = await stage.start({ dataFile });
    expect(await third.list(`${third.page}/feed`)).toEqual([next, id]);
    await last.close();

    await expect(startSimulator({ port: 0, dataFile, pageId: '1' })).rejects.toThrow('another pageId');
    await appendFile(dataFile, 'damaged\n');
    await expect(startSimulator({ port: 0, dataFile })).rejects.toThrow('line 6');
  });
});

describe('a crash in the middle of a write', () => {
  test(
    'wherever it cuts the log off, it opens with every effect before the cut, and goes on from there',
    async () => {
      const dataFile = join(stage.folder, 'meta.jsonl');
      const { meta, simulator } = await stage.start({ dataFile });
      const post = await meta.stagePost(stage.jpeg, 'طفل مفقود MFQ-7K3D-92XQ/1');
      await meta.call('POST', post, { message: 'MFQ-7K3D-92XQ/2', is_published: true });
      await meta.publishMedia((await meta.container(stage.jpeg, '')).id);
      await meta.call(
        'DELETE',
        (await meta.call('POST', `${meta.page}/photos`, { url: stage.jpeg })).body.id as string,
      );
      const effects = await meta.effects();
      await simulator.close();
      const { pageId, igUserId, accessToken } = simulator;
      const accounts = { pageId, igUserId, accessToken };
      const whole = await readFile(dataFile);
      const header = whole.indexOf('\n') + 1;

      const cut = join(stage.folder, 'cut.jsonl');
      for (let length = header; length <= whole.length; length += 1 + (length % 5)) {
        await writeFile(cut, whole.subarray(0, length));
        const lines = whole.subarray(header, length).toString('latin1').split('\n').length - 1;
        const log = EffectsLog.inFile(cut, {}, { pageId: '1', igUserId: '2', accessToken: '3' });
        expect(log.accounts).toEqual(accounts);
        expect(log.after(0)).toEqual(effects.slice(0, lines));
        log.append('after the crash', { type: 'page.online' });
        log.close();
        const again = EffectsLog.inFile(cut, {}, accounts);
        expect(again.after(lines)).toMatchObject([{ seq: lines + 1, call: 'after the crash' }]);
        again.close();
      }
    },
    TIMEOUT_MS,
  );
});

describe('the page of both feeds', () => {
  test('it shows what is live and only that, and says that nothing of it is real', async () => {
    const { meta, simulator } = await stage.start();
    const read = async () => (await fetch(simulator.url)).text();
    expect(await read()).toContain('Simulator – nothing here is on Facebook or Instagram');

    const post = await meta.stagePost(stage.jpeg, 'طفل مفقود\n<b>Missing</b> child', {
      geo_locations: { countries: ['QA'] },
    });
    expect(await read()).not.toContain('طفل مفقود');
    await meta.call('POST', post, { is_published: true });
    const { id } = await meta.container(stage.jpeg, 'Instagram caption');
    const media = (await meta.publishMedia(id)).body.id as string;
    const live = await read();
    expect(live).toContain('<p dir="auto">طفل مفقود</p>');
    expect(live).toContain('<p dir="auto">&lt;b&gt;Missing&lt;/b&gt; child</p>');
    expect(live).toContain('Qatar');
    expect(live).toContain('Instagram caption');

    await meta.call('DELETE', post);
    await meta.call('DELETE', media);
    const ended = await read();
    expect(ended).not.toContain('طفل مفقود');
    expect(ended).not.toContain('Instagram caption');
    expect(ended).toContain(post);
  });

  test('a picture is served while something live or staged shows it, and not after', async () => {
    const { meta } = await stage.start();
    const id = await meta.id('POST', `${meta.page}/photos`, { url: stage.jpeg, published: false });
    const { body } = await meta.call('GET', id, { fields: 'images' });
    const source = (body.images as { source: string }[])[0]?.source ?? '';
    expect((await fetch(source)).status).toBe(200);
    await meta.call('DELETE', id);
    expect((await fetch(source)).status).toBe(404);
  });
});

describe('the command line', () => {
  let children: ChildProcess[] = [];
  afterEach(async () => {
    const alive = children.filter((child) => child.exitCode === null && child.signalCode === null);
    await Promise.all(alive.map((child) => (child.kill('SIGKILL'), once(child, 'exit'))));
    children = [];
  });

  async function run(args: string[], channel: 'ipc' | 'ignore' = 'ignore') {
    const child = spawn(process.execPath, ['--import', 'tsx', 'src/simulator/main.ts', ...args], {
      stdio: ['ignore', 'pipe', 'pipe', channel],
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    children.push(child);
    if (child.stdout === null) throw new Error('no stdout');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, ready: JSON.parse(line) as Omit<Simulator, 'close'> };
  }

  test(
    'its first line is JSON with address, accounts and token; SIGKILL loses nothing that was answered',
    async () => {
      const args = ['--port', '0', '--data', join(stage.folder, 'meta.jsonl'), '--container-ms', '0'];
      const { child, ready } = await run(args);
      expect(Object.keys(ready)).toEqual(['url', 'pageId', 'igUserId', 'accessToken']);
      const meta = new Caller(ready);
      const answered: string[] = [];
      const posting = (async () => {
        for (;;) answered.push(await meta.id('POST', `${meta.page}/feed`, { message: `post ${answered.length}` }));
      })();
      const stopped = expect(posting).rejects.toThrow('fetch failed');
      while (answered.length < 50) await meta.effects();
      child.kill('SIGKILL');
      await stopped;

      const { child: second, ready: again } = await run(args);
      expect(again).toEqual({ ...ready, url: again.url });
      const kept = (await new Caller(again).effects()).flatMap(({ type, postId }) =>
        type === 'post.published' ? [postId] : [],
      );
      expect(kept.slice(0, answered.length)).toEqual(answered);
      // The post under way when it was killed may be there or not; nothing else may.
      expect(kept.length - answered.length).toBeLessThanOrEqual(1);

      second.kill('SIGTERM');
      expect(await once(second, 'exit')).toEqual([0, null]);
    },
    TIMEOUT_MS,
  );

  test(
    'it stops by itself when the process that forked it goes away',
    async () => {
      const { child } = await run([], 'ipc');
      const exit = once(child, 'exit');
      child.disconnect();
      expect(await exit).toEqual([0, null]);
    },
    TIMEOUT_MS,
  );
});
