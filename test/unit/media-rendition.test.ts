import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { intakePhoto, type IntakePhoto } from '../../src/media/photo.js';
import { facebookPhoto } from '../../src/media/rendition.js';
import { sha256 } from '../../src/media/sha256.js';
import { aPhoto } from '../given/an-alert.js';

async function expectWithinLimits(photo: IntakePhoto): Promise<void> {
  const rendition = await facebookPhoto(photo);
  const { format, width, height, space, exif } = await sharp(rendition.bytes).metadata();
  expect({ format, space, exif }).toEqual({ format: 'jpeg', space: 'srgb' });
  expect(rendition).toMatchObject({ width, height, sha256: sha256(rendition.bytes) });
  // Written down again from the platform's own documentation, not taken from the code under test.
  const fits = rendition.bytes.length <= 4_000_000 && Math.max(width, height) <= 2048;
  expect({ width, height, fits }).toMatchObject({ fits: true });
}

describe('the photo as Facebook gets it', () => {
  test('is within the channel’s limits, whatever the photo’s shape', async () => {
    const side = fc.oneof(fc.integer({ min: 200, max: 500 }), fc.integer({ min: 200, max: 1500 }));
    await fc.assert(
      fc.asyncProperty(side, side, async (width, height) => {
        await expectWithinLimits(await aPhoto(width, height));
      }),
      {
        numRuns: 12,
        examples: [
          [200, 4096],
          [4096, 200],
        ],
      },
    );
  }, 120_000);

  test('is within the limits also for a large photo that hardly compresses', async () => {
    await expectWithinLimits(await aPhoto(4000, 3900));
  }, 60_000);

  test('is the same, byte for byte, every time', async () => {
    const photo = await aPhoto(900, 300);
    const first = await facebookPhoto(photo);
    expect((await facebookPhoto(photo)).bytes.equals(first.bytes)).toBe(true);
  });

  test.each([
    [400, 1600],
    [1600, 400],
    [800, 1000],
  ])('shows all of a photo of %i x %i: nothing is cut off', async (width, height) => {
    const corners = (['northwest', 'northeast', 'southwest', 'southeast'] as const).map((gravity) => ({
      input: { create: { width: 100, height: 100, channels: 3, background: 'red' } } as const,
      gravity,
    }));
    const background = { create: { width, height, channels: 3, background: 'white' } } as const;
    const photo = await intakePhoto(await sharp(background).composite(corners).png().toBuffer());
    const rendition = await facebookPhoto(photo);
    const scale = Math.min(rendition.width / width, rendition.height / height);
    const left = (rendition.width - width * scale) / 2;
    const top = (rendition.height - height * scale) / 2;
    for (const x of [50, width - 50]) {
      for (const y of [50, height - 50]) {
        const at = { left: Math.round(left + x * scale), top: Math.round(top + y * scale), width: 1, height: 1 };
        const [red = 0, green = 255] = await sharp(rendition.bytes).extract(at).raw().toBuffer();
        expect({ x, y, isRed: red > 200 && green < 60 }).toEqual({ x, y, isRed: true });
      }
    }
  });
});
