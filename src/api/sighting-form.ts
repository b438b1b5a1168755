import { z } from 'zod';
import type { LocalText } from '../domain/report.js';
import { parseZonedTime } from '../domain/time.js';
import type { CommandContent } from './command-content.js';
import { coordinates } from './report-schema.js';
import { line, localLine, prose } from './text-schema.js';
import { pastTime } from './time-schema.js';

/** A place in one language, as it was told, or in several. */
const place = z.union(
  [line(200).transform(inItsLanguage), localLine(200)],
  'must be a line of text, or { "ar", "en" } of such',
);

/** A sighting: where, when and what was seen. All of it is personal data, so the case is told nothing but its digest. */
export const sighting = z
  .strictObject({ place, location: coordinates, at: pastTime(Date.now), description: prose(2_000) })
  .transform(({ at, ...seen }): CommandContent => ({
    payload: {},
    sighting: { ...seen, at: parseZonedTime(at)?.instant ?? 0 },
  }));

function inItsLanguage(text: string): LocalText {
  return /\p{Script=Arabic}/u.test(text) ? { ar: text, en: '' } : { ar: '', en: text };
}
