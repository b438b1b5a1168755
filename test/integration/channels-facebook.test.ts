import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createFacebookChannel } from '../../src/channels/facebook.js';
import type { ChannelObject } from '../../src/domain/publication.js';
import type { AlertChannel, PlacedObject } from '../../src/ports/alert-channel.js';
import { anAlert, aRun, failureOf, livePost, type Meta, placed, startMeta } from './channels-stage.js';
import { startImageServer } from './simulator-caller.js';

let images: Awaited<ReturnType<typeof startImageServer>>;
let meta: Meta;
let facebook: AlertChannel;

beforeAll(async () => {
  images = await startImageServer();
});
afterAll(() => images.close());
beforeEach(async () => {
  meta = await startMeta({ timeoutMs: 2_000 });
  facebook = channelFor('simulator');
});
afterEach(() => meta.close());

function channelFor(audience: 'simulator' | 'test' | 'public', graph = meta.graph): AlertChannel {
  return createFacebookChannel({ graph, pageId: meta.caller.page, audience });
}

async function staged(changes: Partial<ChannelObject> = {}): Promise<PlacedObject> {
  const { object } = await facebook.stage(anAlert(images.jpeg), aRun());
  return placed(object.id, changes);
}

async function effectTypes(): Promise<string[]> {
  return (await meta.caller.effects()).map(({ type }) => type);
}

describe('the life of an alert', () => {
  test('staged, it is there with its text, picture and countries, and nobody can see it', async () => {
    const alert = anAlert(images.jpeg);
    const { object, reach } = await facebook.stage(alert, aRun());
    expect(object).toEqual({
      id: expect.stringContaining(`${meta.caller.page}_`),
      attachments: [expect.any(String)],
      lapsesAt: null,
    });
    expect(reach).toEqual({ askedRadiusKm: 160, deliveredCountries: ['QA'] });

    const post = await meta.caller.call('GET', object.id, { fields: 'message,is_published,targeting,attachments' });
    expect(post.body).toMatchObject({
      message: alert.text,
      is_published: false,
      targeting: { geo_locations: { countries: ['QA'] } },
      attachments: { data: [{ type: 'photo', description: alert.altText }] },
    });
    expect(await meta.caller.list(`${meta.caller.page}/feed`)).toEqual([]);
    expect(await facebook.look(placed(object.id), aRun())).toBe('notLive');
  });

  test('removed, it leaves nothing behind: the hidden photo it was made of goes with it', async () => {
    const { object } = await facebook.stage(anAlert(images.jpeg), aRun());
    const post = placed(object.id, { attachments: object.attachments });
    await facebook.publish(post, aRun());
    expect(await facebook.expire(post, aRun())).toBe('removed');
    expect((await effectTypes()).slice(-2)).toEqual(['post.deleted', 'photo.deleted']);
  });

  test('published, the public sees it; removed, nobody does; removed again, it is absent', async () => {
    const post = await staged();
    expect(await facebook.publish(post, aRun())).toEqual({ postId: null, permalink: null });
    expect(await meta.caller.list(`${meta.caller.page}/feed`)).toEqual([post.object.id]);
    expect(livePost(await facebook.look(post, aRun()))).toEqual({
      postId: null,
      permalink: expect.stringContaining(post.object.id),
    });
    expect(await facebook.expire(post, aRun())).toBe('removed');
    expect(await meta.caller.list(`${meta.caller.page}/feed`)).toEqual([]);
    expect(await facebook.expire(post, aRun())).toBe('absent');
    expect(await facebook.look(post, aRun())).toBe('absent');
    expect(await facebook.publish(post, aRun())).toBe('absent');
  });

  test('what the Page shows is never taken for gone, whatever a call by its id says', async () => {
    const post = await staged();
    await facebook.publish(post, aRun());
    for (const endpoint of ['facebook.deletePost', 'facebook.editPost', 'facebook.readPost'] as const) {
      await meta.caller.fault({ endpoint, fault: 'fail', code: 100, subcode: 33 });
    }
    expect(await failureOf(facebook.expire(post, aRun()))).toMatchObject({ kind: 'unknown', code: 'meta/100/33' });
    expect(await failureOf(facebook.update(post, anAlert(images.jpeg), aRun()))).toMatchObject({ kind: 'unknown' });
    expect(await facebook.look(post, aRun())).toEqual({ postId: null, permalink: null });
    expect(await facebook.expire(post, aRun())).toBe('removed');
  });

  test('what a few reads have left out is not taken for gone', async () => {
    const post = await staged();
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'readAfterWrite', reads: 3 });
    await facebook.publish(post, aRun());
    expect(await failureOf(facebook.expire(post, aRun()))).toMatchObject({ kind: 'unknown', code: 'meta/100/33' });
    expect(await facebook.expire(post, aRun())).toBe('removed');
  });

  test('removed while it is staged, a late flip finds nothing', async () => {
    const post = await staged();
    expect(await facebook.expire(post, aRun())).toBe('removed');
    expect((await meta.caller.call('POST', post.object.id, { is_published: true })).error).toBe('100/33');
  });

  test('without countries everybody is shown it, and that is what is said to be delivered', async () => {
    const { object, reach } = await facebook.stage(anAlert(images.jpeg, { countries: [] }), aRun());
    expect(reach.deliveredCountries).toEqual([]);
    expect((await meta.caller.call('GET', object.id, { fields: 'targeting' })).body).toEqual({ id: object.id });
  });
});

