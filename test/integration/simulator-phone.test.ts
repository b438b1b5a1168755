import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Caller } from './simulator-caller.js';
import { simulatorStage } from './simulator-stage.js';

/** Generous: the first map reads the atlas, and the machine may be busy. */
jest.setTimeout(30_000);

const stage = simulatorStage();
let meta: Caller;
let url: string;

beforeEach(async () => {
  const { meta: caller, simulator } = await stage.start();
  meta = caller;
  url = simulator.url;
});

/** What a phone shows, and what the page says of it, without the page's own style and script. */
async function look(query: string): Promise<{ whole: string; facebook: string; instagram: string; verdict: string }> {
  const whole = (await (await fetch(`${url}/phone?${query}`)).text()).replaceAll(/<(style|script)>.*?<\/\1>/gs, '');
  const part = (id: string): string => {
    const from = whole.indexOf(`id="${id}"`);
    if (from < 0) throw new Error(`the page has no ${id}`);
    return whole.slice(from, whole.indexOf('data-live', from));
  };
  return { whole, facebook: part('facebook'), instagram: part('instagram'), verdict: part('verdict') };
}

async function publish(text: string, countries: string[]): Promise<{ post: string; media: string }> {
  const post = await meta.stagePost(stage.jpeg, text, { geo_locations: { countries } });
  await meta.call('POST', post, { is_published: true });
  const media = (await meta.publishMedia((await meta.container(stage.jpeg, text)).id)).body.id as string;
  return { post, media };
}

const ALERT = 'EXERCISE – not a real case MFQ-7K3D-92XQ/1';

describe('what somebody at a place sees', () => {
  test('in the country: the alert on both channels, with its picture and how long ago it was', async () => {
    const { post } = await publish(ALERT, ['QA']);
    const { facebook, instagram } = await look('place=doha');
    for (const feed of [facebook, instagram]) {
      expect(feed).toContain(ALERT);
      expect(feed).toMatch(/<img\s+src="\/simulator\/images\/[0-9a-f]{64}"/);
      expect(feed).toContain('Just now');
    }
    expect(facebook).toContain(`href="/#${post}"`);
    const source = /src="(\/simulator[^"]+)"/.exec(facebook)?.[1] ?? '';
    expect((await fetch(`${url}${source}`)).headers.get('content-type')).toBe('image/jpeg');
  });

  test('outside the country: nothing on Facebook, and the alert on Instagram, which knows no places', async () => {
    await publish(ALERT, ['QA']);
    for (const place of ['al-hofuf', 'dubai', 'london']) {
      const { facebook, instagram } = await look(`place=${place}`);
      expect(facebook).not.toContain(ALERT);
      expect(facebook).toContain('No alert here');
      expect(instagram).toContain(ALERT);
    }
  });

  test('the area that was asked for changes nothing, and the page says so', async () => {
    await publish(ALERT, ['QA']);
    const outside = await look('place=abu-samra&radius=50');
    expect(outside.facebook).toContain(ALERT);
    expect(outside.verdict).toContain('Outside the area, and sees the alert all the same');
    const inside = await look('place=manama&radius=160');
    expect(inside.facebook).not.toContain(ALERT);
    expect(inside.verdict).toContain('Inside the area, and does not see the alert');
    expect((await look('place=doha')).verdict).toContain('It goes to all of Qatar');
    expect((await look('place=riyadh')).verdict).toContain('Outside the area, and does not see the alert');
  });

  test('a post for several countries is seen in each of them; free coordinates do as well as a named place', async () => {
    await publish(ALERT, ['QA', 'SA']);
    expect((await look('place=other&lat=24.72&lon=50.75')).facebook).toContain(ALERT);
    expect((await look('place=other&lat=26.2&lon=50.35')).facebook).not.toContain(ALERT);
    expect((await look('place=other&lat=26.5&lon=52.5')).facebook).not.toContain(ALERT);
  });

  test('a post without countries goes to everyone; one aimed at named cities cannot be judged, and is not shown', async () => {
    const id = await meta.id('POST', `${meta.page}/feed`, { message: ALERT });
    expect(await look('place=london')).toMatchObject({
      facebook: expect.stringContaining(ALERT),
      verdict: expect.stringContaining('everyone, everywhere'),
    });
    await meta.call('DELETE', id);
    const targeting = { geo_locations: { cities: [{ key: '777' }] } };
    await meta.id('POST', `${meta.page}/feed`, { message: ALERT, targeting });
    expect(await look('place=doha')).toMatchObject({
      facebook: expect.not.stringContaining(ALERT),
      verdict: expect.stringContaining('does not know'),
    });
  });

  test('nothing before it is published, after it is removed, or while the Page is offline', async () => {
    const staged = await meta.stagePost(stage.jpeg, ALERT, { geo_locations: { countries: ['QA'] } });
    expect((await look('place=doha')).whole).not.toContain(ALERT);
    expect((await look('place=doha')).verdict).toContain('No alert is live');
    await meta.call('POST', staged, { is_published: true });
    expect((await look('place=doha')).facebook).toContain(ALERT);
    await meta.control('PUT', 'page', { online: false });
    const offline = await look('place=doha');
    expect(offline.facebook).not.toContain(ALERT);
    expect(offline.verdict).toContain('offline');
    await meta.control('PUT', 'page', { online: true });
    await meta.call('DELETE', staged);
    expect((await look('place=doha')).whole).not.toContain(ALERT);
  });

  test('that comments are closed', async () => {
    const { media } = await publish(ALERT, ['QA']);
    expect((await look('place=doha')).instagram).not.toContain('Comments are turned off');
    await meta.call('POST', media, { comment_enabled: false });
    expect((await look('place=doha')).instagram).toContain('Comments are turned off');
  });

  test('in Arabic: from right to left, in its words, with the text of the alert as it is', async () => {
    await publish(`تمرين – ليست حالة حقيقية\n<b>${ALERT}</b>`, ['QA']);
    const { whole, facebook, verdict } = await look('place=doha&lang=ar');
    expect(whole).toContain('<html lang="ar" dir="rtl">');
    expect(whole).toContain('الدوحة، قطر');
    expect(verdict).toContain('داخل النطاق');
    expect(facebook).toContain('<p dir="auto">تمرين – ليست حالة حقيقية</p>');
    expect(facebook).toContain(`<p dir="auto">&lt;b&gt;${ALERT}&lt;/b&gt;</p>`);
    expect((await look('place=doha&lang=en')).whole).toContain('<html lang="en" dir="ltr">');
  });
});

