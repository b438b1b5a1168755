import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ACCOUNT_CHANNELS } from '../../src/domain/channel.js';
import { HOUR, MINUTE } from '../../src/domain/time.js';
import { CaseOnAccounts, WatchUnderTest } from './account-watch-stage.js';
import { aRun, failureOf, type Meta, placed, PRIVATE_TEXT, startMeta } from './channels-stage.js';
import { type DatabaseServer, startDatabaseServer } from './database.js';
import { startImageServer } from './simulator-caller.js';

let images: Awaited<ReturnType<typeof startImageServer>>;
let server: DatabaseServer;
let meta: Meta;
let watch: WatchUnderTest;

beforeAll(async () => {
  images = await startImageServer();
  server = await startDatabaseServer();
}, 60_000);
afterAll(async () => {
  await images.close();
  await server.stop();
}, 60_000);
beforeEach(async () => {
  meta = await startMeta({ timeoutMs: 1_000 });
  watch = new WatchUnderTest(await server.newDatabase(), meta, images.jpeg);
});
afterEach(() => meta.close());

const none = { unmarked: 0, ours: 0, later: 0, report: 0, remove: 0 };

describe('what a case wants', () => {
  test.each(ACCOUNT_CHANNELS)('is left alone on %s, and so is what carries no marker', async (channel) => {
    const theCase = await CaseOnAccounts.live(watch);
    await meta.caller.id('POST', `${meta.caller.page}/feed`, { message: 'The ministry is closed on Friday.' });
    const { id } = await meta.caller.container(images.jpeg, 'The ministry is closed on Friday.');
    await meta.caller.publishMedia(id);
    const before = await watch.public(channel);
    for (let run = 0; run < 3; run += 1) {
      const { look, removals } = await watch.run(channel);
      expect(look).toMatchObject({ result: 'seen', counts: { ...none, ours: 1, unmarked: 1 }, unwanted: [] });
      expect(removals).toEqual({});
    }
    expect(await watch.public(channel)).toEqual(before);
    expect(before).toContain(theCase.posts[channel]);
    expect(await watch.findings()).toEqual([]);
    expect(watch.notices).toEqual([]);
  });

  test.each(ACCOUNT_CHANNELS)('is safe on %s while it is published and not journalled', async (channel) => {
    const theCase = await CaseOnAccounts.reported(watch);
    theCase.approve();
    await theCase.journal();
    await theCase.publish(channel);
    for (let run = 0; run < 3; run += 1) {
      expect((await watch.run(channel)).look).toMatchObject({ counts: { later: 1 }, unwanted: [] });
    }
    await theCase.journal();
    expect((await watch.run(channel)).look).toMatchObject({ counts: { ours: 1 } });
    expect(await watch.public(channel)).toEqual([theCase.posts[channel]]);
    expect(await watch.findings()).toMatchObject([{ settled: true, outcome: 'known' }]);
  });

  test('is safe when it is published and journalled between the listing and the reading', async () => {
    const theCase = await CaseOnAccounts.live(watch);
    const stray = await theCase.strayPost('facebook');
    await watch.run('facebook');
    const other = await CaseOnAccounts.reported(watch);
    other.approve();
    watch.afterListing = async () => {
      watch.afterListing = () => Promise.resolve();
      await other.publish('facebook');
      await other.journal();
    };
    expect((await watch.run('facebook')).removals).toEqual({ [stray]: 'removed' });
    expect((await watch.run('facebook')).look).toMatchObject({ counts: { ours: 2 }, unwanted: [] });
  });

  test('is not removed from a database restored from before it: its journal never catches up, and a person is told', async () => {
    const theCase = await CaseOnAccounts.live(watch);
    const { posts, number } = theCase;
    const { pool } = watch.database;
    await pool.query(`UPDATE publications SET there = '[]', in_flight = NULL WHERE case_number = $1`, [number]);
    await pool.query('UPDATE cases SET journal_seq = journal_seq - 3 WHERE case_number = $1', [number]);
    for (let run = 0; run < 3; run += 1) expect((await watch.run('facebook')).look).toMatchObject({ unwanted: [] });
    expect(watch.notices).toEqual([]);
    watch.ahead = 31 * MINUTE;
    await watch.run('facebook');
    expect(await watch.public('facebook')).toEqual([posts.facebook]);
    expect(watch.notices).toMatchObject([
      { caseNumber: number, people: ['admin-1'], subject: { about: 'account', problem: 'unsettled', posts: 1 } },
    ]);
  });

  test('stays while it is the only live post of the wanted revision, whoever made it', async () => {
    const theCase = await CaseOnAccounts.reported(watch);
    theCase.approve();
    await theCase.journal();
    const stray = await theCase.strayPost('facebook');
    for (let run = 0; run < 3; run += 1) expect((await watch.run('facebook')).removals).toEqual({});
    await theCase.publish('facebook');
    await theCase.journal();
    expect((await watch.run('facebook')).removals).toEqual({ [stray]: 'removed' });
    expect(await watch.public('facebook')).toEqual([theCase.posts.facebook]);
  });
});

