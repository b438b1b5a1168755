import type { Coordinates } from '../domain/area.js';

/** Everything within a distance of a place. */
export interface Disc {
  readonly centre: Coordinates;
  readonly withinKm: number;
}

/** The squares of one grid that cover a disc. */
export interface Cells {
  /** The side of a square, in degrees. */
  readonly degrees: number;
  /** As `place_cell` in the database numbers them. */
  readonly cells: readonly number[];
}

/** The mean radius of the earth, in kilometres; `distance_km` in the database reckons with the same. */
const EARTH_RADIUS_KM = 6371.0088;
const KM_A_DEGREE = radians(EARTH_RADIUS_KM);

/** The sides of the grids' squares, in degrees, as they are indexed. Binary fractions, so that both sides reckon alike. */
const GRIDS = [0.03125, 0.25, 2] as const;

/** A disc that takes more squares than this of one grid is covered by a larger one. */
const MOST_CELLS = 1_000;

/**
 * Covers a disc with squares no larger than its radius, where there are such and they are not too many: few enough to look into each,
 * small enough that much of what lies in them lies in the disc. Across the antimeridian and over a pole too.
 */
export function cellsAround(disc: Disc): Cells {
  const [small, middle, large] = GRIDS.map((degrees) => squaresOf(degrees, disc)) as [Squares, Squares, Squares];
  const enough = [small, middle].filter(({ rows, columns }) => rows.length * columns.length <= MOST_CELLS);
  const noLarger = [...enough, large].filter(({ degrees }) => degrees * KM_A_DEGREE <= disc.withinKm);
  const { degrees, rows, columns } = noLarger.at(-1) ?? enough[0] ?? large;
  return { degrees, cells: rows.flatMap((row) => columns.map((column) => row * (360 / degrees) + column)) };
}

interface Squares {
  readonly degrees: number;
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

function squaresOf(degrees: number, { centre: { latitude, longitude }, withinKm }: Disc): Squares {
  // A touch more, so that rounding on either side leaves nothing out.
  const radius = (withinKm / KM_A_DEGREE) * (1 + 1e-9) + 1e-9;
  const halfWidth = halfWidthOf(latitude, radius);
  const count = 360 / degrees;
  const row = (at: number): number => Math.floor((Math.max(-90, Math.min(90, at)) + 90) / degrees);
  const column = (at: number): number => Math.floor((at + 180) / degrees);
  const west = column(longitude - halfWidth);
  const east = Math.min(column(longitude + halfWidth), west + count - 1);
  return {
    degrees,
    rows: range(row(latitude - radius), row(latitude + radius)),
    columns: range(west, east).map((at) => ((at % count) + count) % count),
  };
}

/** How far a disc reaches to the east and to the west of its centre, in degrees of longitude: all the way round when it holds a pole. */
function halfWidthOf(latitude: number, radius: number): number {
  if (Math.abs(latitude) + radius >= 90) return 180;
  const ratio = Math.sin(radians(radius)) / Math.cos(radians(latitude));
  return (Math.asin(Math.min(1, ratio)) * 180) / Math.PI + 1e-9;
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}