describe('publishing once', () => {
  test.each(['loseAnswer', 'effectThen500'])(
    'an answer lost after the flip (%s) is unknown, and looking at that very post finds it live',
    async (fault) => {
      const post = await staged();
      await meta.caller.fault({ endpoint: 'facebook.publishPost', fault });
      expect(await failureOf(facebook.publish(post, aRun()))).toMatchObject({ kind: 'unknown' });
      expect(await facebook.look(post, aRun())).toMatchObject({ postId: null });
    },
  );

  test('the same post flipped twice is one post in the simulator’s effects', async () => {
    const post = await staged();
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'loseAnswer' });
    await failureOf(facebook.publish(post, aRun()));
    await facebook.publish({ ...post, object: { ...post.object, flippedAt: Date.now() } }, aRun());
    expect((await effectTypes()).filter((type) => type === 'post.published')).toHaveLength(1);
  });

  test('a flip that takes effect after its time-out is unknown, not live when looked at, and live when it comes', async () => {
    const hasty = channelFor('simulator', meta.hastyGraph);
    const post = await staged();
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'slow', ms: 2_000 });
    expect(await failureOf(hasty.publish(post, aRun()))).toMatchObject({ kind: 'unknown', code: 'network/timeout' });
    expect(await facebook.look(post, aRun())).toBe('notLive');
    while ((await facebook.look(post, aRun())) === 'notLive');
    expect(await facebook.look(post, aRun())).toMatchObject({ postId: null });
  });

  test('a flip that fails before it takes effect is unknown, and looking finds it not live', async () => {
    const post = await staged();
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'fail', code: 2 });
    expect(await failureOf(facebook.publish(post, aRun()))).toMatchObject({ kind: 'unknown', code: 'meta/2' });
    expect(await facebook.look(post, aRun())).toBe('notLive');
  });

  test('nothing is sent after sendBefore', async () => {
    const post = await staged();
    const before = await effectTypes();
    const tooLate = aRun({ sendBefore: Date.now() - 1 });
    expect(await failureOf(facebook.publish(post, tooLate))).toMatchObject({ kind: 'notSent' });
    expect(await failureOf(facebook.expire(post, tooLate))).toMatchObject({ kind: 'notSent' });
    expect(await effectTypes()).toEqual(before);
  });

  test('a throttled flip says how long to wait', async () => {
    const post = await staged();
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'throttled', minutes: 3 });
    expect(await failureOf(facebook.publish(post, aRun()))).toMatchObject({
      kind: 'throttled',
      code: 'meta/32',
      retryAfterMs: 180_000,
    });
  });

  test('a token that ran out is refused', async () => {
    const post = await staged();
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'fail', code: 190, status: 401 });
    expect(await failureOf(facebook.publish(post, aRun()))).toMatchObject({ kind: 'refused', code: 'meta/190' });
  });

  test('a duplicate text is refused, but unknown where this post itself may be the one that is up', async () => {
    const post = await staged();
    const flipped = { ...post, object: { ...post.object, flippedAt: Date.now() } };
    await meta.caller.fault({ endpoint: 'facebook.publishPost', fault: 'fail', code: 506, count: 2 });
    expect(await failureOf(facebook.publish(post, aRun()))).toMatchObject({ kind: 'refused' });
    expect(await failureOf(facebook.publish(flipped, aRun()))).toMatchObject({ kind: 'unknown' });
  });
});

