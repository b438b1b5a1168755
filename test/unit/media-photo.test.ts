import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import sharp from 'sharp';
import { intakePhoto, MAX_PHOTO_BYTES, PhotoRefused } from '../../src/media/photo.js';
import { sha256 } from '../../src/media/sha256.js';
import { noise } from '../given/an-alert.js';

const refusalOf = async (bytes: Buffer): Promise<{ code: string; detail: string } | undefined> => {
  try {
    await intakePhoto(bytes);
    return undefined;
  } catch (error) {
    if (error instanceof PhotoRefused) return { code: error.code, detail: error.detail };
    throw error;
  }
};

const box = (brand: string): Buffer =>
  Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from(`ftyp${brand}`), Buffer.alloc(300)]);

describe('a photo is taken in', () => {
  test.each(['jpeg', 'png', 'webp'] as const)('from %s by its content, whatever it was called', async (format) => {
    const photo = await intakePhoto(await noise(300, 240)[format]().toBuffer());
    const { format: kept, width, height, space } = await sharp(photo.bytes).metadata();
    expect({ kept, width, height, space }).toEqual({ kept: 'jpeg', width: 300, height: 240, space: 'srgb' });
    expect(photo).toEqual({ bytes: photo.bytes, width: 300, height: 240, sha256: sha256(photo.bytes) });
  });

  test('without EXIF, place, profile or comment, and upright', async () => {
    const red = { create: { width: 400, height: 50, channels: 3, background: 'red' } } as const;
    const lying = await noise(400, 300)
      .composite([{ input: red, gravity: 'north' }])
      .withExif({
        IFD0: { Make: 'Telltale', ImageDescription: 'somebody' },
        IFD3: {
          GPSLatitudeRef: 'N',
          GPSLatitude: '25/1 17/1 15/1',
          GPSLongitudeRef: 'E',
          GPSLongitude: '51/1 31/1 0/1',
        },
      })
      .withXmp('<x:xmpmeta xmlns:x="adobe:ns:meta/"><home>25.2875</home></x:xmpmeta>')
      .withIccProfile('p3')
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    const before = await sharp(lying).metadata();
    expect([before.orientation, before.exif?.includes('Telltale')]).toEqual([6, true]);

    const photo = await intakePhoto(lying);
    const { exif, xmp, iptc, icc, orientation, comments, width, height } = await sharp(photo.bytes).metadata();
    expect({ exif, xmp, iptc, icc, orientation, comments }).toEqual({});
    expect({ width, height }).toEqual({ width: 300, height: 400 });
    for (const trace of ['Exif', 'Telltale', 'somebody', 'adobe', 'GPS'])
      expect(photo.bytes.includes(trace)).toBe(false);
    // Turned by a quarter to the right, the red edge on top has become the right edge.
    const edge = await sharp(photo.bytes).extract({ left: 280, top: 200, width: 1, height: 1 }).raw().toBuffer();
    expect(edge[0]).toBeGreaterThan(200);
    expect(edge[1]).toBeLessThan(60);
  });

  test('from print colours, greys, sixteen bits and transparency, as three-channel sRGB', async () => {
    const odd = [
      await noise(300, 300).toColourspace('cmyk').jpeg().toBuffer(),
      await noise(300, 300).greyscale().toColourspace('b-w').jpeg().toBuffer(),
      await noise(300, 300).toColourspace('rgb16').png().toBuffer(),
      await noise(300, 300).ensureAlpha(0.2).webp().toBuffer(),
    ];
    for (const bytes of odd) {
      const { space, channels, depth } = await sharp((await intakePhoto(bytes)).bytes).metadata();
      expect({ space, channels, depth }).toEqual({ space: 'srgb', channels: 3, depth: 'uchar' });
    }
  });

  test('at no more than 4096 pixels on the long side, in its own shape', async () => {
    const large = { create: { width: 6000, height: 3000, channels: 3, background: 'teal' } } as const;
    const { width, height } = await intakePhoto(await sharp(large).jpeg().toBuffer());
    expect({ width, height }).toEqual({ width: 4096, height: 2048 });
  });

  test('to the same bytes every time', async () => {
    const bytes = await noise(500, 400).png().toBuffer();
    expect((await intakePhoto(bytes)).sha256).toBe((await intakePhoto(bytes)).sha256);
  });
});

