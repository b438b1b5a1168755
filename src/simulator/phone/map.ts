import { createRequire } from 'node:module';
import { iso1N3Code } from '@rapideditor/country-coder';
import {
  geoArea,
  geoBounds,
  geoCircle,
  geoMercator,
  geoPath,
  type GeoPermissibleObjects,
  type GeoProjection,
} from 'd3-geo';
import { feature } from 'topojson-client';
import { html, type Html } from '../../html.js';
import type { View } from './view.js';

const WIDTH = 360;
const HEIGHT = 300;
const MARGIN = 34;
const KM_PER_DEGREE = 111.195;
/** A place further away than this many radii is left off the map, or the area would be a dot. */
const FARTHEST_RADII = 6;
/** Mercator has no poles. */
const NORTHERNMOST = 80;

type Country = Extract<ReturnType<typeof feature>, { features: unknown }>['features'][number];

/** In degrees. */
interface Box {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

let countries: ReturnType<typeof readCountries> | undefined;

/**
 * A map of the area that was asked for, with the countries that are really reached, and where one stands.
 * Its attributes give the projection, so that a click can be turned into a place.
 * @param reached two-letter countries
 */
export function areaMap(view: View, reached: ReadonlySet<string>, label: string): Html {
  const { area, place } = view;
  const centre: [number, number] = [area.centre.longitude, area.centre.latitude];
  const circle = geoCircle()
    .center(centre)
    .radius(area.radiusKm / KM_PER_DEGREE)();
  const here: [number, number] = [place.longitude, place.latitude];
  const near = view.distanceKm < area.radiusKm * FARTHEST_RADII && Math.abs(place.latitude) < NORTHERNMOST;
  const projection = fittedTo(centre, near ? [...(circle.coordinates[0] ?? []), here] : (circle.coordinates[0] ?? []));
  const draw = geoPath(projection).digits(1);
  const path = (shape: GeoPermissibleObjects): string => draw(shape) ?? '';
  const shown = reachedIds(reached);
  const drawn = countriesOn(projection);
  const isReached = (id: string | number | undefined): boolean => id !== undefined && shown.has(Number(id));
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
    <path class="land" d="${path({ type: 'FeatureCollection', features: drawn.filter(({ id }) => !isReached(id)) })}" />
    <path
      class="reached"
      d="${path({ type: 'FeatureCollection', features: drawn.filter(({ id }) => isReached(id)) })}"
    />
    <path class="area" d="${path(circle)}" />
    ${near ? standing(x, y) : undefined}
  </svg>`;
}

function standing(x: number, y: number): Html {
  return html`<g class="here" transform="translate(${x.toFixed(1)} ${y.toFixed(1)})">
    <path d="M0 0C-5-8-9-11-9-16A9 9 0 1 1 9-16C9-11 5-8 0 0Z" />
    <circle cy="-16" r="3.5" />
  </g>`;
}

function fittedTo(centre: [number, number], points: [number, number][] | number[][]): GeoProjection {
  return geoMercator()
    .rotate([-centre[0], 0])
    .fitExtent(
      [
        [MARGIN, MARGIN],
        [WIDTH - MARGIN, HEIGHT - MARGIN],
      ],
      { type: 'MultiPoint', coordinates: points },
    )
    .clipExtent([
      [-1, -1],
      [WIDTH + 1, HEIGHT + 1],
    ]);
}

function reachedIds(codes: ReadonlySet<string>): Set<number> {
  return new Set([...codes].map((code) => Number(iso1N3Code(code))));
}

/** Those of which something may be seen: projecting the whole earth would take a second of the simulator's time. */
function countriesOn(projection: GeoProjection): readonly Country[] {
  countries ??= readCountries();
  const corner = (x: number, y: number): [number, number] => projection.invert?.([x, y]) ?? [0, 0];
  const [west, north] = corner(0, 0);
  const [east, south] = corner(WIDTH, HEIGHT);
  return countries
    .filter(({ box }) => box.south < north && box.north > south)
    .filter(({ box }) => west > east || (box.west < east && box.east > west))
    .map(({ country }) => country);
}

function readCountries(): { country: Country; box: Box }[] {
  const atlas = createRequire(import.meta.url)('world-atlas/countries-10m.json') as Parameters<typeof feature>[0];
  const shapes = atlas.objects.countries && feature(atlas, atlas.objects.countries);
  if (shapes === undefined || !('features' in shapes)) throw new Error('world-atlas holds no countries');
  return (
    shapes.features
      // Tiny islands that were rounded to nothing come out as the whole earth but themselves.
      .filter((country) => geoArea(country) < 2 * Math.PI)
      .map((country) => {
        const [[west, south], [east, north]] = geoBounds(country);
        // Over the date line the east is west of the west.
        return { country, box: west > east ? { west: -180, south, east: 180, north } : { west, south, east, north } };
      })
  );
}
