import type { AgeRange, Sex } from '../../domain/report.js';
import type { RunKind, Tier } from '../../domain/policy.js';
import type { Instant } from '../../domain/time.js';
import type { Direction } from '../bidi.js';

/** The words of an alert in one language; what stands where is the same in all of them. */
export interface Template {
  readonly direction: Direction;
  /** Says before and after everything else that nobody is missing. */
  readonly banner: Readonly<Record<Exclude<RunKind, 'actual'>, string>>;
  /** Says it in a word, across the photo of a card. */
  readonly stamp: Readonly<Record<Exclude<RunKind, 'actual'>, string>>;
  readonly headline: (tier: Tier, sex: Sex) => string;
  /** The headline as a card has it: in large letters, and what goes below them where they do not say it all. */
  readonly title: (tier: Tier, sex: Sex) => readonly [string] | readonly [string, string];
  readonly labels: {
    readonly name: string;
    readonly age: string;
    readonly sex: string;
    readonly height: string;
    readonly weight: string;
    readonly hair: string;
    readonly eyes: string;
    readonly clothing: string;
    readonly time: string;
    readonly circumstances: string;
    readonly suspect: string;
    readonly vehicle: string;
    readonly plate: string;
    /** The page of the public site that shows the alert. */
    readonly page: string;
  };
  /** Stands before the place. */
  readonly lastSeen: (sex: Sex) => string;
  readonly sex: Readonly<Record<Sex, string>>;
  readonly age: (age: AgeRange) => string;
  /** Both in one, as a card has it. */
  readonly sexAndAge: (sex: Sex, age: AgeRange) => string;
  readonly height: (cm: number) => string;
  readonly weight: (kg: number) => string;
  /** Day and time of day on the clocks of a time zone, which is not named: the public lives in it. */
  readonly time: (at: Instant, timeZone: string) => string;
  /** The same, as short as the language can write it. */
  readonly shortTime: (at: Instant, timeZone: string) => string;
  /** Asks to call. Authority and telephone come in already shielded. */
  readonly request: (sex: Sex, authority: string, telephone: string) => string;
  /** Stands before a telephone number on a card. */
  readonly call: string;
  /** What a photo shows, for those who cannot see it. */
  readonly photoOf: (child: { readonly name: string; readonly age: string; readonly sex: Sex }) => string;
  /** Says of a picture that it is a card, for those who cannot see it; whom its photo shows follows. */
  readonly isCard: string;
}