describe('the page itself', () => {
  test('says that nothing is real, loads nothing from elsewhere, and runs its own script only', async () => {
    await publish(ALERT, ['QA']);
    const response = await fetch(`${url}/phone`);
    const text = await response.text();
    expect(text).toContain('Simulator – nothing here is on Facebook or Instagram');
    expect(text).not.toMatch(/(src|href|action)="(https?:)?\/\//);
    const script = /<script>(.*?)<\/script>/s.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(script).digest('base64');
    expect(response.headers.get('content-security-policy')).toContain(`'sha256-${hash}'`);
  });

  test('whatever is in the address comes back harmless', async () => {
    const nasty = encodeURIComponent('"><script>alert(1)</script>');
    const { whole } = await look(`place=${nasty}&lat=${nasty}&radius=${nasty}&lang=${nasty}`);
    expect(whole).not.toContain('alert(1)');
  });

  test.each([
    'radius=20000',
    'areaLat=90',
    'areaLat=-90&radius=9000',
    'areaLon=180&radius=500',
    'radius=0.1&place=other&lat=90&lon=0',
  ])('the map can be drawn of the ends of the earth: %s', async (query) => {
    await publish(ALERT, ['FJ']);
    const { whole } = await look(query);
    expect(whole).toMatch(/class="area" d="M/);
    expect(whole).not.toMatch(/NaN|Infinity/);
  });

  test('the map shows the countries that are reached, and where one stands', async () => {
    const reached = async (query: string) => /class="reached"\s+d="([^"]*)"/.exec((await look(query)).whole)?.[1];
    expect(await reached('place=doha')).toBe('');
    await publish(ALERT, ['QA']);
    expect(await reached('place=doha')).toMatch(/^M[\d.,LMZ-]+$/);
    expect((await look('place=doha')).whole).toContain('class="here"');
    // Far away the map still shows the area, and nobody on it.
    expect((await look('place=london')).whole).not.toContain('class="here"');
  });
});
