import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createGraphClient } from '../../src/channels/graph-client.js';
import { createInstagramChannel } from '../../src/channels/instagram.js';
import { marker } from '../../src/domain/case-number.js';
import type { PostNeed } from '../../src/domain/quota.js';
import { HOUR } from '../../src/domain/time.js';
import type { AlertChannel, PlacedObject } from '../../src/ports/alert-channel.js';
import {
  anAlert,
  aRun,
  CASE,
  failureOf,
  livePost,
  type Meta,
  placed,
  startMeta,
  startScripted,
} from './channels-stage.js';
import { startImageServer } from './simulator-caller.js';

let images: Awaited<ReturnType<typeof startImageServer>>;
let meta: Meta;
let instagram: AlertChannel;

beforeAll(async () => {
  images = await startImageServer();
});
afterAll(() => images.close());
beforeEach(async () => {
  meta = await startMeta({ timeoutMs: 2_000 });
  instagram = channelFor('simulator');
});
afterEach(() => meta.close());

function channelFor(audience: 'simulator' | 'test' | 'public'): AlertChannel {
  return createInstagramChannel({ graph: meta.graph, igUserId: meta.caller.account, audience });
}

/** A container that is ready, made without the adapter's pauses between polls. */
async function staged(revision = 1): Promise<PlacedObject> {
  const { id } = await meta.caller.container(images.jpeg, anAlert(images.jpeg, { revision }).text);
  return placed(id, { revision, lapsesAt: Date.now() + 24 * HOUR });
}

function flipped({ object, ...rest }: PlacedObject, postId: string | null = null): PlacedObject {
  return { ...rest, object: { ...object, state: postId === null ? 'unknown' : 'live', flippedAt: Date.now(), postId } };
}

async function published(revision = 1): Promise<PlacedObject> {
  const container = await staged(revision);
  const { postId } = livePost(await instagram.publish(container, aRun()));
  return flipped(container, postId);
}

async function mediaOnFeed(): Promise<string[]> {
  return meta.caller.list(`${meta.caller.account}/media`);
}

async function countOf(type: string): Promise<number> {
  return (await meta.caller.effects()).filter((effect) => effect.type === type).length;
}

describe('the life of an alert', () => {
  test('staged, its container is ready, lapses after a day, and nobody can see it', async () => {
    const before = Date.now();
    const { object, reach } = await instagram.stage(anAlert(images.jpeg), aRun());
    expect(reach).toEqual({ askedRadiusKm: 160, deliveredCountries: [] });
    expect(object.lapsesAt).toBeGreaterThanOrEqual(before + 24 * HOUR);
    expect(object.lapsesAt).toBeLessThanOrEqual(Date.now() + 24 * HOUR);
    expect((await meta.caller.call('GET', object.id, { fields: 'status_code' })).body.status_code).toBe('FINISHED');
    expect(await instagram.look(placed(object.id), aRun())).toBe('notLive');
    expect(await mediaOnFeed()).toEqual([]);
  });

  test('published, the public sees its text; removed, nobody does; removed again, it is absent', async () => {
    const { text, altText, ...alert } = anAlert(images.jpeg);
    const { object } = await instagram.stage({ ...alert, text, altText }, aRun());
    const container = placed(object.id, { lapsesAt: object.lapsesAt });
    const { postId } = livePost(await instagram.publish(container, aRun()));
    expect(await mediaOnFeed()).toEqual([postId]);
    const media = await meta.caller.call('GET', String(postId), { fields: 'caption,alt_text' });
    expect(media.body).toMatchObject({ caption: text, alt_text: altText });

    const live = flipped(container, postId);
    expect(await instagram.look(live, aRun())).toEqual({ postId, permalink: expect.stringContaining(String(postId)) });
    expect(await instagram.expire(live, aRun())).toBe('removed');
    expect(await mediaOnFeed()).toEqual([]);
    expect(await instagram.expire(live, aRun())).toBe('absent');
  });

  test('a container that was never flipped is removed by letting it lapse: nothing is sent', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: '*', fault: 'fail', code: 190 });
    expect(await instagram.expire(container, aRun())).toBe('removed');
  });
});

