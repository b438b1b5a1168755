import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { countryOf } from '../../src/simulator/phone/country.js';
import { distanceKm, NAMED_PLACES } from '../../src/simulator/phone/place.js';
import { reachOf } from '../../src/simulator/phone/reach.js';
import { addressIn, viewOf } from '../../src/simulator/phone/view.js';
import { kilometres, timeAgo } from '../../src/simulator/phone/words.js';

const at = (latitude: number, longitude: number) => countryOf({ latitude, longitude });

describe('the country that a place is in', () => {
  test.each([
    ['Souq Waqif', 25.2867, 51.5333, 'QA'],
    ['the end of the corniche, on new land', 25.3726, 51.5513, 'QA'],
    ['Abu Samra, the Qatari side of the border post', 24.7466, 50.8442, 'QA'],
    ['Salwa, its Saudi side', 24.72, 50.75, 'SA'],
    ['Khor Al Udaid, on the Qatari shore', 24.62, 51.33, 'QA'],
    ['Zubarah, across the water from Bahrain', 25.978, 51.03, 'QA'],
    ['the Hawar Islands, which are Bahrain’s and lie off Qatar', 25.65, 50.77, 'BH'],
    ['Manama', 26.2235, 50.5876, 'BH'],
    ['the causeway, on its Bahraini half', 26.2, 50.35, 'BH'],
    ['Khobar, at its other end', 26.2172, 50.1971, 'SA'],
    ['Kuwait City', 29.3759, 47.9774, 'KW'],
    ['Dubai, on an island that was made', 25.1124, 55.139, 'AE'],
    ['Musandam, which is Oman’s', 26.18, 56.25, 'OM'],
    ['Monaco', 43.7384, 7.4246, 'MC'],
    ['Vatican City', 41.9029, 12.4534, 'VA'],
    ['Singapore', 1.3521, 103.8198, 'SG'],
  ])('%s', (_, latitude, longitude, country) => {
    expect(at(latitude, longitude)).toBe(country);
  });

  test('at sea is none', () => {
    expect(at(26.5, 52.5)).toBeUndefined();
    expect(at(40, -40)).toBeUndefined();
  });

  test('every place of the world can be asked for', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -90, max: 90, noNaN: true }),
        fc.double({ min: -180, max: 180, noNaN: true }),
        (latitude, longitude) => {
          expect(at(latitude, longitude) ?? 'ZZ').toMatch(/^[A-Z]{2}$/);
        },
      ),
    );
  });
});

test('distances agree with the ellipsoid to half a per cent', () => {
  const [doha, , , , , , manama, , , riyadh, , london] = NAMED_PLACES;
  // By Karney's method on WGS 84.
  const known = [
    { to: manama, km: 140.61 },
    { to: riyadh, km: 494.48 },
    { to: london, km: 5219.54 },
  ];
  for (const { to, km } of known) expect(Math.abs(distanceKm(doha, to) / km - 1)).toBeLessThan(0.005);
});

test('a post goes to its countries, whatever else it names; keys alone cannot be placed; none is everyone', () => {
  expect(reachOf({ geo_locations: { countries: ['QA'], cities: [{ key: '777' }] } })).toEqual({
    kind: 'countries',
    countries: ['QA'],
  });
  expect(reachOf({ geo_locations: { cities: [{ key: '777' }] } })).toEqual({ kind: 'unknown' });
  for (const targeting of [
    undefined,
    {},
    { geo_locations: {} },
    { geo_locations: { countries: [] } },
    { age_min: 18 },
  ]) {
    expect(reachOf(targeting)).toEqual({ kind: 'everyone' });
  }
});

test('what cannot be read of an address falls back to Doha, 160 km and English', () => {
  const usual = viewOf({});
  expect(usual).toMatchObject({ language: 'en', named: { key: 'doha' }, country: 'QA', area: { radiusKm: 160 } });
  for (const query of [
    { place: 'nowhere' },
    { place: 'other' },
    { place: 'other', lat: '', lon: '' },
    { place: 'other', lat: '91', lon: '0' },
    { lang: ['ar', 'en'], place: ['a'], lat: { a: '1' }, radius: 'wide', areaLat: '', areaLon: 'x' },
    { radius: '-5' },
  ]) {
    expect(viewOf(query)).toEqual(usual);
  }
});

test('the address in the other language is of the same place and area', () => {
  const there = viewOf({ place: 'other', lat: '24.75', lon: '50.8', areaLat: '25', areaLon: '51', radius: '50' });
  const { searchParams } = new URL(addressIn('ar', there), 'http://simulator');
  expect(viewOf(Object.fromEntries(searchParams))).toEqual({ ...there, language: 'ar' });
});

test('inside and outside the area are told by the distance from its middle', () => {
  const radius = (km: number) => viewOf({ place: 'manama', radius: String(km) }).insideArea;
  expect([radius(140), radius(142)]).toEqual([false, true]);
});

test('time ago is in the greatest unit that fits, in Latin digits', () => {
  const now = Date.parse('2026-11-24T12:00:00Z');
  const ago = (at: string) => [timeAgo(at, now, 'en'), timeAgo(at, now, 'ar')];
  expect(ago('2026-11-24T11:59:01Z')).toEqual(['Just now', 'الآن']);
  expect(ago('2026-11-24T11:59:00Z')).toEqual(['1 min ago', expect.stringContaining('دقيقة')]);
  expect(ago('2026-11-24T09:00:01Z')).toEqual(['2 hr ago', expect.stringContaining('ساعت')]);
  expect(ago('2026-11-12T12:00:00Z')).toEqual(['12 days ago', expect.stringContaining('12')]);
  expect(kilometres(1234.5, 'ar')).toBe(kilometres(1234.5, 'en'));
});
