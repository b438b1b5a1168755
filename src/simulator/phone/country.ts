import { iso1A2Code } from '@rapideditor/country-coder';
import type { Place } from './place.js';

/**
 * The country that a place is in, by its two letters; undefined at sea and where nobody's land is.
 * Borders on land are those of OpenStreetMap, made a little simpler; coasts are drawn some kilometres out to sea, so that a harbour is in its
 * country. Islands far from their coast may be in none.
 */
export function countryOf({ latitude, longitude }: Place): string | undefined {
  return iso1A2Code([longitude, latitude]) ?? undefined;
}