describe('publishing once', () => {
  test.each(['loseAnswer', 'effectThen500'])(
    'an answer lost after the flip (%s) is unknown, and looking finds it live with the id that the public sees',
    async (fault) => {
      const container = await staged();
      await meta.caller.fault({ endpoint: 'instagram.publish', fault });
      expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({ kind: 'unknown' });
      const { postId } = livePost(await instagram.look(flipped(container), aRun()));
      expect(await mediaOnFeed()).toEqual([postId]);
    },
  );

  test('the same container flipped twice is one post, and the second flip is unknown, to be settled by looking', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'loseAnswer' });
    await failureOf(instagram.publish(container, aRun()));
    expect(await failureOf(instagram.publish(flipped(container), aRun()))).toMatchObject({ kind: 'unknown' });
    expect(await countOf('media.published')).toBe(1);
    expect(livePost(await instagram.look(flipped(container), aRun())).postId).not.toBeNull();
  });

  test('a suspicion of spam is unknown: the post may be live', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'fail', code: 4, subcode: 2207051 });
    expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({
      kind: 'unknown',
      code: 'meta/4/2207051',
    });
  });

  test('"too early" waits a second, but is unknown once a flip was sent: a published container can be answered so too', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'fail', code: 9007, subcode: 2207027, count: 2 });
    expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 1_000,
    });
    expect(await failureOf(instagram.publish(flipped(container), aRun()))).toMatchObject({ kind: 'unknown' });
  });

  test('"no such object" on a flip is unknown: only a look may say that there is nothing', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'fail', code: 100, subcode: 33 });
    expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({ kind: 'unknown' });
  });

  test('an expired container is unknown, and the look that follows finds nothing: another one is made', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'fail', code: -2, subcode: 2207020 });
    expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({ kind: 'unknown' });
    const server = await startScripted((request, response) =>
      response.end(request.url?.includes('/media') ? '{"data":[]}' : '{"status_code":"EXPIRED"}'),
    );
    try {
      const graph = createGraphClient({ graphUrl: server.url, version: 'v26.0', accessToken: 'token' });
      const channel = createInstagramChannel({ graph, igUserId: '178', audience: 'simulator' });
      expect(await channel.look(flipped(container), aRun())).toBe('absent');
    } finally {
      await server.close();
    }
  });

  test('a used up daily quota is refused: a person is told', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'fail', code: 9, subcode: 2207042 });
    expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({
      kind: 'refused',
      code: 'meta/9/2207042',
    });
  });

  test('a throttled flip says how long to wait', async () => {
    const container = await staged();
    await meta.caller.fault({ endpoint: 'instagram.publish', fault: 'throttled', minutes: 2 });
    expect(await failureOf(instagram.publish(container, aRun()))).toMatchObject({
      kind: 'throttled',
      retryAfterMs: 120_000,
    });
  });

  test('nothing is sent after sendBefore', async () => {
    const container = await staged();
    const live = await published(2);
    const before = await meta.caller.effects();
    const tooLate = aRun({ sendBefore: Date.now() - 1 });
    expect(await failureOf(instagram.publish(container, tooLate))).toMatchObject({ kind: 'notSent' });
    expect(await failureOf(instagram.expire(live, tooLate))).toMatchObject({ kind: 'notSent' });
    expect(await meta.caller.effects()).toEqual(before);
  });
});

