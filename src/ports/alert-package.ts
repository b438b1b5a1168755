import type { Coordinates } from '../domain/area.js';
import type { CaseNumber } from '../domain/case-number.js';
import type { RunKind, Tier } from '../domain/policy.js';
import type { LocalText } from '../domain/report.js';
import type { Sha256 } from '../domain/revision.js';

/** A picture or a sheet to print, as it was approved. */
export interface PackagedFile {
  /** `photo`, or the card's name. */
  readonly name: string;
  readonly mediaType: string;
  readonly sha256: Sha256;
  readonly bytes: Buffer;
}

/** All that was approved of an alert, for people who publish it themselves. */
export interface AlertPackage {
  readonly caseNumber: CaseNumber;
  readonly revision: number;
  readonly digest: Sha256;
  readonly tier: Tier;
  readonly runKind: RunKind;
  readonly centre: Coordinates;
  /** ISO 3166-1 alpha-2 codes. */
  readonly countries: readonly string[];
  /** Both languages in one, as it is posted where there is room for one text only. */
  readonly text: string;
  readonly texts: LocalText;
  readonly altText: string;
  readonly files: readonly PackagedFile[];
}

/** Where packages are made up. */
export interface AlertPackages {
  /** @throws ContentMismatch when what is stored is not what the digest covers, or is not there */
  load(alert: Pick<AlertPackage, 'caseNumber' | 'revision' | 'digest'>): Promise<AlertPackage>;
}
