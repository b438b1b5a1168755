import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type pg from 'pg';
import { pino } from 'pino';
import request from 'supertest';
import type { SignalCommand } from '../../src/domain/command.js';
import { createPublicSite } from '../../src/public/site.js';
import { createCaseJournal } from '../../src/store/case-journal.js';
import { createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { createPool } from '../../src/store/pool.js';
import { newCaseNumber } from '../../src/domain/case-number.js';
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
  const sent = { ...FULL_REPORT, ...changes };
  const photo = await aPhoto(400, 500);
  const policyFile = { authority: AUTHORITY, jurisdictions: { QA: { countries: ['QA'], timeZone: 'Asia/Qatar' } } };
  const rendered = { caseNumber, revision: 1, report: sent, photo, area: AREA, policyFile, salt: 'salt' };
  report = aNewReport({ caseNumber, report: sent, photo, revision: await renderRevision(rendered) });
  life = lifeOf(report, await createCaseStore(database.pool).storeReport(report));
  journalled = 0;
}

const page = (language = 'en'): request.Test =>
  site().get(`/alerts/${report.caseNumber}`).set('Accept-Language', language);
const photo = (): request.Test => site().get(`/alerts/${report.caseNumber}/photo.jpg`);

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
  expect(text.indexOf('<section lang="en" dir="ltr">')).toBeLessThan(text.indexOf('<section lang="ar" dir="rtl">'));
  for (const language of ['ar', 'en'] as const) {
    const lines = report.revision.parts.find(({ name }) => name === `facebook/text/${language}`)?.bytes.toString();
    for (const line of lines?.split('\n').filter((one) => one !== '') ?? []) {
      const words = line.slice(line.indexOf(': ') + 1).trim();
      expect(text).toContain(words.replaceAll('&', '&amp;').replaceAll("'", '&#39;').replaceAll('"', '&quot;'));
    }
  }
  const address = `${SITE}/alerts/${report.caseNumber}`;
  expect(text).toContain(`<meta property="og:url" content="${address}" />`);
  expect(text).toContain(`<meta property="og:image" content="${address}/photo.jpg" />`);
  expect(text).toMatch(/<a class="call" href="tel:\+?\d+">/);
  expect(text).not.toContain('<script');
  expect((await page('ar')).text).toContain('<html lang="ar" dir="rtl">');

  const picture = await photo();
  expect(picture.body).toEqual(report.revision.parts.find(({ name }) => name === 'facebook/image')?.bytes);
  expect(picture.headers).toMatchObject({ 'content-type': 'image/jpeg', 'cache-control': 'no-store' });
});

test('what the police alone may know is not there', async () => {
  await approve();
  const { text } = await page();
  for (const secret of Object.values(report.report.policeOnly)) expect(text).not.toContain(secret);
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
  expect(looks(await photo())).toEqual(looks(unknown));
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
  for (const trace of [...names, 'photo.jpg', 'og:']) expect(text).not.toContain(trace);
  expect((await photo()).status).toBe(404);
});

test('an exercise says so before everything else, in its preview too', async () => {
  await reported({ runKind: 'exercise' });
  await approve();
  const { text } = await page();
  expect(text.indexOf('class="banner"')).toBeLessThan(text.indexOf('<h1'));
  expect(text).toMatch(/property="og:title"\s+content="EXERCISE/);
});

test('a text that was changed behind our back is not shown', async () => {
  await approve();
  await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name = 'facebook/text/en'`);
  const { status, text } = await page();
  expect({ status, text }).toEqual({ status: 503, text: 'Not available\n' });
  await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name = 'facebook/image'`);
  expect((await photo()).status).toBe(404);
});
