import geodesic from 'geographiclib-geodesic';
import type { Coordinates } from '../domain/area.js';
import { coverDisc } from './hexagonal-cover.js';

/** The Marketing API takes circles of 1 to 80 km, at most 200 of them. */
export const LARGEST_CIRCLE_KM = 80;
export const MOST_CIRCLES = 200;

/** Adults, which is also what the Marketing API takes when nothing is said. */
const AGE_MIN = 18;

/** Where there is room for it: Meta does not say by which model of the Earth it measures. */
const ROOM = 1.001;

/** An entry of `custom_locations`. Without its unit the radius would be taken for miles. */
export interface AdsCircle {
  readonly latitude: number;
  readonly longitude: number;
  readonly radius: number;
  readonly distance_unit: 'kilometer';
}

/** `targeting` of an ad set of the Marketing API. */
export interface AdsTargeting {
  readonly geo_locations: { readonly custom_locations: readonly AdsCircle[] };
  readonly age_min: number;
}

/**
 * Whom an ad is shown to that is to reach everybody within a radius: the circles that cover the disc, few as they may be, on the WGS 84
 * ellipsoid. They are laid out in the plane and carried over by distance and direction from the centre. On a surface that is curved
 * like the Earth's two ways that part at an angle end closer together than in the plane, so what covers there covers here.
 * @param radiusKm 1 to 500
 */
export function adsTargeting(centre: Coordinates, radiusKm: number): AdsTargeting {
  const { centres, radius } = coverDisc(radiusKm, LARGEST_CIRCLE_KM);
  const isTheDisc = centres.length === 1;
  const circleKm = isTheDisc ? radius : Math.min(LARGEST_CIRCLE_KM, Math.ceil(radius * ROOM * 1_000) / 1_000);
  const circles = centres.map(({ x, y }): AdsCircle => {
    const azimuth = (Math.atan2(x, y) * 180) / Math.PI;
    const { latitude, longitude } = centre;
    const there = geodesic.Geodesic.WGS84.Direct(latitude, longitude, azimuth, Math.hypot(x, y) * 1_000);
    return {
      latitude: microdegrees(there.lat2 ?? latitude),
      longitude: microdegrees(there.lon2 ?? longitude),
      radius: circleKm,
      distance_unit: 'kilometer',
    };
  });
  return { geo_locations: { custom_locations: circles }, age_min: AGE_MIN };
}

/** 0.1 m, which is finer than any of this. */
function microdegrees(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6;
}
