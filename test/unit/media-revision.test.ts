import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import jsqr from 'jsqr';
import sharp from 'sharp';
import { LANGUAGES, type Report } from '../../src/domain/report.js';
import { CHANNELS } from '../../src/domain/channel.js';
import { revisionDigest } from '../../src/domain/revision.js';
import { intakePhoto, type IntakePhoto } from '../../src/media/photo.js';
import { renderRevision, type RenderedRevision } from '../../src/media/render-revision.js';
import { sha256 } from '../../src/media/sha256.js';
import {
  anyReport,
  aPhoto,
  AREA,
  AUTHORITY,
  FULL_REPORT,
  MARKER,
  noise,
  PAGE,
  policeOnly,
  PUBLIC_URL,
} from '../given/an-alert.js';

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
    channels: CHANNELS,
    policyFile: { authority: AUTHORITY, jurisdictions: { QA: { countries: ['QA'], timeZone: 'Asia/Qatar' } } },
    publicUrl: PUBLIC_URL,
    salt: '00112233445566778899aabbccddeeff',
  };
});

const render = (changes: Partial<Source> = {}): Promise<RenderedRevision> => renderRevision({ ...source, ...changes });
const bytesOf = ({ parts }: RenderedRevision): Buffer => Buffer.concat(parts.map(({ bytes }) => bytes));

test('a revision holds, for every channel, exactly what is posted, each language and what the picture shows; the photo; and every card', async () => {
  const { parts, manifest, digest } = await render();
  const text = 'text/plain; charset=utf-8';
  const texts = CHANNELS.flatMap((channel) => [
    [`${channel}/text`, text],
    ...LANGUAGES.map((language) => [`${channel}/text/${language}`, text]),
    [`${channel}/altText`, text],
  ]);
  expect(parts.map(({ name, mediaType }) => [name, mediaType])).toEqual([
    ...texts,
    ['facebook/image', 'image/jpeg'],
    ['card/feed', 'image/jpeg'],
    ['card/square', 'image/jpeg'],
    ['card/story', 'image/jpeg'],
    ['card/poster', 'application/pdf'],
  ]);
  for (const part of parts) {
    expect(part.sha256).toBe(sha256(part.bytes));
    if (/^[a-z]+\/text$/.test(part.name)) expect(part.bytes.toString('utf8').split('\n').at(-1)).toBe(MARKER);
  }
  expect(manifest.parts).toEqual(parts.map(({ name, sha256: hash }) => ({ name, sha256: hash })));
  expect(digest).toBe(revisionDigest(manifest, sha256));
});

test('a revision for the partner desk alone holds what the page shows that its code opens', async () => {
  const { parts } = await render({ channels: ['meta-partner'] });
  const names = parts.map(({ name }) => name);
  for (const language of LANGUAGES) expect(names).toContain(`facebook/text/${language}`);
  expect(names).toEqual(expect.arrayContaining(['facebook/image', 'card/square']));
  expect(names).not.toContain('facebook/text');
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
    { numRuns: 10 },
  );
}, 120_000);

test('the link in every text and the code on the card open the page of the case, whatever ends the base address', async () => {
  const { parts } = await render({ publicUrl: `${PUBLIC_URL}/` });
  for (const { name, bytes } of parts) {
    if (name.includes('/text')) expect(bytes.toString('utf8').split('\n')).toContain(PAGE);
  }
  const feed = parts.find(({ name }) => name === 'card/feed')?.bytes;
  const { data, info } = await sharp(feed).resize(540).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  expect(jsqr.default(new Uint8ClampedArray(data), info.width, info.height)?.data).toBe(PAGE);
}, 20_000);

test('nothing of where and with what the photo was taken is in any part', async () => {
  const taken = await noise(400, 500)
    .withExif({
      IFD0: { Make: 'Telltale', ImageDescription: 'somebody' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '25/1 17/1 15/1', GPSLongitudeRef: 'E', GPSLongitude: '51/1 31/1 0/1' },
    })
    .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><home>25.2875</home></x:xmpmeta>')
    .withIccProfile('p3')
    .jpeg()
    .toBuffer();
  expect(taken.includes('Telltale')).toBe(true);
  const { parts } = await render({ photo: await intakePhoto(taken) });
  for (const { name, mediaType, bytes } of parts) {
    for (const trace of ['Exif', 'GPS', 'Telltale', 'somebody', 'adobe:ns', 'ICC_PROFILE']) {
      expect([name, trace, bytes.includes(trace)]).toEqual([name, trace, false]);
    }
    if (mediaType !== 'image/jpeg') continue;
    const { exif, xmp, iptc, icc, comments } = await sharp(bytes).metadata();
    expect({ exif, xmp, iptc, icc, comments }).toEqual({});
  }
}, 20_000);

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

  let digest: string;
  beforeAll(async () => {
    ({ digest } = await render());
  });

  test.each(reports)('%s', async (_, changes) => {
    expect((await render({ report: { ...FULL_REPORT, ...changes } })).digest).not.toBe(digest);
  });

  test('the photo, the area, the authority, the number of the revision, the case, its page and the salt', async () => {
    const changed = await Promise.all([
      render(),
      render({ photo: otherPhoto }),
      render({ area: { ...AREA, radiusKm: 161 } }),
      render({ area: { ...AREA, widening: [] } }),
      render({ area: { ...AREA, centre: { ...AREA.centre, latitude: 25.3 } } }),
      render({ policyFile: { ...source.policyFile, authority: { ...AUTHORITY, telephone: '+974 4444 0998' } } }),
      render({ revision: 3 }),
      render({ caseNumber: 'MFQ-7K3D-92XR' }),
      render({ publicUrl: 'https://other.example' }),
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
