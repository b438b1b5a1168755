import fc from 'fast-check';
import sharp, { type Sharp } from 'sharp';
import type { AreaPlan } from '../../src/domain/area.js';
import { RUN_KINDS, TIERS } from '../../src/domain/policy.js';
import { type LocalText, type PoliceOnly, type Report, SEXES } from '../../src/domain/report.js';
import { type IntakePhoto, intakePhoto } from '../../src/media/photo.js';
import { publicPart } from '../../src/media/public-report.js';
import type { PublicAlert } from '../../src/media/texts.js';

/** An invented report in which every field is given. */
export const FULL_REPORT: Report = {
  tier: 'amber',
  runKind: 'actual',
  jurisdiction: 'QA',
  child: {
    name: { ar: 'نور مثال', en: 'Noor Mithal' },
    age: { from: 8, to: 8 },
    sex: 'female',
    heightCm: 128,
    weightKg: 26,
    hair: { ar: 'بني', en: 'brown' },
    eyes: { ar: 'بنيتان', en: 'dark' },
    clothing: { ar: 'قبعة حمراء', en: 'red cap' },
  },
  lastSeen: {
    at: '2026-11-23T14:20:00Z',
    place: { ar: 'سوق واقف', en: 'Souq Waqif' },
    location: { latitude: 25.2875, longitude: 51.533 },
  },
  circumstances: { ar: 'كانت تلعب', en: 'She was playing' },
  suspect: { ar: 'رجل', en: 'a man' },
  vehicle: { description: { ar: 'سيارة بيضاء', en: 'white car' }, plate: '000 000' },
  policeOnly: { guardianContact: 'guardian-contact', legalBasis: 'legal-basis', notes: 'police-notes' },
};

export const AUTHORITY = {
  name: { ar: 'وزارة الداخلية', en: 'Ministry of Interior' },
  telephone: '+974 4444 0999',
};

export const AREA: AreaPlan = {
  centre: FULL_REPORT.lastSeen.location,
  radiusKm: 160,
  widening: [{ afterMs: 10_800_000, radiusKm: 300 }],
};

export const MARKER = 'MFQ-7K3D-92XQ/2';

export const PUBLIC_URL = 'https://alerts.example';
export const PAGE = `${PUBLIC_URL}/alerts/MFQ-7K3D-92XQ`;

/** An alert made of a report as the public is told it. */
export function anAlert(changes: Partial<Report> = {}): PublicAlert {
  return {
    report: publicPart({ ...FULL_REPORT, ...changes }),
    authority: AUTHORITY,
    timeZone: 'Asia/Qatar',
    marker: MARKER,
    pageUrl: PAGE,
  };
}

// What operators paste: other scripts, line breaks, controls, and every character that can turn a line round.
const text = fc.string({
  maxLength: 60,
  unit: fc.oneof(
    { weight: 6, arbitrary: letters('abc XYZ 0123456789 +-()/:.,؟،ابتثجحخ ١٢٣ \n\t') },
    { weight: 2, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
    {
      weight: 1,
      arbitrary: letters(
        '\u200B\u200C\u200D\uFEFF\u061C\u200E\u200F\u202A\u202B\u202C\u202D\u202E\u2066\u2067\u2068\u2069\u0000\uD800',
      ),
    },
  ),
});

function letters(among: string): fc.Arbitrary<string> {
  return fc.constantFrom(...Array.from(among));
}

const localText: fc.Arbitrary<LocalText> = fc.record({ ar: text, en: text });

/** Police-only values that cannot occur in a public text by chance. */
export const policeOnly: fc.Arbitrary<PoliceOnly> = fc.record(
  { guardianContact: fc.uuid(), legalBasis: fc.uuid(), notes: fc.uuid() },
  { requiredKeys: ['guardianContact', 'legalBasis'] },
);

/** Any report at all, valid or odd. */
export const anyReport: fc.Arbitrary<Report> = fc.record({
  tier: fc.constantFrom(...TIERS),
  runKind: fc.constantFrom(...RUN_KINDS),
  jurisdiction: fc.constant('QA'),
  child: fc.record(
    {
      name: localText,
      age: fc.tuple(fc.nat(17), fc.nat(17)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
      sex: fc.constantFrom(...SEXES),
      heightCm: fc.integer({ min: 30, max: 220 }),
      weightKg: fc.integer({ min: 2, max: 150 }),
      hair: localText,
      eyes: localText,
      clothing: localText,
    },
    { requiredKeys: ['name', 'age', 'sex'] },
  ),
  lastSeen: fc.record({
    at: fc
      .date({ min: new Date('2020-01-01'), max: new Date('2035-01-01'), noInvalidDate: true })
      .map((date) => date.toISOString()),
    place: localText,
    location: fc.constant(FULL_REPORT.lastSeen.location),
  }),
  circumstances: localText,
  suspect: fc.option(localText, { nil: undefined }),
  vehicle: fc.option(fc.record({ description: localText, plate: fc.option(text, { nil: undefined }) }), {
    nil: undefined,
  }),
  policeOnly,
});

/** A photo of any shape, drawn as noise: the hardest thing there is to compress. Sizes in pixels. */
export async function aPhoto(width: number, height: number): Promise<IntakePhoto> {
  return intakePhoto(await noise(width, height).jpeg().toBuffer());
}

/** Coloured noise, of any size in pixels. */
export function noise(width: number, height: number): Sharp {
  return sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'black',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  });
}
