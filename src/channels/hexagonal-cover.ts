/** A point of the plane. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Discs of one radius that together cover a disc round the origin. */
export interface Cover {
  readonly centres: readonly Point[];
  readonly radius: number;
}

const SQRT3 = Math.sqrt(3);

/** Rounding makes two distances differ that are the same. */
const ALIKE = 1e-9;

/** Where the origin may lie in a honeycomb whose cells have corners at a distance of 1: in the middle of a cell, of an edge, or on a corner. */
const ORIGINS: readonly Point[] = [
  { x: 0, y: 0 },
  { x: SQRT3 / 2, y: 0 },
  { x: SQRT3 / 2, y: 1 / 2 },
];

interface Cell {
  readonly centre: Point;
  /** Up to which radius a disc round the origin is covered without this cell. */
  readonly neededFrom: number;
}

/**
 * Covers a disc with few discs no larger than `largest`. Discs round the cells of a honeycomb cover the plane; those are taken whose cell
 * has the origin or a corner within the disc, and shrunk as far as they still suffice. (No others are needed: a disc larger than those of
 * the cells that has no corner of a cell within reaches only so far over an edge as the disc beyond that edge covers.)
 * @param radius of the disc to be covered, larger than 0, in the unit of `largest`
 */
export function coverDisc(radius: number, largest: number): Cover {
  if (radius <= largest) return { centres: [{ x: 0, y: 0 }], radius };
  const covers = ORIGINS.map((origin) => coverFrom(origin, radius, largest));
  return covers.reduce((best, cover) => (cover.centres.length < best.centres.length ? cover : best));
}

function coverFrom(origin: Point, radius: number, largest: number): Cover {
  const reach = radius / largest;
  const cells = honeycomb(origin, reach + 4);
  const taken = cells
    .filter(({ neededFrom }) => neededFrom < reach - ALIKE)
    .sort((a, b) => Math.hypot(a.centre.x, a.centre.y) - Math.hypot(b.centre.x, b.centre.y));
  const enough = Math.min(...cells.filter((cell) => !taken.includes(cell)).map(({ neededFrom }) => neededFrom));
  const scale = radius / enough;
  return { centres: taken.map(({ centre: { x, y } }) => ({ x: x * scale, y: y * scale })), radius: scale };
}

/** The cells of the honeycomb round an origin, at least those that a disc of this radius touches. */
function honeycomb(origin: Point, reach: number): Cell[] {
  const rings = Math.ceil(reach);
  const steps = Array.from({ length: 2 * rings + 1 }, (_, index) => index - rings);
  return steps.flatMap((i) =>
    steps.map((j) => {
      const centre = { x: SQRT3 * (i + j / 2) - origin.x, y: 1.5 * j - origin.y };
      return { centre, neededFrom: neededFrom(centre) };
    }),
  );
}

function neededFrom({ x, y }: Point): number {
  if (Math.hypot(x, y) <= 1 + ALIKE) return 0;
  const corners = [30, 90, 150, 210, 270, 330].map((degrees) => (degrees * Math.PI) / 180);
  return Math.min(...corners.map((angle) => Math.hypot(x + Math.cos(angle), y + Math.sin(angle))));
}
