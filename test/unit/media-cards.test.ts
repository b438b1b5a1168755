import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import jsqr from 'jsqr';
import sharp, { type Sharp } from 'sharp';
import type { Report } from '../../src/domain/report.js';
import { renderCards } from '../../src/media/card/render-cards.js';
import { intakePhoto, type IntakePhoto } from '../../src/media/photo.js';
import { anAlert, anyReport, aPhoto, FULL_REPORT, PAGE } from '../given/an-alert.js';

const SIZES = { feed: [1080, 1350], square: [1080, 1080], story: [1080, 1920] } as const;
const PICTURES = Object.keys(SIZES) as (keyof typeof SIZES)[];

/** How wide references are kept: letters and their places are seen, and what a codec does to single pixels is not. */
const REFERENCE_WIDTH = 270;
const REFERENCES = join(import.meta.dirname, 'card-references');
/** Of 255, over all pixels of a picture. */
const TOLERANCE = 2;

type Cards = Awaited<ReturnType<typeof renderCards>>;

const render = (changes: Partial<Report> = {}, photo?: IntakePhoto): Promise<Cards> =>
  renderCards(anAlert(changes), photo);

const drawing = (): Promise<IntakePhoto> =>
  intakePhoto(readFileSync(join(import.meta.dirname, '../../examples/photo.jpg')));

const LONG: Partial<Report> = {
  child: {
    ...FULL_REPORT.child,
    age: { from: 8, to: 12 },
    name: {
      ar: 'عبد الرحمن محمد بن عبد العزيز بن سليمان آل إبراهيم المنصوري الهاشمي القرشي التميمي',
      en: 'Abdulrahman Mohammed bin Abdulaziz bin Sulaiman Al-Ibrahim Al-Mansouri Al-Hashimi',
    },
  },
  lastSeen: {
    ...FULL_REPORT.lastSeen,
    place: {
      ar: 'سوق واقف، الدوحة، قرب المدخل الرئيسي '.repeat(5).trim(),
      en: 'Souq Waqif, Doha, near the main entrance '.repeat(5).trim(),
    },
  },
};
const MIXED: Partial<Report> = {
  child: { ...FULL_REPORT.child, name: { ar: 'نور Noor 3 مثال', en: 'Noor نور (Mithal)' } },
  lastSeen: { ...FULL_REPORT.lastSeen, place: { ar: 'مول Villaggio، بوابة 3B', en: 'Gate 3 of فيلاجيو' } },
};

const small = (picture: Buffer): Sharp => sharp(picture).resize({ width: REFERENCE_WIDTH }).removeAlpha();

/** How far apart two pictures of one shape look: the mean over all their pixels. */
async function distance(one: Buffer, other: Buffer): Promise<number> {
  const a = await small(one).raw().toBuffer();
  const b = await small(other).raw().toBuffer();
  if (a.length !== b.length) return Infinity;
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

/** What a card looks like is held against what it looked like when somebody last looked at it. */
const LOOKED_AT: Readonly<Record<string, { readonly changes?: Partial<Report>; readonly photo?: boolean }>> = {
  amber: {},
  missing: { changes: { tier: 'missing' } },
  exercise: { changes: { runKind: 'exercise' } },
  'long-names': { changes: LONG },
  'mixed-scripts': { changes: MIXED },
  'without-a-photo': { photo: false },
  'in-arabic-alone': { changes: { child: { ...FULL_REPORT.child, name: { ar: 'نور مثال', en: '' } } } },
};

describe('the cards of an alert', () => {
  test('have the sizes that feeds and stories want, carry nothing of the photo but its picture, and a sheet to print', async () => {
    const cards = await render({}, await aPhoto(900, 1200));
    for (const card of PICTURES) {
      const { format, width, height, exif, xmp, icc } = await sharp(cards[card]).metadata();
      expect({ format, size: [width, height], exif, xmp, icc }).toEqual({ format: 'jpeg', size: SIZES[card] });
    }
    // What Instagram takes, as its documentation has it: at most 8 MB, 4:5 at the tallest.
    expect(cards.feed.length).toBeLessThan(8_000_000);
    const sheet = cards.poster.toString('latin1');
    expect(sheet).toMatch(/^%PDF-1\.\d/);
    expect(sheet.match(/\/Type \/Page\b/g)).toHaveLength(1);
    expect(sheet).toContain('/MediaBox [0 0 595.28 841.89]');
  });

  test('are the same bytes for the same alert and photo, for they are part of what is approved', async () => {
    const photo = await drawing();
    const [first, second] = [await render({}, photo), await render({}, photo)];
    for (const card of ['feed', 'square', 'story', 'poster'] as const) {
      expect(first[card].equals(second[card])).toBe(true);
    }
  });

  test('open the alert page by their QR code, also on a phone that shows them small', async () => {
    const cards = await render({}, await drawing());
    for (const card of PICTURES) {
      const { data, info } = await sharp(cards[card])
        .resize({ width: 540 })
        .ensureAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      const seen = jsqr.default(new Uint8ClampedArray(data), info.width, info.height);
      expect(seen?.data).toBe(PAGE);
    }
  });

  test('are made of whatever an operator wrote', async () => {
    const photo = await aPhoto(300, 500);
    await fc.assert(
      fc.asyncProperty(anyReport, fc.boolean(), async (report, hasPhoto) => {
        const cards = await render(report, hasPhoto ? photo : undefined);
        for (const card of PICTURES) {
          const { width, height } = await sharp(cards[card]).metadata();
          expect([width, height]).toEqual(SIZES[card]);
        }
      }),
      { numRuns: 15 },
    );
  });

  test('that say something else look further apart than the tolerance', async () => {
    const photo = await drawing();
    const [amber, exercise] = await Promise.all([render({}, photo), render({ runKind: 'exercise' }, photo)]);
    expect(await distance(amber.feed, exercise.feed)).toBeGreaterThan(2 * TOLERANCE);
  });

  test.each(Object.entries(LOOKED_AT))('look as when they were last looked at: %s', async (name, look) => {
    const cards = await render(look.changes, look.photo === false ? undefined : await drawing());
    for (const card of ['feed', 'square'] as const) {
      const file = join(REFERENCES, `${name}-${card}.png`);
      if (process.env.UPDATE_CARD_REFERENCES) {
        writeFileSync(file, await small(cards[card]).png({ palette: true }).toBuffer());
      }
      expect(await distance(cards[card], readFileSync(file))).toBeLessThan(TOLERANCE);
    }
  });
});
