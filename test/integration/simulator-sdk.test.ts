import { afterEach, beforeEach, expect, test } from '@jest/globals';
import sdk from 'facebook-nodejs-business-sdk';
import type { Caller } from './simulator-caller.js';
import { simulatorStage } from './simulator-stage.js';

/** Meta's own SDK, unchanged but for the address that it calls, over its own HTTP client. */
const { FacebookAdsApi, Page, PagePost, Photo, IGUser, IGMedia } = sdk;

/** Loading the SDK, 30 MB of JavaScript, takes seconds on a busy machine. */
const TIMEOUT_MS = 60_000;

const stage = simulatorStage();
const meantFor = Object.getOwnPropertyDescriptor(FacebookAdsApi, 'GRAPH');
let meta: Caller;

beforeEach(async () => {
  const { meta: caller, simulator } = await stage.start();
  meta = caller;
  Object.defineProperty(FacebookAdsApi, 'GRAPH', { configurable: true, get: () => simulator.url });
  FacebookAdsApi.init(simulator.accessToken, 'en_US', false);
}, TIMEOUT_MS);

afterEach(() => {
  if (meantFor !== undefined) Object.defineProperty(FacebookAdsApi, 'GRAPH', meantFor);
});

/** What the SDK makes of an answer. */
function dataOf(object: { _data: Record<string, unknown> }): Record<string, unknown> {
  return { ...object._data };
}

async function listed(list: unknown): Promise<Record<string, unknown>[]> {
  return [...((await list) as Iterable<{ _data: Record<string, unknown> }>)].map(dataOf);
}

async function effectTypes(): Promise<string[]> {
  return (await meta.effects()).map(({ type }) => type);
}

test('a photo and a post of it are made, published, edited and deleted', async () => {
  const page = new Page(meta.page);
  const photo = await page.createPhoto([], { url: stage.jpeg, published: false, alt_text_custom: 'A drawing' });
  const post = await page.createFeed([], {
    message: 'MFQ-7K3D-92XQ/1',
    published: false,
    attached_media: [{ media_fbid: photo.id }],
    targeting: { geo_locations: { countries: ['QA'] } },
  });
  expect(await listed(page.getFeed(['id', 'message']))).toEqual([]);

  const same = new PagePost(post.id);
  await same.update([], { is_published: true });
  await same.update([], { message: 'MFQ-7K3D-92XQ/2' });
  expect(dataOf(await same.get(['is_published', 'message', 'permalink_url', 'targeting']))).toMatchObject({
    id: post.id,
    is_published: true,
    message: 'MFQ-7K3D-92XQ/2',
    permalink_url: expect.stringContaining(post.id),
    targeting: { geo_locations: { countries: ['QA'] } },
  });
  expect(await listed(page.getFeed(['id', 'message']))).toMatchObject([{ id: post.id, message: 'MFQ-7K3D-92XQ/2' }]);

  await same.delete([]);
  await new Photo(photo.id).delete([]);
  expect(await listed(page.getFeed(['id']))).toEqual([]);
  expect(await effectTypes()).toEqual([
    'photo.created',
    'post.created',
    'post.published',
    'post.edited',
    'post.deleted',
    'photo.deleted',
  ]);
});

test('a photo published on its own is a post', async () => {
  const photo = await new Page(meta.page).createPhoto([], { url: stage.jpeg, caption: 'MFQ-7K3D-92XQ/1' });
  expect(await meta.list(`${meta.page}/feed`)).toEqual([dataOf(photo).post_id]);
});

test('a container is made, watched and published within the limit; comments are closed, and the media is deleted', async () => {
  const account = new IGUser(meta.account);
  const limit = () => listed(account.getContentPublishingLimit(['quota_usage', 'config']));
  expect(await limit()).toEqual([{ quota_usage: 0, config: { quota_total: 100, quota_duration: 86_400 } }]);

  const container = await account.createMedia([], { image_url: stage.jpeg, caption: 'MFQ-7K3D-92XQ/1' });
  const status = async () => dataOf(await new IGMedia(container.id).get(['status_code'])).status_code;
  while ((await status()) === 'IN_PROGRESS');
  expect(await status()).toBe('FINISHED');

  const media = await account.createMediaPublish([], { creation_id: container.id });
  expect(media.id).not.toBe(container.id);
  expect(await limit()).toMatchObject([{ quota_usage: 1 }]);
  expect(await listed(account.getMedia(['id', 'caption', 'timestamp']))).toMatchObject([
    { id: media.id, caption: 'MFQ-7K3D-92XQ/1', timestamp: expect.any(String) },
  ]);

  const published = new IGMedia(media.id);
  await published.update([], { comment_enabled: false });
  expect(dataOf(await published.get(['is_comment_enabled']))).toMatchObject({ is_comment_enabled: false });
  await new IGMedia(media.id).delete([]);
  expect(await listed(account.getMedia(['id']))).toEqual([]);
  expect(await effectTypes()).toEqual([
    'container.created',
    'container.finished',
    'media.published',
    'media.comments',
    'media.deleted',
  ]);
});

test('a list is read page by page with the SDK’s cursor', async () => {
  for (const message of ['one', 'two', 'three']) await meta.id('POST', `${meta.page}/feed`, { message });
  const cursor = await new Page(meta.page).getFeed(['message'], { limit: 2 });
  const messages = (await listed(cursor)).map(({ message }) => message);
  while (cursor.hasNext()) messages.push(...(await listed(cursor.next())).map(({ message }) => message));
  expect(messages).toEqual(['three', 'two', 'one']);
});

test('a refusal is what the SDK takes for one of Meta’s, and a lost answer is none', async () => {
  await meta.fault({ endpoint: 'facebook.createPost', fault: 'throttled', minutes: 7 });
  const post = () => new Page(meta.page).createFeed([], { message: 'MFQ-7K3D-92XQ/1' });
  await expect(post()).rejects.toMatchObject({
    name: 'FacebookRequestError',
    status: 403,
    response: { code: 32, type: 'OAuthException', fbtrace_id: expect.any(String) },
    headers: { 'x-business-use-case-usage': expect.stringContaining('"estimated_time_to_regain_access":7') },
  });
  await meta.fault({ endpoint: 'facebook.createPost', fault: 'loseAnswer' });
  await expect(post()).rejects.toThrow();
  expect(await meta.list(`${meta.page}/feed`)).toHaveLength(1);
});
