/** A box of degrees that the places of a jurisdiction lie in. `west` is greater than `east` where it crosses the 180th meridian. */
export interface Bounds {
  readonly south: number;
  readonly west: number;
  readonly north: number;
  readonly east: number;
}

/** Whether a place lies within bounds, or on their edge. */
export function isWithin(
  { south, west, north, east }: Bounds,
  { latitude, longitude }: { readonly latitude: number; readonly longitude: number },
): boolean {
  if (latitude < south || latitude > north) return false;
  return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east;
}
