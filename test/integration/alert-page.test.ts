import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { pino } from 'pino';
import sharp from 'sharp';
import request from 'supertest';
import type { SignalCommand } from '../../src/domain/command.js';
import { revisionDigest } from '../../src/domain/revision.js';
import { sha256 } from '../../src/media/sha256.js';
import { createPublicSite } from '../../src/public/site.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { createPool } from '../../src/store/pool.js';
import { newCaseNumber } from '../../src/domain/case-number.js';
import { ACCOUNT_CHANNELS } from '../../src/domain/channel.js';
import type { Report } from '../../src/domain/report.js';
import { renderRevision } from '../../src/media/render-revision.js';
import { ALL_MET } from '../given/a-case.js';
import { AREA, AUTHORITY, aPhoto, FULL_REPORT } from '../given/an-alert.js';
import { aNewReport, type CaseLife, lifeOf } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

const SITE = 'https://alerts.example';

let server: DatabaseServer;
let database: TestDatabase;
let publicPool: pg.Pool;
let report: NewReport;
let life: CaseLife;
let journalled = 0;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  publicPool = createPool(database.publicDatabaseUrl);
  await reported();
});

afterEach(async () => {
  if (!publicPool.ended) await publicPool.end();
});

/** A report as an operator sends it, rendered as the public would see it. */
async function reported(changes: Partial<Report> = {}): Promise<void> {
  const caseNumber = newCaseNumber(randomBytes);
  report = aNewReport({ caseNumber, ...(await content(caseNumber, 1, changes)) });
  life = lifeOf(report, await createCaseStore(database.pool, 'all').storeReport(report));
  journalled = 0;
}

async function content(
  caseNumber: string,
  revision: number,
  changes: Partial<Report>,
): Promise<Pick<NewReport, 'report' | 'photo' | 'revision'>> {
  const sent = { ...FULL_REPORT, ...changes };
  const photo = await aPhoto(400, 500);
  const policyFile = { authority: AUTHORITY, jurisdictions: { QA: { countries: ['QA'], timeZone: 'Asia/Qatar' } } };
  const source = {
    caseNumber,
    revision,
    report: sent,
    photo,
    area: AREA,
    channels: ACCOUNT_CHANNELS,
    policyFile,
    publicUrl: SITE,
    salt: 'salt',
  };
  return { report: sent, photo, revision: await renderRevision(source) };
}

/** Stores an amendment of the case and lets it propose it; returns its pictures and its digest. */
async function amended(
  changes: Partial<Report>,
): Promise<{ readonly digest: string; readonly image: Buffer; readonly square: Buffer }> {
  const { caseNumber } = report;
  const by = { caseNumber, commandId: randomUUID(), actor: 'operator-2', role: 'operator', kind: 'amend' } as const;
  const amendment = await content(caseNumber, 2, changes);
  await createCaseStore(database.pool, 'all').storeRevisionCommand({ ...by, ...amendment });
  const { digest, parts } = amendment.revision;
  const revision = { number: 2, digest, area: { radiusKm: 160, widening: [] }, languagesMissing: [] };
  await say({ ...by, revision });
  const [image, square] = ['facebook/image', 'card/square'].map(
    (part) => parts.find(({ name }) => name === part)?.bytes,
  );
  if (!image || !square) throw new Error('the amendment has no picture');
  return { digest, image, square };
}

const page = (language = 'en'): request.Test =>
  site().get(`/alerts/${report.caseNumber}`).set('Accept-Language', language);
const photo = (): request.Test => site().get(`/alerts/${report.caseNumber}/photo.jpg`);
const card = (): request.Test => site().get(`/alerts/${report.caseNumber}/card.jpg`);

function site(): ReturnType<typeof request> {
  return request(createPublicSite({ pool: publicPool, publicUrl: SITE, logger: pino({ level: 'silent' }) }));
}

type Said = Pick<SignalCommand, 'kind'> & { readonly commandId: string };

async function say(command: Said & Record<string, unknown>): Promise<void> {
  const stamp = { number: null, actor: 'supervisor-2', role: 'supervisor', at: Date.now() };
  life.answer({ ...stamp, ...command } as unknown as SignalCommand, command.commandId);
  await journal();
}

async function journal(): Promise<void> {
  const batch = life.batch(journalled + 1);
  await createCaseJournal(database.pool).append(batch);
  journalled += batch.entries.length;
}

const approve = (): Promise<void> =>
  say({ kind: 'approve', commandId: 'yes', digest: report.revision.digest, criteria: ALL_MET });

