import type { Coordinates, Widening } from './area.js';
import type { RunKind, Tier } from './policy.js';

/** The languages every alert is written in. */
export const LANGUAGES = ['ar', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** A public text, in every language; empty in one in which it is not written yet. */
export type LocalText = Readonly<Record<Language, string>>;

export const SEXES = ['female', 'male'] as const;
export type Sex = (typeof SEXES)[number];

/** Whole years; `from` and `to` are equal when the age is known. */
export interface AgeRange {
  readonly from: number;
  readonly to: number;
}

/** The child as the public is told. */
export interface Child {
  readonly name: LocalText;
  readonly age: AgeRange;
  readonly sex: Sex;
  readonly heightCm?: number | undefined;
  readonly weightKg?: number | undefined;
  readonly hair?: LocalText | undefined;
  readonly eyes?: LocalText | undefined;
  readonly clothing?: LocalText | undefined;
}

export interface LastSeen {
  /** ISO 8601 with its zone, as it was entered. */
  readonly at: string;
  readonly place: LocalText;
  readonly location: Coordinates;
}

/** A vehicle to look out for. Plates are written as they are on the car. */
export interface Vehicle {
  readonly description: LocalText;
  readonly plate?: string | undefined;
}

/** What never leaves the staff's hands. */
export interface PoliceOnly {
  readonly guardianContact: string;
  /** On what ground the child's data may be published. */
  readonly legalBasis: string;
  readonly notes?: string | undefined;
}

/** What the operator enters. Everything outside `policeOnly` is public. Its photo travels beside it. */
export interface Report {
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly jurisdiction: string;
  readonly child: Child;
  readonly lastSeen: LastSeen;
  readonly circumstances: LocalText;
  readonly suspect?: LocalText | undefined;
  readonly vehicle?: Vehicle | undefined;
  /** Where the alert is to be seen; the tier's policy gives what is left out. */
  readonly area?:
    { readonly radiusKm?: number | undefined; readonly widening?: readonly Widening[] | undefined } | undefined;
  readonly policeOnly: PoliceOnly;
}

/**
 * The languages in which something of the public part is not written yet, though it is in another. Such a report can be stored, and not
 * approved.
 */
export function languagesMissing({ child, lastSeen, circumstances, suspect, vehicle }: Report): Language[] {
  const { name, hair, eyes, clothing } = child;
  const texts = [name, hair, eyes, clothing, lastSeen.place, circumstances, suspect, vehicle?.description];
  const isEmpty = (text: LocalText | undefined, language: Language): boolean => text?.[language].trim() === '';
  return LANGUAGES.filter((language) => texts.some((text) => isEmpty(text, language)));
}