describe('what no case wants', () => {
  test.each(ACCOUNT_CHANNELS)(
    'a flip on %s that takes effect after its case has closed is removed at once',
    async (channel) => {
      const theCase = await CaseOnAccounts.closed(watch);
      const id = await theCase.strayObject(channel);
      const endpoint = channel === 'facebook' ? 'facebook.publishPost' : 'instagram.publish';
      await meta.caller.fault({ endpoint, fault: 'slow', ms: 1_500 });
      expect(await failureOf(watch.channels[channel].publish(placed(id), aRun()))).toMatchObject({ kind: 'unknown' });
      if (channel === 'instagram') expect((await watch.run(channel)).look).toMatchObject({ counts: none });
      while ((await watch.public(channel)).length === 0);
      const [late = ''] = await watch.public(channel);
      expect((await watch.run(channel)).removals).toEqual({ [late]: 'removed' });
      expect(await watch.public(channel)).toEqual([]);
      expect(await watch.findings()).toMatchObject([
        {
          channel,
          id: late,
          caseNumber: theCase.number,
          revision: 1,
          verdict: 'remove',
          outcome: 'removed',
          settled: true,
        },
      ]);
      expect(watch.notices).toEqual([]);
    },
  );

  test.each(ACCOUNT_CHANNELS)(
    'a second live post on %s goes when two runs have seen it; the known one stays',
    async (channel) => {
      const theCase = await CaseOnAccounts.live(watch);
      const stray = await theCase.strayPost(channel);
      const older = await theCase.strayPost(channel, 7);
      expect((await watch.run(channel)).look).toMatchObject({ counts: { ours: 1, later: 2 } });
      expect((await watch.run(channel)).removals).toEqual({ [stray]: 'removed', [older]: 'removed' });
      expect(await watch.public(channel)).toEqual([theCase.posts[channel]]);
    },
  );

  test('one run tried again is one run', async () => {
    const theCase = await CaseOnAccounts.live(watch);
    await theCase.strayPost('facebook');
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(await watch.look('facebook', 'the same run')).toMatchObject({ counts: { later: 1 }, unwanted: [] });
    }
    expect(await watch.look('facebook')).toMatchObject({ counts: { remove: 1 } });
  });

  test('a leftover that nobody sees goes after an hour, with the photo it is made of', async () => {
    const theCase = await CaseOnAccounts.live(watch);
    const leftover = await theCase.strayObject('facebook');
    for (let run = 0; run < 3; run += 1) expect((await watch.run('facebook')).removals).toEqual({});
    watch.ahead = HOUR + MINUTE;
    expect((await watch.run('facebook')).removals).toEqual({ [leftover]: 'removed' });
    expect((await meta.caller.effects()).slice(-2).map(({ type }) => type)).toEqual(['post.deleted', 'photo.deleted']);
    expect(await watch.public('facebook')).toEqual([theCase.posts.facebook]);
    expect(watch.notices).toEqual([]);
  });

  test('is found on whatever page of the list it is', async () => {
    const theCase = await CaseOnAccounts.closed(watch);
    const stray = await theCase.strayPost('facebook');
    for (let post = 0; post < 101; post += 1) {
      await meta.caller.id('POST', `${meta.caller.page}/feed`, { message: `notice ${post}` });
    }
    const { look, removals } = await watch.run('facebook');
    expect(look).toMatchObject({ counts: { unmarked: 101 } });
    expect(removals).toEqual({ [stray]: 'removed' });
  });
});

