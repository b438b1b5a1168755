import type { ChannelName } from '../domain/channel.js';
import { IMAGE_PARTS } from '../domain/revision.js';
import { LANGUAGES, type Language, type LocalText } from '../domain/report.js';
import { type Instant, parseZonedTime } from '../domain/time.js';
import { closeLine, isolate, keepWhole, plain } from './bidi.js';
import type { PublicReport } from './public-report.js';
import type { Template } from './templates/template.js';
import { TEMPLATES } from './templates/templates.js';

/** All that the public is told, and by whom. */
export interface PublicAlert {
  readonly report: PublicReport;
  /** Whom the public calls; never a family's number. */
  readonly authority: { readonly name: LocalText; readonly telephone: string };
  /** The IANA time zone whose clocks the public reads. */
  readonly timeZone: string;
  readonly marker: string;
  /** Where the alert can be read, on the public site. */
  readonly pageUrl: string;
}

/** What goes out on a channel beside the picture. */
export interface Post {
  /** Exactly what is posted: every language, then the marker alone on the last line. */
  readonly text: string;
  readonly byLanguage: LocalText;
  readonly altText: string;
}

/**
 * The longest text a channel takes, and the longest alternative text, in UTF-16 code units. Meta says "characters" and not of
 * which kind; a text is never longer in characters than in UTF-16, so counting these errs on the safe side.
 */
const TEXT_LIMITS: Readonly<Record<ChannelName, { readonly text: number; readonly altText: number }>> = {
  facebook: { text: 63_206, altText: 1_000 },
  instagram: { text: 2_200, altText: 1_000 },
  // Read by people, who set it for what they publish.
  'meta-partner': { text: 63_206, altText: 1_000 },
};

const DIVIDER = '———';

/** An alert does not fit a channel. Nothing is ever cut: the operator shortens what is longest. */
export class TextTooLong extends Error {
  override readonly name = 'TextTooLong';
  readonly code = 'text_too_long';

  /**
   * @param over by how many UTF-16 code units
   * @param longest the fields that take most room, longest first, by their path in the report; never what stands in them
   */
  constructor(
    readonly channel: ChannelName,
    readonly part: 'text' | 'altText',
    readonly over: number,
    readonly longest: readonly { readonly field: string; readonly length: number }[],
  ) {
    const fields = longest.map(({ field, length }) => `${field} (${length})`).join(', ');
    super(`the ${part} for ${channel} is ${over} characters too long; the longest fields are ${fields}`);
  }
}

/**
 * Composes what goes out on a channel.
 * @throws TextTooLong
 */
export function composePost(alert: PublicAlert, channel: ChannelName): Post {
  const byLanguage = { ar: alertText(alert, 'ar'), en: alertText(alert, 'en') };
  const text = [byLanguage.ar, DIVIDER, byLanguage.en, alert.marker].join('\n\n');
  const altText = LANGUAGES.flatMap((language) => imageText(alert.report, channel, language)).join('\n');
  const limits = TEXT_LIMITS[channel];
  if (text.length > limits.text) {
    throw new TextTooLong(channel, 'text', text.length - limits.text, longestFields(alert.report));
  }
  if (altText.length > limits.altText) {
    const names = longestFields({ child: { name: alert.report.child.name } });
    throw new TextTooLong(channel, 'altText', altText.length - limits.altText, names);
  }
  return { text, byLanguage, altText };
}

/**
 * The alert in one language, the same for every channel. Blocks are separated by an empty line. The link stands alone on its line, with no
 * mark beside it that an app might take for a part of it; being Latin letters from end to end, it reads right in either direction.
 */
function alertText({ report, authority, timeZone, pageUrl }: PublicAlert, language: Language): string {
  const template = TEMPLATES[language];
  const { labels, direction } = template;
  const { child, lastSeen, circumstances, suspect, vehicle } = report;
  const own = (value: LocalText | undefined): string | undefined => {
    const text = plain(value?.[language] ?? '');
    return text === '' ? undefined : isolate(text, direction);
  };
  const line = (label: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`${label}: ${value}`];
  const measure = (value: number | undefined, write: (value: number) => string): string | undefined =>
    value === undefined ? undefined : write(value);
  const banner = bannerOf(report, template);
  const blocks = [
    [...banner, template.headline(report.tier, child.sex)],
    [
      ...line(labels.name, own(child.name)),
      ...line(labels.age, template.age(child.age)),
      ...line(labels.sex, template.sex[child.sex]),
      ...line(labels.height, measure(child.heightCm, template.height)),
      ...line(labels.weight, measure(child.weightKg, template.weight)),
      ...line(labels.hair, own(child.hair)),
      ...line(labels.eyes, own(child.eyes)),
      ...line(labels.clothing, own(child.clothing)),
    ],
    [
      ...line(template.lastSeen(child.sex), own(lastSeen.place)),
      ...line(labels.time, template.time(seenAt(report), timeZone)),
      ...line(labels.circumstances, own(circumstances)),
    ],
    [
      ...line(labels.suspect, own(suspect)),
      ...line(labels.vehicle, own(vehicle?.description)),
      ...line(labels.plate, vehicle?.plate === undefined ? undefined : keepWhole(vehicle.plate, 'own')),
    ],
    [
      template.request(
        child.sex,
        isolate(plain(authority.name[language]), direction),
        keepWhole(authority.telephone, 'ltr'),
      ),
      `${labels.page}:`,
      pageUrl,
      ...banner,
    ],
  ];
  return blocks
    .filter((block) => block.length > 0)
    .map((block) => block.map((text) => (text === pageUrl ? text : closeLine(text, direction))).join('\n'))
    .join('\n\n');
}

/**
 * Says who is on the picture, with no fact that the alert does not state; nothing while the name is not written in the language. A
 * picture is passed on alone, so the banner is here too.
 */
function imageText(report: PublicReport, channel: ChannelName, language: Language): string[] {
  const template = TEMPLATES[language];
  const { age, sex } = report.child;
  const name = plain(report.child.name[language]);
  if (name === '') return [];
  const description = template.photoOf({
    name: isolate(name, template.direction),
    age: template.age(age),
    sex,
  });
  const card = IMAGE_PARTS[channel].startsWith('card/') ? [template.isCard] : [];
  return [closeLine([...bannerOf(report, template), ...card, description].join('. '), template.direction)];
}

function bannerOf({ runKind }: PublicReport, template: Template): string[] {
  return runKind === 'actual' ? [] : [template.banner[runKind]];
}

/** When the child was last seen. */
export function seenAt({ lastSeen }: PublicReport): Instant {
  const time = parseZonedTime(lastSeen.at);
  if (!time) throw new TypeError('lastSeen.at: not an ISO 8601 time with its zone');
  return time.instant;
}

/** The three longest free texts somewhere in a report, by their path. */
function longestFields(report: object): { field: string; length: number }[] {
  const texts = (value: object, path: string[]): { field: string; length: number }[] =>
    Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
      if (typeof item === 'string') return [{ field: [...path, key].join('.'), length: item.length }];
      return typeof item === 'object' && item !== null ? texts(item, [...path, key]) : [];
    });
  return texts(report, [])
    .sort((a, b) => b.length - a.length)
    .slice(0, 3);
}
