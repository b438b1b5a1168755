import { z } from 'zod';
import { countryOf } from './country.js';
import { NAMED_PLACES, distanceKm, type Area, type NamedPlace, type Place } from './place.js';

export type Language = 'ar' | 'en';

/** Who looks at the phone: where they stand, in which language, and what area the case has asked for. */
export interface View {
  readonly language: Language;
  readonly place: Place;
  /** Undefined when the coordinates were given. */
  readonly named: NamedPlace | undefined;
  readonly country: string | undefined;
  readonly area: Area;
  /** From the middle of the area to the place. */
  readonly distanceKm: number;
  readonly insideArea: boolean;
}

/** The middle of Doha, and the radius of an alert at the start. */
const USUAL_AREA: Area = { centre: { latitude: 25.2867, longitude: 51.5333 }, radiusKm: 160 };

/** What cannot be read falls back to what is usual: somebody is still typing. */
const querySchema = z.object({
  lang: z.enum(['ar', 'en']).catch('en'),
  place: z.string().catch(NAMED_PLACES[0].key),
  lat: latitude().optional().catch(undefined),
  lon: longitude().optional().catch(undefined),
  areaLat: latitude().catch(USUAL_AREA.centre.latitude),
  areaLon: longitude().catch(USUAL_AREA.centre.longitude),
  radius: number(0.1, 20_000).catch(USUAL_AREA.radiusKm),
});

/**
 * Reads an address's query: `lang`, `place` (a named one, or `other` with `lat` and `lon`), and the area by `areaLat`, `areaLon` and
 * `radius` in km.
 */
export function viewOf(query: unknown): View {
  const { lang, place: key, lat, lon, areaLat, areaLon, radius } = querySchema.parse(query);
  const free =
    key === 'other' && lat !== undefined && lon !== undefined ? { latitude: lat, longitude: lon } : undefined;
  const named = free === undefined ? (NAMED_PLACES.find((known) => known.key === key) ?? NAMED_PLACES[0]) : undefined;
  const place = free ?? named ?? NAMED_PLACES[0];
  const area = { centre: { latitude: areaLat, longitude: areaLon }, radiusKm: radius };
  const away = distanceKm(area.centre, place);
  return {
    language: lang,
    place,
    named,
    country: countryOf(place),
    area,
    distanceKm: away,
    insideArea: away <= area.radiusKm,
  };
}

function latitude(): z.ZodType<number> {
  return number(-90, 90);
}

function longitude(): z.ZodType<number> {
  return number(-180, 180);
}

/** A number as it is typed. Nothing typed is no number: `Number('')` would be 0, which is a place. */
function number(least: number, greatest: number): z.ZodType<number> {
  return z.string().regex(/\d/).transform(Number).pipe(z.number().min(least).max(greatest));
}

/** The address of the same view in another language. */
export function addressIn(language: Language, { place, named, area }: View): string {
  const query = new URLSearchParams({
    lang: language,
    place: named?.key ?? 'other',
    lat: String(place.latitude),
    lon: String(place.longitude),
    radius: String(area.radiusKm),
    areaLat: String(area.centre.latitude),
    areaLon: String(area.centre.longitude),
  });
  return `/phone?${query.toString()}`;
}