describe('the daily quota', () => {
  const QUOTA = 10;
  let small: Meta;
  let channel: AlertChannel;

  beforeEach(async () => {
    small = await startMeta({ dailyQuota: QUOTA, timeoutMs: 2_000 });
    channel = createInstagramChannel({ graph: small.graph, igUserId: small.caller.account, audience: 'simulator' });
  });
  afterEach(() => small.close());

  async function toPublish(revision: number): Promise<PlacedObject> {
    const { id } = await small.caller.container(images.jpeg, anAlert(images.jpeg, { revision }).text);
    return placed(id, { revision });
  }

  /** Publishes until it is refused; how many went out, and with which failure it ended. */
  async function publishAll(need: PostNeed): Promise<{ out: number; ended: unknown }> {
    for (let out = 0; ; out += 1) {
      const failure = await channel.publish({ ...(await toPublish(out + 1)), need }, aRun()).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (failure) return { out, ended: failure };
    }
  }

  test('an exercise leaves half of it, the first post of a missing alert a fifth, and what is urgent takes the last; each is told so', async () => {
    const reserved = { kind: 'refused', code: 'quota/reserved' };
    expect(await publishAll('drill')).toMatchObject({ out: 5, ended: reserved });
    expect(await publishAll('routine')).toMatchObject({ out: 3, ended: reserved });
    expect(await publishAll('urgent')).toMatchObject({ out: 2, ended: { kind: 'refused', code: 'meta/9/2207042' } });
  });

  test('a removal never waits for it, and what is held goes out once there is room again', async () => {
    const first = await toPublish(1);
    const { postId } = livePost(await channel.publish(first, aRun()));
    await small.caller.fault({ endpoint: 'instagram.limit', fault: 'quotaReached' });
    const held = await toPublish(2);
    expect(await failureOf(channel.publish({ ...held, need: 'routine' }, aRun()))).toMatchObject({ kind: 'refused' });
    expect(await channel.expire(flipped(first, postId), aRun())).toBe('removed');
    expect(livePost(await channel.publish({ ...held, need: 'routine' }, aRun())).postId).not.toBeNull();
  });

  test('what is urgent asks nothing before it goes out: it takes one call', async () => {
    const urgent = await toPublish(1);
    const before = (await small.caller.calls()).length;
    await channel.publish({ ...urgent, need: 'urgent' }, aRun());
    expect((await small.caller.calls()).slice(before)).toHaveLength(1);
  });

  test.each([
    ['answers with an error', { fault: 'fail', code: 10 }],
    ['does not answer', { fault: 'slow', ms: 3_000 }],
  ])('a limit that %s keeps no alert from going out', async (_how, fault) => {
    await small.caller.fault({ endpoint: 'instagram.limit', ...fault });
    const began = Date.now();
    const sent = await channel.publish({ ...(await toPublish(1)), need: 'routine' }, aRun());
    expect(livePost(sent).postId).not.toBeNull();
    expect(Date.now() - began).toBeLessThan(2_500);
  });

  test('a limit that is throttled is not followed by another call', async () => {
    const container = await toPublish(1);
    await small.caller.fault({ endpoint: 'instagram.limit', fault: 'throttled', minutes: 2 });
    const failure = await failureOf(channel.publish({ ...container, need: 'routine' }, aRun()));
    expect(failure).toMatchObject({ kind: 'throttled', retryAfterMs: 120_000 });
    expect(await small.caller.list(`${small.caller.account}/media`)).toEqual([]);
  });
});

describe('finding what the public sees', () => {
  test('media is found by its marker, never by being first', async () => {
    const first = await published(1);
    const twelfth = await published(12);
    await meta.caller.publishMedia((await meta.caller.container(images.jpeg, 'Another case')).id);
    for (const { object } of [first, twelfth]) {
      const seen = livePost(await instagram.look(placed(object.id, { revision: object.revision }), aRun()));
      expect(seen.postId).toBe(object.postId);
    }
  });

  test('revision 1 is not taken for 12, nor for that of a longer case number', async () => {
    await published(12);
    await meta.caller.publishMedia((await meta.caller.container(images.jpeg, `Ref X-${marker(CASE, 1)}`)).id);
    expect(await instagram.look(flipped(await staged(1)), aRun())).toBe('notLive');
  });

  test('a marker is found in the middle of the text and at its very end', async () => {
    for (const caption of [`${marker(CASE, 3)}\nمفقود`, `مفقود (${marker(CASE, 4)})`, `Ref ${marker(CASE, 5)}`]) {
      await meta.caller.publishMedia((await meta.caller.container(images.jpeg, caption)).id);
    }
    const [fifth, fourth, third] = await mediaOnFeed();
    const container = await staged();
    for (const [revision, id] of [[3, third] as const, [4, fourth] as const, [5, fifth] as const]) {
      const seen = livePost(await instagram.look(placed(container.object.id, { revision }), aRun()));
      expect(seen.postId).toBe(id);
    }
  });

  test('published but not on the list yet, it is live, and its id is still to be learned', async () => {
    const live = await published();
    await instagram.expire(live, aRun());
    expect(await instagram.look(live, aRun())).toEqual({ postId: null, permalink: null });
  });

  test('a container the channel does not know is absent, unless the feed shows what it became', async () => {
    const unknown = placed('17889000000000000');
    expect(await instagram.look(unknown, aRun())).toBe('absent');
    const { object } = await published();
    expect(await instagram.look(unknown, aRun())).toMatchObject({ postId: object.postId });
  });

  test('a status that lies does not hide a post from a look', async () => {
    const live = await published();
    const other = await staged(2);
    expect(await instagram.look(placed(other.object.id), aRun())).toMatchObject({ postId: live.object.postId });
  });

  test('the search turns the pages by itself, keeps the token to itself, and ends with what is older than the object', async () => {
    const entry = (id: number, minutesAgo: number, caption = 'Another'): object => ({
      id: String(id),
      caption,
      timestamp: new Date(Date.now() - minutesAgo * 60_000).toISOString().replace(/\.\d+Z$/, '+0000'),
    });
    const feed = [[entry(9, 1), entry(8, 300)], [entry(7, 301), entry(6, 302)], [entry(5, 303, marker(CASE, 1))]];
    const server = await startScripted((request, response) => {
      const { searchParams, pathname } = new URL(request.url ?? '', 'http://graph');
      if (!pathname.endsWith('/media')) return response.end('{"status_code":"FINISHED"}');
      const at = Number(searchParams.get('after') ?? 0);
      const next = 'http://127.0.0.1:9/?access_token=token';
      return response.end(JSON.stringify({ data: feed[at], paging: { cursors: { after: String(at + 1) }, next } }));
    });
    try {
      const graph = createGraphClient({ graphUrl: server.url, version: 'v26.0', accessToken: 'token' });
      const channel = createInstagramChannel({ graph, igUserId: '178', audience: 'simulator' });
      expect(await channel.look(placed('1', { stagedAt: Date.now() - HOUR }), aRun())).toBe('notLive');
      expect(server.requests.map(({ line }) => new URL(line.split(' ')[1] ?? '', 'http://graph').search)).toEqual([
        '?fields=status_code%2Cstatus',
        '?fields=id%2Ccaption%2Ctimestamp%2Cpermalink&limit=100',
        '?fields=id%2Ccaption%2Ctimestamp%2Cpermalink&limit=100&after=1',
      ]);
      const older = placed('1', { stagedAt: Date.now() - 6 * HOUR });
      expect(await channel.look(older, aRun())).toMatchObject({ postId: '5' });
    } finally {
      await server.close();
    }
  });
});

