import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createChannelActivities } from '../../src/activities/channel-activities.js';
import { createFacebookChannel } from '../../src/channels/facebook.js';
import type { ChannelObject, StepOutcome } from '../../src/domain/publication.js';
import type { AlertChannel, AlertContent, PlacedObject } from '../../src/ports/alert-channel.js';
import { ContentMismatch } from '../../src/ports/content-store.js';
import { anAlert, aRun, CASE, failureOf, livePost, type Meta, placed, startMeta } from './channels-stage.js';
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

function channelFor(audience: 'simulator' | 'public', graph = meta.graph): AlertChannel {
  return createFacebookChannel({ graph, pageId: meta.caller.page, audience, strategy: 'single-post' });
}

async function staged(): Promise<PlacedObject> {
  const { object } = await facebook.stage(anAlert(images.jpeg), aRun());
  return placed(object.id, { postsAnew: object.postsAnew ?? false });
}

/** The object once its post has been sent. */
function sent({ object, ...rest }: PlacedObject, changes: Partial<ChannelObject> = {}): PlacedObject {
  return { ...rest, object: { ...object, state: 'unknown', flippedAt: Date.now(), ...changes } };
}

const publish = (post: PlacedObject): ReturnType<AlertChannel['publish']> =>
  facebook.publish(post, aRun(), anAlert(images.jpeg));

async function onFeed(): Promise<string[]> {
  return meta.caller.list(`${meta.caller.page}/feed`);
}

async function effectTypes(): Promise<string[]> {
  return (await meta.caller.effects()).map(({ type }) => type);
}

describe('the life of an alert', () => {
  test('staged, it is a photo that nobody can see, and nothing else', async () => {
    const { object, reach } = await facebook.stage(anAlert(images.jpeg), aRun());
    expect(object).toEqual({ id: expect.any(String), attachments: [], lapsesAt: null, postsAnew: true });
    expect(reach).toEqual({ askedRadiusKm: 160, deliveredCountries: ['QA'] });
    expect(await effectTypes()).toEqual(['photo.created']);
    expect(await onFeed()).toEqual([]);
  });

  test('published, it is one post with its text, picture and countries; edited it stays that post; removed, nothing is left', async () => {
    const alert = anAlert(images.jpeg);
    const photo = await staged();
    const { postId } = livePost(await facebook.publish(photo, aRun(), alert));
    expect(await onFeed()).toEqual([postId]);
    const fields = 'message,is_published,targeting,attachments';
    expect((await meta.caller.call('GET', String(postId), { fields })).body).toMatchObject({
      message: alert.text,
      is_published: true,
      targeting: { geo_locations: { countries: ['QA'] } },
      attachments: { data: [{ type: 'photo', description: alert.altText }] },
    });

    const live = sent(photo, { state: 'live', postId });
    const amended = anAlert(images.jpeg, { revision: 2 });
    expect(await facebook.update(live, amended, aRun())).toBe('updated');
    expect((await meta.caller.call('GET', String(postId), { fields: 'message' })).body.message).toBe(amended.text);

    expect(await facebook.expire(live, aRun())).toBe('removed');
    expect(await onFeed()).toEqual([]);
    expect((await effectTypes()).slice(-2)).toEqual(['post.deleted', 'photo.deleted']);
    expect(await facebook.expire(live, aRun())).toBe('absent');
  });

  test('removed while it is staged, the photo goes', async () => {
    expect(await facebook.expire(await staged(), aRun())).toBe('removed');
    expect(await effectTypes()).toEqual(['photo.created', 'photo.deleted']);
  });

  test('what was staged to be flipped is flipped, and what was staged to be posted is posted, whatever is configured since', async () => {
    const flipping = createFacebookChannel({ graph: meta.graph, pageId: meta.caller.page, audience: 'simulator' });
    const { object } = await flipping.stage(anAlert(images.jpeg, { revision: 2 }), aRun());
    await facebook.publish(placed(object.id, { revision: 2 }), aRun());
    const { postId } = livePost(await flipping.publish(await staged(), aRun(), anAlert(images.jpeg)));
    expect(await onFeed()).toEqual([postId, object.id]);
  });
});