describe('a photo is refused, with what to do about it,', () => {
  test.each(['heic', 'heix', 'mif1', 'msf1'])('when it is HEIC (%s)', async (brand) => {
    const refusal = await refusalOf(box(brand));
    expect(refusal?.code).toBe('photo_heic');
    expect(refusal?.detail).toContain('Settings > Camera > Formats > Most Compatible');
  });

  test('when it is something else, also under a picture’s name', async () => {
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('photo.jpg'),
      Buffer.from('%PDF-1.7\n%'),
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="300" height="300"/>'),
      await noise(300, 300).tiff().toBuffer(),
      await noise(300, 300).avif({ effort: 0 }).toBuffer(),
    ]) {
      expect((await refusalOf(bytes))?.code).toBe('photo_not_supported');
    }
  });

  test('when it has more than 15 MB', async () => {
    const refusal = await refusalOf(
      Buffer.concat([await noise(300, 300).jpeg().toBuffer(), Buffer.alloc(MAX_PHOTO_BYTES)]),
    );
    expect(refusal?.code).toBe('photo_too_large');
  });

  test('when it would unpack to more than 50 million pixels, before it is unpacked', async () => {
    const bomb = { create: { width: 8000, height: 6400, channels: 3, background: 'black' } } as const;
    const bytes = await sharp(bomb).png().toBuffer();
    expect(bytes.length).toBeLessThan(1_000_000);
    expect((await refusalOf(bytes))?.code).toBe('photo_too_many_pixels');
    // A header that promises 900 million pixels, with nothing behind it.
    const promise = Buffer.from(bytes.subarray(0, 200));
    promise.writeUInt32BE(30_000, 16);
    promise.writeUInt32BE(30_000, 20);
    expect(['photo_too_many_pixels', 'photo_unreadable']).toContain((await refusalOf(promise))?.code);
    // The picture is large to make, though not to refuse.
  }, 30_000);

  test('when its short side is under 200 pixels', async () => {
    const refusal = await refusalOf(await noise(900, 199).jpeg().toBuffer());
    expect(refusal?.code).toBe('photo_too_small');
    expect(refusal?.detail).toContain('900 x 199');
  });

  test('when it moves', async () => {
    const frames = await Promise.all([1, 2].map(() => noise(300, 300).png().toBuffer()));
    const film = sharp(frames, { join: { animated: true } });
    expect((await refusalOf(await film.clone().webp().toBuffer()))?.code).toBe('photo_animated');
    expect((await refusalOf(await film.clone().gif().toBuffer()))?.code).toBe('photo_animated');
    const still = sharp({ create: { width: 300, height: 300, channels: 3, background: 'red' } });
    expect((await refusalOf(await still.gif().toBuffer()))?.code).toBe('photo_not_supported');
  });

  test.each(['jpeg', 'png', 'webp'] as const)('when a %s did not arrive whole', async (format) => {
    const bytes = await noise(400, 300)[format]().toBuffer();
    for (const share of [0.1, 0.5, 0.97]) {
      const code = (await refusalOf(bytes.subarray(0, Math.floor(bytes.length * share))))?.code;
      expect(code).toBe('photo_unreadable');
    }
  });
});

test('whatever is wrong inside a file, it ends in a clean photo or a refusal', async () => {
  const originals = await Promise.all([noise(220, 220).jpeg().toBuffer(), noise(220, 220).png().toBuffer()]);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...originals),
      fc.array(fc.tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
        minLength: 1,
      }),
      async (original, changes) => {
        const bytes = Buffer.from(original);
        for (const [place, value] of changes) bytes[Math.floor(place * bytes.length)] = value;
        if ((await refusalOf(bytes)) !== undefined) return;
        const photo = await intakePhoto(bytes);
        const { format, width, height } = await sharp(photo.bytes).metadata();
        expect({ format, width, height }).toEqual({ format: 'jpeg', width: photo.width, height: photo.height });
      },
    ),
    { numRuns: 60 },
  );
}, 60_000);