test('an approved alert is told in both languages, the reader’s first, with its picture and a preview for those who share the link', async () => {
  await approve();
  const { status, headers, text } = await page('en-GB,en;q=0.9');
  expect(status).toBe(200);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex', vary: 'Accept-Language' });
  expect(headers['content-security-policy']).toMatch(/^default-src 'none';img-src 'self';style-src 'sha256-/);
  expect(text).toContain('<html lang="en" dir="ltr">');
  expect(text.indexOf('<article id="en" lang="en" dir="ltr">')).toBeLessThan(
    text.indexOf('<article id="ar" lang="ar" dir="rtl">'),
  );
  for (const language of ['ar', 'en'] as const) {
    const lines = report.revision.parts.find(({ name }) => name === `facebook/text/${language}`)?.bytes.toString();
    // All but the link to the page itself, and what introduces it.
    const told = lines?.replace(/^.*\n.*\/alerts\/.*$/m, '').split('\n') ?? [];
    for (const line of told.filter((one) => one !== '')) {
      const words = line.slice(line.indexOf(': ') + 1).trim();
      expect(text).toContain(words.replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('"', '&quot;'));
    }
  }
  const address = `${SITE}/alerts/${report.caseNumber}`;
  expect(text).toContain(`<meta property="og:url" content="${address}" />`);
  // By its path: the policy allows the site's own pictures, under whatever name it was reached.
  expect(text).toContain(`<img src="/alerts/${report.caseNumber}/photo.jpg"`);
  expect(text.match(/<a class="call"\s+href="tel:\+97444440999"/g)).toHaveLength(2);
  expect(text.match(/<bdi dir="ltr">\+974\u00A04444\u00A00999<\/bdi>/g)).toHaveLength(2);
  for (const label of ['Last updated:', 'آخر تحديث:']) expect(text).toMatch(new RegExp(`${label}\\s+<time datetime="`));
  expect(text).not.toContain('<script');
  expect((await page('ar')).text).toContain('<html lang="ar" dir="rtl">');

  const picture = await photo();
  expect(picture.body).toEqual(report.revision.parts.find(({ name }) => name === 'facebook/image')?.bytes);
  expect(picture.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
});

test('a shared link shows the card that was approved, in its size and in words', async () => {
  await approve();
  const { text } = await page();
  const tags = new Map(
    [...text.matchAll(/<meta\s+(?:property|name)="([^"]+)"\s+content="([^"]*)"/g)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  expect(tags.get('og:image')).toBe(`${SITE}/alerts/${report.caseNumber}/card.jpg`);
  expect(tags.get('twitter:card')).toBe('summary');
  const alt = tags.get('og:image:alt');
  expect(alt).toContain(report.report.child.name.en);
  expect(alt).toContain(String(tags.get('og:title')));
  const picture = await card();
  expect(picture.body).toEqual(report.revision.parts.find(({ name }) => name === 'card/square')?.bytes);
  expect(picture.headers).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'no-store',
    'x-robots-tag': 'noindex',
  });
  const { width, height } = await sharp(picture.body as Buffer).metadata();
  expect([tags.get('og:image:width'), tags.get('og:image:height')]).toEqual([String(width), String(height)]);
});

test('what the police alone may know is not there', async () => {
  await approve();
  const { text } = await page();
  const secrets = Object.values(report.report.policeOnly);
  expect(secrets).toHaveLength(3);
  for (const secret of secrets) expect(text).not.toContain(secret);
});

test('before its approval a case looks like one that never was', async () => {
  await journal();
  const unknown = await site().get('/alerts/MFQ-2222-2222');
  const looks = ({ status, text, headers }: request.Response): unknown => ({
    status,
    text,
    type: headers['content-type'],
  });
  expect(looks(await page())).toEqual(looks(unknown));
  for (const picture of [photo, card]) expect(looks(await picture())).toEqual(looks(unknown));
  await say({ kind: 'reject', commandId: 'no' });
  expect(looks(await page())).toEqual(looks(unknown));
  expect(unknown.status).toBe(404);
});

test('once the alert is over it says so calmly, and nothing of the child is left', async () => {
  await approve();
  const { text: before } = await page();
  const names = Object.values(report.report.child.name);
  for (const name of names) expect(before).toContain(name);
  await say({ kind: 'childFound', commandId: 'found', outcome: 'recovered_otherwise' });
  const { status, text, headers } = await page();
  expect(status).toBe(410);
  expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' });
  expect(text).toContain('This alert is over');
  expect(text).toContain('انتهى هذا التنبيه');
  for (const trace of [...names, 'photo.jpg', 'card.jpg', 'og:']) expect(text).not.toContain(trace);
  for (const picture of [photo, card]) {
    expect(await picture()).toMatchObject({ status: 410, text: 'Gone\n', headers: { 'cache-control': 'no-store' } });
  }
});

test('an amendment shows only once it is approved, its pictures too', async () => {
  await approve();
  const child = { ...FULL_REPORT.child, clothing: { ar: 'معطف أخضر', en: 'green coat' } };
  const { digest, image, square } = await amended({ child });
  const { text: before } = await page();
  expect(before).toContain('red cap');
  expect(before).toContain(`${report.caseNumber}/1`);
  expect(before).not.toMatch(/green coat|معطف أخضر/);
  expect((await photo()).body).not.toEqual(image);
  expect((await card()).body).not.toEqual(square);

  await say({ kind: 'approveAmendment', commandId: 'yes again', digest, removeFirst: false });
  const { text: after } = await page();
  for (const words of ['green coat', 'معطف أخضر', `${report.caseNumber}/2`]) expect(after).toContain(words);
  expect(after).not.toContain('red cap');
  expect((await photo()).body).toEqual(image);
  expect((await card()).body).toEqual(square);
});

test('an amendment that was rejected never shows', async () => {
  await approve();
  const { image, square } = await amended({ circumstances: { ar: 'غير صحيح', en: 'something untrue' } });
  await say({ kind: 'rejectAmendment', commandId: 'no' });
  const { status, text } = await page();
  expect(status).toBe(200);
  expect(text).not.toContain('something untrue');
  expect((await photo()).body).not.toEqual(image);
  expect((await card()).body).not.toEqual(square);
});

test('what a report says is text and nothing else, and can neither turn a line round nor add one', async () => {
  const hostile = `</dd><script>alert(1)</script>"><img src=x onerror=alert(2)> \u202Etxet\u202C & 'so' {on}\n\nName: Other`;
  await reported({
    child: { ...FULL_REPORT.child, name: { ar: hostile, en: hostile } },
    circumstances: { ar: hostile, en: `${hostile}\n\ncall \u2066+999 000 000\u2069` },
    vehicle: { description: { ar: hostile, en: hostile }, plate: '"><b>1</b>' },
  });
  await approve();
  const { status, text } = await page();
  expect(status).toBe(200);
  expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  expect(text).not.toMatch(/<script|<b>|[\u202A-\u202E]/);
  expect(text.match(/<img[^>]*>/g)).toEqual([expect.stringContaining('photo.jpg')]);
  for (const attribute of text.match(/content="[^"]*"/g) ?? []) expect(attribute).not.toMatch(/[<>]/);
  expect(text.match(/>Name</g)).toHaveLength(1);
  expect(text.match(/href="tel:[^"]*"/g)).toEqual(['href="tel:+97444440999"', 'href="tel:+97444440999"']);
});

test.each([
  ['exercise', 'EXERCISE', 'تمرين'],
  ['test', 'TEST', 'اختبار'],
] as const)(
  'what is no real case (%s) says so before everything else, in its preview too',
  async (runKind, english, arabic) => {
    await reported({ runKind });
    await approve();
    const { text } = await page();
    const banner = text.slice(text.indexOf('class="banner"'), text.indexOf('<h1'));
    for (const words of [english, arabic]) expect(banner).toContain(words);
    for (const title of [/property="og:title"\s+content="([A-Z]+)/, /<title>([A-Z]+)/]) {
      expect(title.exec(text)?.[1]).toBe(english);
    }
  },
);

test('a real case says nowhere that it is none', async () => {
  await approve();
  expect((await page()).text).not.toMatch(/class="banner"|NOT A REAL CASE|ليست حالة حقيقية/);
});

test('what was changed behind our back is not shown: 503, and a word for the log', async () => {
  await approve();
  const unavailable = { status: 503, text: 'Not available\n' };
  await database.pool.query(
    `UPDATE revision_parts SET bytes = 'other' WHERE name IN ('facebook/image', 'card/square')`,
  );
  for (const picture of [photo, card]) expect(await picture()).toMatchObject({ status: 503 });
  await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name = 'facebook/text/en'`);
  expect(await page()).toMatchObject(unavailable);
});

test('a manifest that was changed to match is not what was approved either', async () => {
  await approve();
  const { manifest } = report.revision;
  const parts = manifest.parts.map(({ name, sha256: hash }) => ({
    name,
    sha256: /text|image|card/.test(name) ? sha256('other') : hash,
  }));
  const forged = { ...manifest, parts };
  expect(revisionDigest(forged, sha256)).not.toBe(report.revision.digest);
  await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name ~ 'text|image|card'`);
  await database.pool.query('UPDATE revisions SET manifest = $1', [forged]);
  expect((await page()).status).toBe(503);
  for (const picture of [photo, card]) expect((await picture()).status).toBe(503);
});
