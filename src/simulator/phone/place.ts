import { geoDistance } from 'd3-geo';

/** A point on the earth, in degrees. */
export interface Place {
  readonly latitude: number;
  readonly longitude: number;
}

/** The area that a case asks for. Meta is never told of it: an organic post can be aimed at countries only. */
export interface Area {
  readonly centre: Place;
  readonly radiusKm: number;
}

/** In kilometres: the mean radius, which is good to half a per cent. */
const EARTH_RADIUS_KM = 6371.0088;

/** The way between two places, on a sphere, in kilometres. */
export function distanceKm(from: Place, to: Place): number {
  return geoDistance([from.longitude, from.latitude], [to.longitude, to.latitude]) * EARTH_RADIUS_KM;
}

/** Places that one may want to stand at: in Qatar, across its borders, and far away. */
export const NAMED_PLACES = [
  { key: 'doha', latitude: 25.2867, longitude: 51.5333, name: { ar: 'الدوحة', en: 'Doha' } },
  { key: 'al-wakrah', latitude: 25.1659, longitude: 51.5976, name: { ar: 'الوكرة', en: 'Al Wakrah' } },
  { key: 'al-khor', latitude: 25.6804, longitude: 51.4969, name: { ar: 'الخور', en: 'Al Khor' } },
  { key: 'dukhan', latitude: 25.4247, longitude: 50.7823, name: { ar: 'دخان', en: 'Dukhan' } },
  { key: 'abu-samra', latitude: 24.7466, longitude: 50.8442, name: { ar: 'أبو سمرة', en: 'Abu Samra' } },
  { key: 'al-ruwais', latitude: 26.1396, longitude: 51.2045, name: { ar: 'الرويس', en: 'Al Ruwais' } },
  { key: 'manama', latitude: 26.2235, longitude: 50.5876, name: { ar: 'المنامة', en: 'Manama' } },
  { key: 'al-hofuf', latitude: 25.3647, longitude: 49.5876, name: { ar: 'الهفوف', en: 'Al Hofuf' } },
  { key: 'dubai', latitude: 25.2048, longitude: 55.2708, name: { ar: 'دبي', en: 'Dubai' } },
  { key: 'riyadh', latitude: 24.7136, longitude: 46.6753, name: { ar: 'الرياض', en: 'Riyadh' } },
  { key: 'kuwait', latitude: 29.3759, longitude: 47.9774, name: { ar: 'مدينة الكويت', en: 'Kuwait City' } },
  { key: 'london', latitude: 51.5072, longitude: -0.1276, name: { ar: 'لندن', en: 'London' } },
] as const satisfies readonly (Place & { key: string; name: { ar: string; en: string } })[];

export type NamedPlace = (typeof NAMED_PLACES)[number];
