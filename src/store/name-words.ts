/** Longer words are cut: what is left is enough to find them by, and an index takes no word of any length. */
const LONGEST_WORD = 40;

/** Letters that are written one for the other, and that taking accents off leaves apart. */
const FOLDED: Readonly<Record<string, string>> = {
  // alef wasla; alef maqsura and the Persian yeh; taa marbuta; the Persian kaf
  ٱ: 'ا',
  ى: 'ي',
  ی: 'ي',
  ة: 'ه',
  ک: 'ك',
  // A hamza that stands alone is left out as often as not.
  ء: '',
  ı: 'i',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
};
const FOLDABLE = new RegExp(`[${Object.keys(FOLDED).join('')}]`, 'gu');

/** The accents and vowel signs; the tatweel; marks of direction and joiners; and what stands for a hamza or an ayn in Latin letters. */
const LEFT_OUT = /[\p{M}\p{Cf}ـ'’‘`´ʹʻʼʽʾʿˈ]/gu;

const DIGIT = /\p{Nd}/gu;

/**
 * The words of a name in the form in which names are compared, each once: without case, accents, vowel signs and tatweel; every form of
 * alef and of hamza as one; taa marbuta as haa, alef maqsura as yaa; digits of every script as 0 to 9. Two spellings that give the same
 * words are the same name for a search.
 */
export function nameWords(name: string): string[] {
  const folded = name
    // Takes accents, and the hamza of أ إ ؤ ئ, off their letters, and presentation forms back to letters.
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(LEFT_OUT, '')
    .replace(FOLDABLE, (letter) => FOLDED[letter] ?? '')
    .replace(DIGIT, asciiDigit);
  const words = folded.match(/[\p{L}\p{N}]+/gu) ?? [];
  return [...new Set(words.map((word) => Array.from(word).slice(0, LONGEST_WORD).join('')))];
}

/** Unicode keeps the ten digits of every script together, and begins each ten at a zero. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}