describe('staging', () => {
  test('it says that it is alive while it waits for the container', async () => {
    const slow = await startMeta({ containerMs: 600 });
    try {
      let beats = 0;
      const channel = createInstagramChannel({
        graph: slow.graph,
        igUserId: slow.caller.account,
        audience: 'simulator',
      });
      await channel.stage(anAlert(images.jpeg), aRun({ heartbeat: () => (beats += 1) }));
      expect(beats).toBeGreaterThanOrEqual(2);
    } finally {
      await slow.close();
    }
  });

  test('"no such object" right after the container was made is asked again, and no other one is made', async () => {
    await meta.caller.fault({ endpoint: 'instagram.readContainer', fault: 'fail', code: 100, subcode: 33, count: 2 });
    await instagram.stage(anAlert(images.jpeg), aRun());
    expect(await countOf('container.created')).toBe(1);
  });

  test('called off while a container is stuck, it ends at once', async () => {
    const stuck = await startMeta({ containerMs: 60_000 });
    try {
      const calledOff = new AbortController();
      const run = aRun({ signal: calledOff.signal, heartbeat: () => setImmediate(() => calledOff.abort()) });
      const channel = createInstagramChannel({
        graph: stuck.graph,
        igUserId: stuck.caller.account,
        audience: 'simulator',
      });
      const failure = await failureOf(channel.stage(anAlert(images.jpeg), run));
      expect(failure).toMatchObject({ kind: 'notSent', code: 'called_off' });
    } finally {
      await stuck.close();
    }
  });

  test.each([
    ['has the wrong shape', '/jpeg?width=400&height=100', 'refused', 'container/2207009'],
    ['is no JPEG', '/png', 'refused', 'container/2207005'],
    ['is too large', '/huge', 'refused', 'container/2207004'],
    ['cannot be had for the moment', '/nothing', 'unknown', 'container/2207052'],
  ])('an image that %s', async (_, path, kind, code) => {
    expect(await failureOf(instagram.stage(anAlert(images.url + path), aRun()))).toMatchObject({ kind, code });
  });

  test('a caption that is too long is refused', async () => {
    const failure = await failureOf(instagram.stage(anAlert(images.jpeg, { text: 'x'.repeat(2_201) }), aRun()));
    expect(failure).toMatchObject({ kind: 'refused', code: 'meta/36004/2207010' });
  });
});

