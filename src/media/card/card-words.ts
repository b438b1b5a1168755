import type { Tier } from '../../domain/policy.js';
import { LANGUAGES, type Language, type LocalText } from '../../domain/report.js';
import { type Direction, isolate, keepWhole, plain } from '../bidi.js';
import { TEMPLATES } from '../templates/templates.js';
import { type PublicAlert, seenAt } from '../texts.js';

/** What a card says in one language; '' where it is not written in it yet. */
export interface LocalWords {
  readonly direction: Direction;
  /** The tier, and what goes below it where that does not say it all. */
  readonly title: readonly string[];
  /** That it is no real case, in a sentence and in a word; '' when it is one. */
  readonly banner: string;
  readonly stamp: string;
  readonly name: string;
  readonly sexAndAge: string;
  /** Stands above the place. */
  readonly lastSeen: string;
  readonly place: string;
  readonly time: string;
  readonly call: string;
  readonly authority: string;
  /** How to recognise the child and whom it may be with, the most useful first. */
  readonly description: readonly string[];
}

/** Everything that is written on a card. */
export interface CardWords {
  readonly tier: Tier;
  readonly byLanguage: Readonly<Record<Language, LocalWords>>;
  readonly telephone: string;
  readonly marker: string;
  /** What the QR code opens. */
  readonly pageUrl: string;
}

/** Chooses what of an alert goes on its cards. */
export function cardWords(alert: PublicAlert): CardWords {
  const words = LANGUAGES.map((language) => [language, localWords(alert, language)] as const);
  return {
    tier: alert.report.tier,
    byLanguage: Object.fromEntries(words) as Record<Language, LocalWords>,
    telephone: keepWhole(alert.authority.telephone, 'ltr'),
    marker: alert.marker,
    pageUrl: alert.pageUrl,
  };
}

function localWords({ report, authority, timeZone }: PublicAlert, language: Language): LocalWords {
  const { tier, runKind, child, lastSeen } = report;
  const template = TEMPLATES[language];
  return {
    direction: template.direction,
    title: template.title(tier, child.sex),
    banner: runKind === 'actual' ? '' : template.banner[runKind],
    stamp: runKind === 'actual' ? '' : template.stamp[runKind],
    name: plain(child.name[language]),
    sexAndAge: template.sexAndAge(child.sex, child.age),
    lastSeen: template.lastSeen(child.sex),
    place: plain(lastSeen.place[language]),
    time: template.shortTime(seenAt(report), timeZone),
    call: template.call,
    authority: plain(authority.name[language]),
    description: description(report, language),
  };
}

function description({ child, suspect, vehicle }: PublicAlert['report'], language: Language): string[] {
  const { labels, direction, height, weight } = TEMPLATES[language];
  const line = (...facts: readonly (readonly [label: string, value: string | undefined])[]): string[] => {
    const known = facts.flatMap(([label, value]) => (value ? `${label.replaceAll(' ', '\u00A0')}:\u00A0${value}` : []));
    return known.length > 0 ? [known.join('\u00A0· ')] : [];
  };
  const own = (value: LocalText | undefined): string | undefined => {
    const text = plain(value?.[language] ?? '');
    return text && isolate(text, direction);
  };
  const { heightCm, weightKg, hair, eyes, clothing } = child;
  return [
    ...line([labels.clothing, own(clothing)]),
    ...line(
      [labels.vehicle, own(vehicle?.description)],
      [labels.plate, vehicle?.plate === undefined ? undefined : keepWhole(vehicle.plate, 'own')],
    ),
    ...line(
      [labels.height, heightCm === undefined ? undefined : height(heightCm)],
      [labels.weight, weightKg === undefined ? undefined : weight(weightKg)],
      [labels.hair, own(hair)],
      [labels.eyes, own(eyes)],
    ),
    ...line([labels.suspect, own(suspect)]),
  ];
}
