import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { LANGUAGES, type Report } from '../../src/domain/report.js';
import { CHANNELS, revisionDigest } from '../../src/domain/revision.js';
import { intakePhoto, type IntakePhoto } from '../../src/media/photo.js';
import { renderRevision, type RenderedRevision } from '../../src/media/render-revision.js';
import { sha256 } from '../../src/media/sha256.js';
import { anyReport, aPhoto, AREA, AUTHORITY, FULL_REPORT, MARKER, policeOnly } from '../given/an-alert.js';

type Source = Parameters<typeof renderRevision>[0];

let source: Source;
let otherPhoto: IntakePhoto;

beforeAll(async () => {
  otherPhoto = await aPhoto(200, 200);
  source = {
    caseNumber: 'MFQ-7K3D-92XQ',
    revision: 2,
    report: FULL_REPORT,
    photo: await aPhoto(210, 260),
    area: AREA,
    policyFile: { authority: AUTHORITY, jurisdictions: { QA: { countries: ['QA'], timeZone: 'Asia/Qatar' } } },
    salt: '00112233445566778899aabbccddeeff',
  };
});

const render = (changes: Partial<Source> = {}): Promise<RenderedRevision> => renderRevision({ ...source, ...changes });
const bytesOf = ({ parts }: RenderedRevision): Buffer => Buffer.concat(parts.map(({ bytes }) => bytes));

test('a revision holds, for every channel, exactly what is posted, each language, the picture and its description', async () => {
  const { parts, manifest, digest } = await render();
  const names = CHANNELS.flatMap((channel) => [
    `${channel}/text`,
    ...LANGUAGES.map((language) => `${channel}/text/${language}`),
    `${channel}/altText`,
    `${channel}/image`,
  ]);
  expect(parts.map(({ name }) => name)).toEqual(names);
  for (const part of parts) {
    expect(part.mediaType).toBe(part.name.endsWith('/image') ? 'image/jpeg' : 'text/plain; charset=utf-8');
    expect(part.sha256).toBe(sha256(part.bytes));
    if (/^[a-z]+\/text$/.test(part.name)) expect(part.bytes.toString('utf8').split('\n').at(-1)).toBe(MARKER);
  }
  expect(manifest.parts).toEqual(parts.map(({ name, sha256: hash }) => ({ name, sha256: hash })));
  expect(digest).toBe(revisionDigest(manifest, sha256));
});

test('the same input gives the same digest', async () => {
  expect((await render()).digest).toBe((await render(structuredClone({ report: FULL_REPORT, area: AREA }))).digest);
});

test('nothing police-only is in any part, and none of it has any influence on what goes out', async () => {
  await fc.assert(
    fc.asyncProperty(anyReport, policeOnly, async (report, others) => {
      const one = await render({ report });
      const other = await render({ report: { ...report, policeOnly: others } });
      expect(other.digest).toBe(one.digest);
      expect(bytesOf(other).equals(bytesOf(one))).toBe(true);
      for (const value of Object.values(report.policeOnly)) expect(bytesOf(one).includes(String(value))).toBe(false);
    }),
    { numRuns: 25 },
  );
}, 120_000);

describe('the digest changes with', () => {
  const { child, lastSeen } = FULL_REPORT;
  const other = { ar: 'غير ذلك', en: 'something else' };
  const reports: [string, Partial<Report>][] = [
    ['the tier', { tier: 'missing' }],
    ['the run kind', { runKind: 'exercise' }],
    ['the run kind, again', { runKind: 'test' }],
    ['the name', { child: { ...child, name: other } }],
    ['the Arabic name alone', { child: { ...child, name: { ...child.name, ar: 'نور' } } }],
    ['the English name alone', { child: { ...child, name: { ...child.name, en: 'Noor' } } }],
    ['the age', { child: { ...child, age: { from: 9, to: 9 } } }],
    ['the age being an estimate', { child: { ...child, age: { from: 7, to: 8 } } }],
    ['the sex', { child: { ...child, sex: 'male' } }],
    ['the height', { child: { ...child, heightCm: 129 } }],
    ['the weight', { child: { ...child, weightKg: undefined } }],
    ['the hair', { child: { ...child, hair: other } }],
    ['the eyes', { child: { ...child, eyes: other } }],
    ['the clothing', { child: { ...child, clothing: other } }],
    ['the place', { lastSeen: { ...lastSeen, place: other } }],
    ['the time, by a minute', { lastSeen: { ...lastSeen, at: '2026-11-23T14:21:00Z' } }],
    ['the circumstances', { circumstances: other }],
    ['the suspect', { suspect: undefined }],
    ['the vehicle', { vehicle: { description: other, plate: '000 000' } }],
    ['the plate', { vehicle: { description: { ar: 'سيارة بيضاء', en: 'white car' }, plate: '000 001' } }],
  ];

  test.each(reports)('%s', async (_, changes) => {
    expect((await render({ report: { ...FULL_REPORT, ...changes } })).digest).not.toBe((await render()).digest);
  });

  test('the photo, the area, the authority, the number of the revision, the case and the salt', async () => {
    const changed = await Promise.all([
      render(),
      render({ photo: otherPhoto }),
      render({ area: { ...AREA, radiusKm: 161 } }),
      render({ area: { ...AREA, widening: [] } }),
      render({ area: { ...AREA, centre: { ...AREA.centre, latitude: 25.3 } } }),
      render({ policyFile: { ...source.policyFile, authority: { ...AUTHORITY, telephone: '+974 4444 0998' } } }),
      render({ revision: 3 }),
      render({ caseNumber: 'MFQ-7K3D-92XR' }),
      render({ salt: 'ffeeddccbbaa99887766554433221100' }),
    ]);
    expect(new Set(changed.map(({ digest }) => digest)).size).toBe(changed.length);
  });
});

test('a report of a jurisdiction that nobody knows is not rendered', async () => {
  await expect(render({ report: { ...FULL_REPORT, jurisdiction: 'XX' } })).rejects.toThrow(RangeError);
});

test('the example of the demo is an exercise, fits every channel and is a drawing in the shape Instagram takes', async () => {
  const folder = new URL('../../examples/', import.meta.url);
  const report = JSON.parse(await readFile(new URL('report.json', folder), 'utf8')) as Report;
  const photo = await intakePhoto(await readFile(new URL('photo.jpg', folder)));
  expect(report.runKind).toBe('exercise');
  expect([photo.width, photo.height]).toEqual([1200, 1500]);
  const { parts } = await render({ report, photo });
  expect(parts.find(({ name }) => name === 'instagram/text')?.bytes.toString('utf8')).toContain('EXERCISE');
});
