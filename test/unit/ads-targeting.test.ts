import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import geodesic from 'geographiclib-geodesic';
import { adsTargeting, LARGEST_CIRCLE_KM, MOST_CIRCLES } from '../../src/channels/ads-targeting.js';
import { type Coordinates, MAX_RADIUS_KM, MIN_RADIUS_KM } from '../../src/domain/area.js';

const { WGS84 } = geodesic.Geodesic;

const DOHA = { latitude: 25.2854, longitude: 51.531 };

function distanceKm(a: Coordinates, b: Coordinates): number {
  return (WGS84.Inverse(a.latitude, a.longitude, b.latitude, b.longitude).s12 ?? Number.NaN) / 1_000;
}

function at(centre: Coordinates, azimuth: number, km: number): Coordinates {
  const { lat2, lon2 } = WGS84.Direct(centre.latitude, centre.longitude, azimuth, km * 1_000);
  return { latitude: lat2 ?? Number.NaN, longitude: lon2 ?? Number.NaN };
}

const double = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

const centre: fc.Arbitrary<Coordinates> = fc.record({
  latitude: fc.oneof(double(-90, 90), double(89, 90), double(-90, -89), fc.constantFrom(-90, 0, 90)),
  longitude: fc.oneof(double(-180, 180), double(179, 180), double(-180, -179), fc.constantFrom(-180, 0, 180)),
});
const radiusKm = fc.oneof(
  double(MIN_RADIUS_KM, MAX_RADIUS_KM),
  fc.integer({ min: MIN_RADIUS_KM, max: MAX_RADIUS_KM }),
  // Where as many circles as before are just enough.
  fc.constantFrom(80, 105.83, 138.56, 160, 211.66, 288.44),
);
/** A point of the disc by direction and share of the radius, as often on its rim as within. */
const point = fc.record({
  azimuth: fc.oneof(
    double(0, 360),
    fc.integer({ min: 0, max: 12 }).map((step) => step * 30),
  ),
  share: fc.oneof(fc.constant(1), fc.constant(0.5), double(0, 1).map(Math.sqrt)),
});

describe('the circles of an ad', () => {
  it('cover the disc wherever it lies: every point of it is within one of them', () => {
    fc.assert(
      fc.property(centre, radiusKm, fc.array(point, { minLength: 20, maxLength: 40 }), (middle, radius, points) => {
        const circles = adsTargeting(middle, radius).geo_locations.custom_locations;
        for (const { azimuth, share } of points) {
          const there = at(middle, azimuth, radius * share);
          // What is left over is the rounding of the coordinates.
          const left = Math.min(...circles.map((circle) => distanceKm(circle, there) - circle.radius));
          expect(left).toBeLessThanOrEqual(0.0002);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep to what the Marketing API takes, in kilometres and never in miles', () => {
    fc.assert(
      fc.property(centre, radiusKm, (middle, radius) => {
        const circles = adsTargeting(middle, radius).geo_locations.custom_locations;
        expect(circles.length).toBeLessThanOrEqual(MOST_CIRCLES);
        for (const circle of circles) {
          expect(circle.radius).toBeGreaterThanOrEqual(1);
          expect(circle.radius).toBeLessThanOrEqual(LARGEST_CIRCLE_KM);
          expect(circle.distance_unit).toBe('kilometer');
          expect(Math.abs(circle.latitude)).toBeLessThanOrEqual(90);
          expect(Math.abs(circle.longitude)).toBeLessThanOrEqual(180);
        }
      }),
    );
  });

  it('of 160 km are seven of 80 km: one in the centre and six at 80·√3 km, 60° apart', () => {
    const circles = adsTargeting(DOHA, 160).geo_locations.custom_locations;
    expect(circles.map(({ radius }) => radius)).toEqual(Array.from({ length: 7 }, () => 80));
    const [middle, ...ring] = [...circles].sort((a, b) => distanceKm(DOHA, a) - distanceKm(DOHA, b));
    expect(middle).toMatchObject(DOHA);
    for (const circle of ring) expect(distanceKm(DOHA, circle)).toBeCloseTo(80 * Math.sqrt(3), 2);
    const azimuths = ring
      .map(({ latitude, longitude }) => WGS84.Inverse(DOHA.latitude, DOHA.longitude, latitude, longitude).azi1)
      .map((azimuth = Number.NaN) => Math.round(azimuth + 360) % 360)
      .sort((a, b) => a - b);
    expect(azimuths.map((azimuth) => azimuth - (azimuths[0] ?? 0))).toEqual([0, 60, 120, 180, 240, 300]);
  });

  it.each([
    [1, 1],
    [80, 1],
    [81, 4],
    [106, 6],
    [139, 7],
    [160, 7],
    [161, 10],
    [500, 61],
  ])('of %d km are no more than %d', (radius, count) => {
    expect(adsTargeting(DOHA, radius).geo_locations.custom_locations.length).toBeLessThanOrEqual(count);
  });

  it('reach no further beyond the disc than a circle is wide', () => {
    fc.assert(
      fc.property(centre, radiusKm, (middle, radius) => {
        for (const circle of adsTargeting(middle, radius).geo_locations.custom_locations) {
          expect(distanceKm(middle, circle)).toBeLessThanOrEqual(radius + circle.radius);
        }
      }),
    );
  });
});