describe('staging', () => {
  test('the photo goes when the post of it is refused', async () => {
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 190, status: 401 });
    expect(await failureOf(facebook.stage(anAlert(images.jpeg), aRun()))).toMatchObject({ kind: 'refused' });
    expect(await effectTypes()).toEqual(['photo.created', 'photo.deleted']);
  });

  test('the photo goes when the step is called off before the post is made', async () => {
    const calledOff = new AbortController();
    const run = aRun({ signal: calledOff.signal, heartbeat: () => calledOff.abort() });
    expect(await failureOf(facebook.stage(anAlert(images.jpeg), run))).toMatchObject({ kind: 'notSent' });
    expect(await effectTypes()).toEqual(['photo.created', 'photo.deleted']);
  });

  test('a photo that cannot be removed does not hide why staging failed', async () => {
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 190, status: 401 });
    await meta.caller.fault({ endpoint: 'facebook.deletePost', fault: 'loseAnswer' });
    expect(await failureOf(facebook.stage(anAlert(images.jpeg), aRun()))).toMatchObject({ code: 'meta/190' });
  });

  test('"no such object" right after the photo was made is asked again, and the one photo is used', async () => {
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 100, subcode: 33 });
    await staged();
    expect(await effectTypes()).toEqual(['photo.created', 'post.created']);
  });

  test('"no such object" again and again is refused: a person has to see why', async () => {
    const elsewhere = createFacebookChannel({ graph: meta.graph, pageId: '404', audience: 'simulator' });
    const failure = await failureOf(elsewhere.stage(anAlert(images.jpeg), aRun()));
    expect(failure).toMatchObject({ kind: 'refused', code: 'meta/100/33' });
  });

  test('an image that cannot be had for the moment may be tried again', async () => {
    const failure = await failureOf(facebook.stage(anAlert(`${images.url}/nothing`), aRun()));
    expect(failure).toMatchObject({ kind: 'unknown', code: 'meta/324/2069019' });
  });

  test('an answer lost leaves nothing that anybody can see', async () => {
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'loseAnswer' });
    expect(await failureOf(facebook.stage(anAlert(images.jpeg), aRun()))).toMatchObject({ kind: 'unknown' });
    await staged();
    expect(await meta.caller.list(`${meta.caller.page}/feed`)).toEqual([]);
  });
});

describe('removing', () => {
  test('an answer lost after the removal is unknown, and removing again finds it absent', async () => {
    const post = await staged();
    await facebook.publish(post, aRun());
    await meta.caller.fault({ endpoint: 'facebook.deletePost', fault: 'loseAnswer' });
    expect(await failureOf(facebook.expire(post, aRun()))).toMatchObject({ kind: 'unknown' });
    expect(await facebook.expire(post, aRun())).toBe('absent');
  });
});

describe('a post that a person made by hand, in place of the one that was staged', () => {
  test('is edited and removed by its own id, and what was staged goes with it', async () => {
    const { object } = await facebook.stage(anAlert(images.jpeg), aRun());
    const postId = await meta.caller.id('POST', `${meta.caller.page}/feed`, { message: 'By hand' });
    const post = placed(object.id, { postId, state: 'live', attachments: object.attachments });
    const amended = anAlert(images.jpeg, { revision: 2 });
    expect(await facebook.update(post, amended, aRun())).toBe('updated');
    expect((await meta.caller.call('GET', postId, { fields: 'message' })).body.message).toBe(amended.text);
    expect(await facebook.expire(post, aRun())).toBe('removed');
    expect(await meta.caller.list(`${meta.caller.page}/feed`)).toEqual([]);
    expect((await effectTypes()).slice(-3)).toEqual(['post.deleted', 'post.deleted', 'photo.deleted']);
  });
});

describe('credentials of the public’s page', () => {
  test.each(['exercise', 'test'] as const)('refuse a case of kind "%s", and nothing is sent', async (runKind) => {
    const real = channelFor('public');
    const post = { ...(await staged()), runKind };
    const before = await effectTypes();
    const refused = { kind: 'refused', code: 'run_kind_not_for_the_public' };
    expect(await failureOf(real.stage(anAlert(images.jpeg, { runKind }), aRun()))).toMatchObject(refused);
    expect(await failureOf(real.publish(post, aRun()))).toMatchObject(refused);
    expect(await effectTypes()).toEqual(before);
  });

  test('what should never have been there may still be looked at and removed', async () => {
    const real = channelFor('public');
    const post: PlacedObject = { ...(await staged()), runKind: 'exercise' };
    expect(await real.look(post, aRun())).toBe('notLive');
    expect(await real.expire(post, aRun())).toBe('removed');
  });

  test.each(['simulator', 'test'] as const)('an exercise may use those of a %s page', async (audience) => {
    const { object } = await channelFor(audience).stage(anAlert(images.jpeg, { runKind: 'exercise' }), aRun());
    expect(object.id).toContain(meta.caller.page);
  });

  test('an actual case goes out with them', async () => {
    const real = channelFor('public');
    const { object } = await real.stage(anAlert(images.jpeg), aRun());
    await real.publish(placed(object.id), aRun());
    expect(await meta.caller.list(`${meta.caller.page}/feed`)).toEqual([object.id]);
  });
});