describe('removing', () => {
  test('flipped with its answer lost, it is found by its marker and removed', async () => {
    const { object, ...rest } = await published();
    expect(await instagram.expire({ ...rest, object: { ...object, postId: null } }, aRun())).toBe('removed');
    expect(await mediaOnFeed()).toEqual([]);
  });

  test('flipped and not on the list, it is not seen: it may surface late', async () => {
    expect(await instagram.expire(flipped(await staged()), aRun())).toBe('notSeen');
  });

  test('a removal that Instagram refuses is refused: a person has to remove it', async () => {
    const live = await published();
    await meta.caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'fail', code: 100, subcode: 2207085 });
    expect(await failureOf(instagram.expire(live, aRun()))).toMatchObject({
      kind: 'refused',
      code: 'meta/100/2207085',
    });
  });

  describe('of a post that Instagram does not let be removed', () => {
    const refusal = { endpoint: 'instagram.deleteMedia', fault: 'fail', code: 100, subcode: 2207085, count: 10 };

    async function commentsAreOpen({ object }: PlacedObject): Promise<unknown> {
      const { body } = await meta.caller.call('GET', String(object.postId), { fields: 'is_comment_enabled' });
      return body.is_comment_enabled;
    }

    test('closes its comments, once, says so, and goes on being refused until it is let', async () => {
      const live = await published();
      expect(await commentsAreOpen(live)).toBe(true);
      await meta.caller.fault(refusal);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        const refused = { kind: 'refused', code: 'meta/100/2207085', commentsClosed: true };
        expect(await failureOf(instagram.expire(live, aRun()))).toMatchObject(refused);
      }
      expect(await commentsAreOpen(live)).toBe(false);
      expect(await countOf('media.comments')).toBe(1);
      await meta.caller.control('DELETE', 'faults');
      expect(await instagram.expire(live, aRun())).toBe('removed');
    });

    test.each([
      ['are refused to be closed', { fault: 'fail', code: 10 }],
      ['are closed, and nobody answers', { fault: 'slow', ms: 60_000 }],
    ])('says no more than that it is refused when its comments %s, and soon', async (_how, fault) => {
      const live = await published();
      await meta.caller.fault(refusal);
      await meta.caller.fault({ endpoint: 'instagram.setComments', ...fault });
      const began = Date.now();
      const refused = { kind: 'refused', code: 'meta/100/2207085', commentsClosed: false };
      expect(await failureOf(instagram.expire(live, aRun()))).toMatchObject(refused);
      expect(Date.now() - began).toBeLessThan(3_000);
    });

    test('leaves the comments of a post alone whose removal is only throttled or not known', async () => {
      const live = await published();
      await meta.caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'throttled', minutes: 2 });
      await failureOf(instagram.expire(live, aRun()));
      await meta.caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'effectThen500' });
      await failureOf(instagram.expire(live, aRun()));
      expect(await countOf('media.comments')).toBe(0);
    });
  });

  test('"no such object" is not believed of a post that the feed still shows', async () => {
    const live = await published();
    await meta.caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'fail', code: 100, subcode: 33 });
    expect(await failureOf(instagram.expire(live, aRun()))).toMatchObject({ kind: 'unknown', code: 'meta/100/33' });
    expect(await instagram.expire(live, aRun())).toBe('removed');
  });

  test('an answer lost after the removal is unknown, and removing again finds it absent', async () => {
    const live = await published();
    await meta.caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'loseAnswer' });
    expect(await failureOf(instagram.expire(live, aRun()))).toMatchObject({ kind: 'unknown' });
    expect(await instagram.expire(live, aRun())).toBe('absent');
  });
});

describe('credentials of the public’s account', () => {
  test.each(['exercise', 'test'] as const)('refuse a case of kind "%s", and nothing is sent', async (runKind) => {
    const real = channelFor('public');
    const container = { ...(await staged()), runKind };
    const before = await meta.caller.effects();
    const refused = { kind: 'refused', code: 'run_kind_not_for_the_public' };
    expect(await failureOf(real.stage(anAlert(images.jpeg, { runKind }), aRun()))).toMatchObject(refused);
    expect(await failureOf(real.publish(container, aRun()))).toMatchObject(refused);
    expect(await meta.caller.effects()).toEqual(before);
  });

  test('what should never have been there may still be looked at and removed', async () => {
    const live: PlacedObject = { ...(await published()), runKind: 'exercise' };
    const real = channelFor('public');
    expect(await real.look(live, aRun())).toMatchObject({ postId: live.object.postId });
    expect(await real.expire(live, aRun())).toBe('removed');
  });
});
