import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cellsAround, type Disc } from '../../src/store/place-cells.js';

const degrees = (most: number): fc.Arbitrary<number> =>
  fc.oneof(
    fc.double({ min: -most, max: most, noNaN: true }),
    fc.constantFrom(-most, most, 0, most - 0.001, 0.001 - most, 0.25, -0.03125),
  );
const anywhere = fc.record({ latitude: degrees(90), longitude: degrees(180) });
const withinKm = fc.oneof(fc.double({ min: 0.1, max: 500, noNaN: true }), fc.constantFrom(0.1, 3.5, 28, 223, 500));
const radians = (value: number): number => (value * Math.PI) / 180;

/** Where one gets to from a place, in a direction, after a distance: on the sphere that `distance_km` reckons with. */
function after({ centre, withinKm: most }: Disc, direction: number, part: number): Disc['centre'] {
  const [latitude, longitude, angle] = [radians(centre.latitude), radians(centre.longitude), (most * part) / 6371.0088];
  const sine = Math.sin(latitude) * Math.cos(angle) + Math.cos(latitude) * Math.sin(angle) * Math.cos(direction);
  const east = Math.atan2(
    Math.sin(direction) * Math.sin(angle) * Math.cos(latitude),
    Math.cos(angle) - Math.sin(latitude) * sine,
  );
  const degreesEast = ((longitude + east) * 180) / Math.PI;
  return {
    latitude: (Math.asin(Math.max(-1, Math.min(1, sine))) * 180) / Math.PI,
    longitude: ((((degreesEast + 180) % 360) + 360) % 360) - 180,
  };
}

/** As the database's `place_cell`. */
function cellOf({ latitude, longitude }: Disc['centre'], side: number): number {
  const count = 360 / side;
  return Math.floor((latitude + 90) / side) * count + (Math.floor((longitude + 180) / side) % count);
}

test('every place within the distance lies in one of the squares, at the poles and across the antimeridian too', () => {
  fc.assert(
    fc.property(
      fc.record({ centre: anywhere, withinKm }),
      fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
      fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true })),
      (disc, direction, part) => {
        const { degrees: side, cells } = cellsAround(disc);
        expect(cells).toContain(cellOf(after(disc, direction, part), side));
      },
    ),
    { numRuns: 2_000 },
  );
});

test('no square is looked into twice, and there are never more than some thousand', () => {
  fc.assert(
    fc.property(fc.record({ centre: anywhere, withinKm }), (disc) => {
      const { cells } = cellsAround(disc);
      expect(new Set(cells).size).toBe(cells.length);
      expect(cells.length).toBeLessThanOrEqual(1_500);
    }),
    { numRuns: 1_000 },
  );
});

test('squares are no larger than the distance, where there are such', () => {
  const doha = { latitude: 25.28, longitude: 51.53 };
  const sides = [1, 4, 27, 30, 200, 230, 500].map((km) => cellsAround({ centre: doha, withinKm: km }).degrees);
  expect(sides).toEqual([0.03125, 0.03125, 0.03125, 0.25, 0.25, 2, 2]);
});