describe('one attempt, and never knowingly two', () => {
  test.each(['loseAnswer', 'effectThen500'])(
    'an answer lost after the post (%s) is unknown, and the search finds it by its marker',
    async (fault) => {
      const photo = await staged();
      await meta.caller.fault({ endpoint: 'facebook.createPost', fault });
      expect(await failureOf(publish(photo))).toMatchObject({ kind: 'unknown' });
      const [there] = await onFeed();
      expect(await facebook.look(sent(photo), aRun())).toEqual({
        postId: there,
        permalink: expect.stringContaining(String(there)),
      });
    },
  );

  test('a post that failed before it took effect is unknown, and nothing is found', async () => {
    const photo = await staged();
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 2 });
    expect(await failureOf(publish(photo))).toMatchObject({ kind: 'unknown', code: 'meta/2' });
    expect(await facebook.look(sent(photo), aRun())).toBe('notLive');
  });

  test('a post that comes after its time-out is not found at first, and found when it is there', async () => {
    const photo = sent(await staged());
    // The search is made in good time, and the post alone in haste.
    const hasty = channelFor('simulator', {
      ...meta.graph,
      irreversible: (call, run) => meta.hastyGraph.irreversible(call, run),
    });
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'slow', ms: 2_000 });
    const failure = await failureOf(hasty.publish(photo, aRun(), anAlert(images.jpeg)));
    expect(failure).toMatchObject({ kind: 'unknown', code: 'network/timeout' });
    expect(await facebook.look(photo, aRun())).toBe('notLive');
    while ((await facebook.look(photo, aRun())) === 'notLive');
    expect(livePost(await facebook.look(photo, aRun())).postId).toMatch(/_/);
  });

  test('a text that is up already is unknown: it may be this very post', async () => {
    const photo = await staged();
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 506, subcode: 1455006 });
    expect(await failureOf(publish(photo))).toMatchObject({ kind: 'unknown', code: 'meta/506/1455006' });
  });

  test('what is found before anything is sent is taken, and nothing is sent', async () => {
    const photo = await staged();
    const byHand = await meta.caller.id('POST', `${meta.caller.page}/feed`, { message: anAlert(images.jpeg).text });
    expect(livePost(await publish(photo)).postId).toBe(byHand);
    expect(await onFeed()).toEqual([byHand]);
  });

  test.each<[string, object, object]>([
    ['fails', { fault: 'fail', code: 2 }, { kind: 'notSent', code: 'meta/2' }],
    ['is throttled', { fault: 'throttled', minutes: 3 }, { kind: 'throttled', retryAfterMs: 180_000 }],
    ['is refused', { fault: 'fail', code: 190, status: 401 }, { kind: 'refused', code: 'meta/190' }],
  ])('when the search beforehand %s, nothing was sent, and that is what is said', async (_, fault, expected) => {
    const photo = await staged();
    await meta.caller.fault({ endpoint: 'facebook.listPosts', ...fault });
    expect(await failureOf(publish(photo))).toMatchObject(expected);
    expect(await effectTypes()).toEqual(['photo.created']);
  });

  test('nothing is sent after sendBefore, nor without the content', async () => {
    const photo = await staged();
    const tooLate = aRun({ sendBefore: Date.now() - 1 });
    expect(await failureOf(facebook.publish(photo, tooLate, anAlert(images.jpeg)))).toMatchObject({ kind: 'notSent' });
    expect(await failureOf(facebook.publish(photo, aRun()))).toMatchObject({ kind: 'refused' });
    expect(await effectTypes()).toEqual(['photo.created']);
  });

  test('without its photo it is absent, so that another one is staged', async () => {
    const photo = await staged();
    await meta.caller.call('DELETE', photo.object.id);
    expect(await publish(photo)).toBe('absent');
  });

  test('a parameter that is refused while the photo is there is refused', async () => {
    const photo = await staged();
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'fail', code: 100 });
    expect(await failureOf(publish(photo))).toMatchObject({ kind: 'refused', code: 'meta/100' });
  });

  test('a throttled post says how long to wait', async () => {
    const photo = await staged();
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'throttled', minutes: 3 });
    expect(await failureOf(publish(photo))).toMatchObject({ kind: 'throttled', retryAfterMs: 180_000 });
  });
});

describe('finding the post', () => {
  test('neither another revision nor a visitor’s post is taken for it', async () => {
    const photo = sent(await staged());
    await meta.caller.call('POST', `${meta.caller.page}/feed`, { message: `Ref ${CASE}/12` });
    expect(await facebook.look(photo, aRun())).toBe('notLive');
  });
});

describe('removing', () => {
  test('sent with its answer lost, it is found by its marker and removed, with its photo', async () => {
    const photo = await staged();
    await meta.caller.fault({ endpoint: 'facebook.createPost', fault: 'loseAnswer' });
    await failureOf(publish(photo));
    expect(await facebook.expire(sent(photo), aRun())).toBe('removed');
    expect(await onFeed()).toEqual([]);
    expect((await effectTypes()).slice(-2)).toEqual(['post.deleted', 'photo.deleted']);
  });

  test('sent and not found, it is not seen: it may surface late, and without its photo', async () => {
    expect(await facebook.expire(sent(await staged()), aRun())).toBe('notSeen');
    expect(await effectTypes()).toEqual(['photo.created', 'photo.deleted']);
  });
});

describe('the step that publishes it', () => {
  const run = async (object: ChannelObject, load: () => Promise<AlertContent>): Promise<StepOutcome> => {
    const { publishAlert } = createChannelActivities({
      channels: { facebook, instagram: facebook },
      content: { load, hasSameImage: () => Promise.resolve(true) },
      audience: 'simulator',
    });
    const step = { channel: 'facebook', caseNumber: CASE, runKind: 'actual', object } as const;
    return new MockActivityEnvironment({ startToCloseTimeoutMs: 60_000 }).run(publishAlert, step);
  };

  test('loads what was approved, and sends it', async () => {
    const { object } = await staged();
    const outcome = await run(object, () => Promise.resolve(anAlert(images.jpeg)));
    expect(outcome).toMatchObject({ result: 'live', postId: (await onFeed())[0] });
  });

  test('sends nothing, and knows it, when the content cannot be had or is not what was approved', async () => {
    const { object } = await staged();
    expect(await run(object, () => Promise.reject(new Error('away')))).toEqual({ result: 'notSent' });
    expect(await run(object, () => Promise.reject(new ContentMismatch('facebook')))).toEqual({
      result: 'refused',
      code: 'content/mismatch',
    });
    expect(await onFeed()).toEqual([]);
  });
});

test('credentials of the public’s page refuse an exercise, and nothing is sent', async () => {
  const real = channelFor('public');
  const exercise = { ...(await staged()), runKind: 'exercise' } as const;
  const alert = anAlert(images.jpeg, { runKind: 'exercise' });
  const refused = { kind: 'refused', code: 'run_kind_not_for_the_public' };
  expect(await failureOf(real.stage(alert, aRun()))).toMatchObject(refused);
  expect(await failureOf(real.publish(exercise, aRun(), alert))).toMatchObject(refused);
  expect(await effectTypes()).toEqual(['photo.created']);
});
