import { createRequire } from 'node:module';
import { iso1N3Code } from '@rapideditor/country-coder';
import { geoArea, geoCircle, geoMercator, geoPath, type GeoPermissibleObjects, type GeoProjection } from 'd3-geo';
import { feature } from 'topojson-client';
import { html, type Html } from '../../html.js';
import type { Area } from './place.js';
import type { View } from './view.js';

const WIDTH = 360;
const HEIGHT = 300;
const MARGIN = 34;
const KM_PER_DEGREE = 111.195;
/** A place further away than this many radii is left off the map, or the area would be a dot. */
const FARTHEST_RADII = 6;
/** Mercator has no poles. */
const NORTHERNMOST = 85;

/** One piece of land: a country may have many. */
interface Land {
  /** The country's number in ISO 3166-1. */
  readonly country: number;
  readonly shape: { readonly type: 'Polygon'; readonly coordinates: number[][][] };
  readonly box: Box;
}

/** In degrees. */
interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

let atlas: readonly Land[] | undefined;

/**
 * A map of the area that was asked for, with the countries that are really reached, and where one stands.
 * Its attributes give the projection, so that a click can be turned into a place.
 * @param reached two-letter countries
 * @param radii where the partner shows alerts
 */
export function areaMap(view: View, reached: ReadonlySet<string>, radii: readonly Area[], label: string): Html {
  const { area, place } = view;
  const centre: [number, number] = [area.centre.longitude, area.centre.latitude];
  const circle = circleOf(area);
  const here: [number, number] = [place.longitude, place.latitude];
  const near = view.distanceKm < area.radiusKm * FARTHEST_RADII && Math.abs(place.latitude) < NORTHERNMOST;
  const projection = fittedTo(centre, near ? [...(circle.coordinates[0] ?? []), here] : (circle.coordinates[0] ?? []));
  const draw = geoPath(projection).digits(1);
  const path = (shape: GeoPermissibleObjects): string => draw(shape) ?? '';
  const land = landOn(projection);
  const shown = reachedIds(reached);
  const pathOf = (pieces: readonly Land[]): string =>
    path({ type: 'GeometryCollection', geometries: pieces.map(({ shape }) => shape) });
  const [x = 0, y = 0] = projection(here) ?? [];
  const [tx, ty] = projection.translate();
  return html`<svg
    class="map"
    viewBox="0 0 ${WIDTH} ${HEIGHT}"
    role="img"
    aria-label="${label}"
    data-scale="${projection.scale()}"
    data-x="${tx}"
    data-y="${ty}"
    data-turn="${projection.rotate()[0]}"
  >
    <path class="land" d="${pathOf(land.filter(({ country }) => !shown.has(country)))}" />
    <path class="reached" d="${pathOf(land.filter(({ country }) => shown.has(country)))}" />
    ${radii.map((each) => html`<path class="radius" d="${path(circleOf(each))}" />`)}
    <path class="area" d="${path(circle)}" />
    ${near ? standing(x, y) : undefined}
  </svg>`;
}

function circleOf({ centre: { longitude, latitude }, radiusKm }: Area): ReturnType<ReturnType<typeof geoCircle>> {
  return geoCircle()
    .center([longitude, latitude])
    .radius(radiusKm / KM_PER_DEGREE)();
}

function standing(x: number, y: number): Html {
  return html`<g class="here" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">
    <path d="M0 0C-5-8-9-11-9-16A9 9 0 1 1 9-16C9-11 5-8 0 0Z" />
    <circle cy="-16" r="3.5" />
  </g>`;
}

function fittedTo(centre: [number, number], points: readonly number[][]): GeoProjection {
  return geoMercator()
    .rotate([-centre[0], 0])
    .fitExtent(
      [
        [MARGIN, MARGIN],
        [WIDTH - MARGIN, HEIGHT - MARGIN],
      ],
      { type: 'MultiPoint', coordinates: points.map(([longitude = 0, latitude = 0]) => [longitude, onMap(latitude)]) },
    )
    .clipExtent([
      [-1, -1],
      [WIDTH + 1, HEIGHT + 1],
    ]);
}

function onMap(latitude: number): number {
  return Math.max(-NORTHERNMOST, Math.min(NORTHERNMOST, latitude));
}

function reachedIds(codes: ReadonlySet<string>): Set<number> {
  return new Set([...codes].map((code) => Number(iso1N3Code(code))));
}

/** The land of which something may be seen: projecting the whole earth would take a second of the simulator's time. */
function landOn(projection: GeoProjection): readonly Land[] {
  atlas ??= readAtlas();
  const corner = (x: number, y: number): [number, number] => projection.invert?.([x, y]) ?? [0, 0];
  const [west, north] = corner(0, 0);
  const [east, south] = corner(WIDTH, HEIGHT);
  return (
    atlas
      .filter(({ box }) => box.south < north && box.north > south)
      .filter(({ box }) => west > east || (box.west < east && box.east > west))
      // An island that was rounded to nothing comes out as the whole earth but itself.
      .filter(({ shape }) => geoArea(shape) < 2 * Math.PI)
  );
}

function readAtlas(): Land[] {
  const world = createRequire(import.meta.url)('world-atlas/countries-10m.json') as Parameters<typeof feature>[0];
  const countries = world.objects.countries && feature(world, world.objects.countries);
  if (countries === undefined || !('features' in countries)) throw new Error('world-atlas holds no countries');
  return countries.features.flatMap(({ id, geometry }) =>
    polygonsOf(geometry).map((coordinates): Land => ({
      country: Number(id),
      shape: { type: 'Polygon', coordinates },
      box: boxOf(coordinates),
    })),
  );
}

function polygonsOf(geometry: { type: string; coordinates?: unknown }): number[][][][] {
  if (geometry.type === 'Polygon') return [geometry.coordinates as number[][][]];
  return geometry.type === 'MultiPolygon' ? (geometry.coordinates as number[][][][]) : [];
}

function boxOf([outline = []]: number[][][]): Box {
  const box = { west: 180, south: 90, east: -180, north: -90 };
  for (const [longitude = 0, latitude = 0] of outline) {
    box.west = Math.min(box.west, longitude);
    box.east = Math.max(box.east, longitude);
    box.south = Math.min(box.south, latitude);
    box.north = Math.max(box.north, latitude);
  }
  return box;
}
