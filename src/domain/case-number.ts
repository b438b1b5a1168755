/** The opaque number of a case, `MFQ-7K3D-92XQ`. It says nothing about the child. */
export type CaseNumber = string;

// Without vowels and look-alikes (0/O, 1/I/L, U/V): it can be read out over a telephone and never spells a word.
const ALPHABET = '23456789BCDFGHJKMNPQRSTWXZ';
const CASE_NUMBER = new RegExp(`^MFQ-[${ALPHABET}]{4}-[${ALPHABET}]{4}$`);

/**
 * Makes a case number from a source of random bytes (cryptographically strong in production: the number must not be guessable).
 * @param randomBytes returns that many random bytes
 */
export function newCaseNumber(randomBytes: (count: number) => Uint8Array): CaseNumber {
  const letters: string[] = [];
  // A byte past the last whole multiple of the alphabet would make the first letters likelier, so it is thrown away.
  const limit = 256 - (256 % ALPHABET.length);
  while (letters.length < 8) {
    for (const byte of randomBytes(16)) {
      if (byte < limit && letters.length < 8) letters.push(ALPHABET[byte % ALPHABET.length] ?? '');
    }
  }
  return `MFQ-${letters.slice(0, 4).join('')}-${letters.slice(4).join('')}`;
}

/** Whether a text is a well-formed case number. */
export function isCaseNumber(text: string): text is CaseNumber {
  return CASE_NUMBER.test(text);
}

/** The marker every post carries, `MFQ-7K3D-92XQ/2`: which case, and which revision of it. */
export function marker(caseNumber: CaseNumber, revision: number): string {
  return `${caseNumber}/${revision}`;
}

/** What a marker says. */
export interface Marker {
  readonly caseNumber: CaseNumber;
  readonly revision: number;
}

// Not part of a longer word, nor followed by a further digit: …/1 is not …/12.
const MARKER = new RegExp(`(?<![\\w-])(MFQ-[${ALPHABET}]{4}-[${ALPHABET}]{4})/([1-9]\\d{0,5})(?!\\d)`, 'g');

/**
 * The marker by which a post says which revision it is; undefined when it says none. A text that names several is taken at its last
 * line, where every post of ours carries its marker alone. Without that it is no alert but something written about alerts.
 */
export function markerIn(text: string): Marker | undefined {
  const last = text.trimEnd().split('\n').at(-1)?.trim() ?? '';
  const signed = markersIn(last).find(({ caseNumber, revision }) => marker(caseNumber, revision) === last);
  if (signed) return signed;
  const [first, ...others] = markersIn(text);
  const isSame = (other: Marker): boolean =>
    other.caseNumber === first?.caseNumber && other.revision === first.revision;
  return others.every(isSame) ? first : undefined;
}

function markersIn(text: string): Marker[] {
  return [...text.matchAll(MARKER)].map(([, caseNumber = '', revision]) => ({
    caseNumber,
    revision: Number(revision),
  }));
}