describe('what needs a person', () => {
  test('a post of a case that this database does not know is never removed, and told of once an hour', async () => {
    const message = 'MISSING\n\nMFQ-7K3D-92XQ/1';
    const foreign = await meta.caller.id('POST', `${meta.caller.page}/feed`, { message });
    for (let run = 0; run < 3; run += 1) expect((await watch.run('facebook')).removals).toEqual({});
    expect(watch.notices).toHaveLength(1);
    watch.ahead = HOUR + MINUTE;
    for (let run = 0; run < 2; run += 1) await watch.run('facebook');
    expect(watch.notices).toMatchObject([
      { caseNumber: 'MFQ-7K3D-92XQ', subject: { problem: 'unknownCase', channel: 'facebook' } },
      { caseNumber: 'MFQ-7K3D-92XQ', subject: { problem: 'unknownCase', channel: 'facebook' } },
    ]);
    expect(new Set(watch.notices.map(({ id }) => id)).size).toBe(2);
    expect(await watch.public('facebook')).toEqual([foreign]);
    await meta.caller.call('DELETE', foreign);
    watch.ahead = 3 * HOUR;
    await watch.run('facebook');
    expect(watch.notices).toHaveLength(2);
    expect(await watch.findings()).toMatchObject([{ outcome: 'gone', settled: true }]);
  });

  test('what may not be deleted is told of, tried again, and settled when it works', async () => {
    const theCase = await CaseOnAccounts.closed(watch);
    const stray = await theCase.strayPost('instagram');
    await meta.caller.fault({ endpoint: 'instagram.deleteMedia', fault: 'fail', code: 10, subcode: 2207085, count: 2 });
    expect((await watch.run('instagram')).removals).toEqual({ [stray]: 'refused' });
    expect((await watch.run('instagram')).removals).toEqual({ [stray]: 'refused' });
    expect(watch.notices).toMatchObject([
      { caseNumber: theCase.number, tier: 'amber', runKind: 'exercise', subject: { problem: 'notRemoved', posts: 1 } },
    ]);
    expect(await watch.findings()).toMatchObject([{ verdict: 'remove', outcome: 'meta/10/2207085', settled: false }]);
    expect((await watch.run('instagram')).removals).toEqual({ [stray]: 'removed' });
    expect(await watch.public('instagram')).toEqual([]);
  });

  test('a removal whose answer is lost is no reason to call anybody: the next run sees that it is gone', async () => {
    const theCase = await CaseOnAccounts.closed(watch);
    const stray = await theCase.strayPost('facebook');
    await meta.caller.fault({ endpoint: 'facebook.deletePost', fault: 'loseAnswer' });
    expect((await watch.run('facebook')).removals).toEqual({ [stray]: 'unknown' });
    expect((await watch.run('facebook')).look).toMatchObject({ counts: none });
    expect(await watch.findings()).toMatchObject([{ outcome: 'gone', settled: true }]);
    expect(watch.notices).toEqual([]);
  });
});

describe('a look over an account', () => {
  test('brings back ids and numbers, and no word of a post', async () => {
    const theCase = await CaseOnAccounts.closed(watch);
    await theCase.strayPost('facebook');
    expect(JSON.stringify(await watch.look('facebook'))).not.toContain(PRIVATE_TEXT.slice(0, 5));
  });

  test('goes on with the feed where a version does not list unpublished posts', async () => {
    const theCase = await CaseOnAccounts.closed(watch);
    const stray = await theCase.strayPost('facebook');
    await meta.caller.fault({ endpoint: 'facebook.listPosts', fault: 'fail', code: 100, status: 400 });
    expect((await watch.run('facebook')).removals).toEqual({ [stray]: 'removed' });
  });

  test('that the channel refuses or throttles is put off, and nothing counts as gone by it', async () => {
    await meta.caller.id('POST', `${meta.caller.page}/feed`, { message: 'MFQ-7K3D-92XQ/1' });
    await watch.run('facebook');
    await meta.caller.fault({ endpoint: 'facebook.listPosts', fault: 'throttled', minutes: 3 });
    expect(await watch.look('facebook')).toEqual({
      result: 'notSeen',
      code: 'meta/32',
      retryAfterMs: 3 * MINUTE,
    });
    await meta.caller.fault({ endpoint: 'facebook.listPosts', fault: 'fail', code: 190, count: 2 });
    expect(await watch.look('facebook')).toMatchObject({ result: 'notSeen', code: 'meta/190' });
    expect(await watch.findings()).toMatchObject([{ settled: false }]);
  });
});

describe('the daily quota of an account', () => {
  const QUOTA = 10;
  let small: Meta;

  beforeEach(async () => {
    small = await startMeta({ dailyQuota: QUOTA, timeoutMs: 1_000 });
    watch = new WatchUnderTest(await server.newDatabase(), small, images.jpeg);
  });
  afterEach(() => small.close());

  async function publish(posts: number): Promise<void> {
    for (let count = 0; count < posts; count += 1) {
      await small.caller.publishMedia((await small.caller.container(images.jpeg, 'A message of the ministry')).id);
    }
  }

  test('is told to administrators while what is urgent still has room, under one id a day', async () => {
    await publish(7);
    await watch.run('instagram');
    expect(watch.notices).toEqual([]);
    await publish(1);
    await watch.run('instagram');
    await watch.run('instagram');
    watch.ahead = 24 * HOUR;
    await watch.run('instagram');
    const subject = { about: 'quota', channel: 'instagram', used: 8, total: QUOTA };
    expect(watch.notices).toHaveLength(3);
    for (const notice of watch.notices)
      expect(notice).toMatchObject({ caseNumber: null, people: ['admin-1'], subject });
    const [first, again, tomorrow] = watch.notices.map(({ id }) => id);
    expect(again).toBe(first);
    expect(tomorrow).not.toBe(first);
  });

  test('that is not said does not keep the account from being looked over', async () => {
    await small.caller.fault({ endpoint: 'instagram.limit', fault: 'fail', code: 10 });
    const { look } = await watch.run('instagram');
    expect(look).toEqual({ result: 'seen', counts: none, unwanted: [] });
    expect(watch.notices).toEqual([]);
  });
});
