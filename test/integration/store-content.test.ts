import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sha256 } from '../../src/media/sha256.js';
import { ContentMismatch, type ContentStore } from '../../src/ports/content-store.js';
import { createCaseStore, type NewReport } from '../../src/store/case-store.js';
import { createContentStore } from '../../src/store/content-store.js';
import { aNewReport } from '../given/a-stored-case.js';
import { type DatabaseServer, startDatabaseServer, type TestDatabase } from './database.js';

let server: DatabaseServer;
let database: TestDatabase;
let report: NewReport;
let content: ContentStore;

beforeAll(async () => {
  server = await startDatabaseServer();
}, 60_000);

afterAll(() => server.stop(), 60_000);

beforeEach(async () => {
  database = await server.newDatabase();
  report = aNewReport();
  await createCaseStore(database.pool, 'all').storeReport(report);
  content = createContentStore(database.pool, { publicUrl: 'https://alerts.example' });
});

const facebook = (): Parameters<ContentStore['load']>[0] => {
  const { caseNumber, revision } = report;
  return { caseNumber, revision: 1, digest: revision.digest, channel: 'facebook' };
};

test('what is loaded is what the digest covers, with an address for the image that only its bearer knows', async () => {
  const loaded = await content.load(facebook());
  const { imageUrl, ...rest } = loaded;
  expect(rest).toEqual({
    caseNumber: report.caseNumber,
    revision: 1,
    digest: report.revision.digest,
    runKind: 'exercise',
    text: 'the post on facebook',
    altText: 'what the image on facebook shows',
    askedRadiusKm: 160,
    countries: ['QA'],
  });
  const token = /^https:\/\/alerts\.example\/images\/([A-Za-z0-9_-]{43})\.jpg$/.exec(imageUrl)?.[1] ?? '';
  const { rows } = await database.pool.query<{ everything: string; token_sha256: string; lifetime: number }>(
    `SELECT token_sha256, image_addresses::text AS everything,
       extract(epoch FROM expires_at - now())::float8 AS lifetime FROM image_addresses`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.token_sha256).toBe(sha256(token));
  expect(rows[0]?.everything).not.toContain(token);
  expect(rows[0]?.lifetime).toBeLessThanOrEqual(3_600);
  expect((await content.load(facebook())).imageUrl).not.toBe(imageUrl);
});

test.each([
  ['a text', `UPDATE revision_parts SET bytes = 'other' WHERE name = 'facebook/text'`, 'facebook/text'],
  [
    'an alternative text',
    `UPDATE revision_parts SET bytes = bytes || ' ' WHERE name = 'facebook/altText'`,
    'facebook/altText',
  ],
  [
    'an image together with its stored hash',
    `UPDATE revision_parts SET bytes = 'other', sha256 = encode(sha256('other'), 'hex') WHERE name = 'facebook/image'`,
    'facebook/image',
  ],
  ['a part that is gone', `DELETE FROM revision_parts WHERE name = 'facebook/image'`, 'facebook/image'],
  ['the area', `UPDATE revisions SET manifest = jsonb_set(manifest, '{area,radiusKm}', '500')`, 'revision'],
  ['the run kind', `UPDATE revisions SET manifest = jsonb_set(manifest, '{runKind}', '"actual"')`, 'revision'],
  ['the digest', `UPDATE revisions SET digest = repeat('a', 64)`, 'revision'],
])('content changed behind our back does not go out: %s', async (_what, change, part) => {
  await database.ownerPool.query(change);
  await expect(content.load(facebook())).rejects.toEqual(new ContentMismatch(part));
  const { rowCount } = await database.pool.query('SELECT FROM image_addresses');
  expect(rowCount).toBe(0);
});

test('the manifest and digest of another case do not pass for this one', async () => {
  const other = aNewReport();
  await createCaseStore(database.pool, 'all').storeReport(other);
  await database.pool.query(
    `UPDATE revisions SET (manifest, digest) = (SELECT manifest, digest FROM revisions WHERE case_number = $1)
     WHERE case_number = $2`,
    [other.caseNumber, report.caseNumber],
  );
  const swapped = { ...facebook(), digest: other.revision.digest };
  await expect(content.load(swapped)).rejects.toEqual(new ContentMismatch('revision'));
});

test("nothing is loaded under a digest that is not this revision's, nor for a revision that is not there", async () => {
  const other = { ...facebook(), digest: sha256('another') };
  await expect(content.load(other)).rejects.toEqual(new ContentMismatch('revision'));
  await expect(content.load({ ...facebook(), revision: 2 })).rejects.toEqual(new ContentMismatch('revision'));
  await expect(content.load({ ...facebook(), caseNumber: 'MFQ-2222-2222' })).rejects.toEqual(
    new ContentMismatch('revision'),
  );
});

test('damage to one channel does not keep the alert off the other', async () => {
  await database.pool.query(`UPDATE revision_parts SET bytes = 'other' WHERE name LIKE 'instagram/%'`);
  expect((await content.load(facebook())).text).toBe('the post on facebook');
});
