import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { marker, markerIn } from '../../src/domain/case-number.js';
import { type AgeRange, LANGUAGES, type Report } from '../../src/domain/report.js';
import { CHANNELS } from '../../src/domain/channel.js';
import { publicPart } from '../../src/media/public-report.js';
import { composePost, TextTooLong } from '../../src/media/texts.js';
import { anAlert, anyReport, AUTHORITY, FULL_REPORT, MARKER, PAGE } from '../given/an-alert.js';

const postOf = (changes: Partial<Report> = {}): ReturnType<typeof composePost> =>
  composePost(anAlert(changes), 'facebook');

/** What one sees: without the invisible characters that order the line. */
const seen = (text: string): string => text.replace(/[\u200E\u200F\u2066-\u2069]/gu, '').replaceAll('\u00A0', ' ');

/** How deep a line's isolates are nested: at their lowest, and at its end. */
function depths(line: string): { lowest: number; last: number } {
  let [lowest, last] = [0, 0];
  for (const letter of line) {
    if ('\u2066\u2067\u2068'.includes(letter)) last += 1;
    if (letter === '\u2069') last -= 1;
    lowest = Math.min(lowest, last);
  }
  return { lowest, last };
}

describe('an alert', () => {
  test('tells in Arabic what the public needs, in the order in which it is needed', () => {
    expect(seen(postOf().byLanguage.ar)).toBe(
      [
        'تنبيه آمبر: طفلة مفقودة',
        '',
        'الاسم: نور مثال',
        'العمر: 8 سنوات',
        'الجنس: أنثى',
        'الطول: 128 سم',
        'الوزن: 26 كغ',
        'الشعر: بني',
        'العينان: بنيتان',
        'الملابس: قبعة حمراء',
        '',
        'شوهدت آخر مرة في: سوق واقف',
        'الوقت: الاثنين، 23 نوفمبر 2026، 5:20 م',
        'ما حدث: كانت تلعب',
        '',
        'المشتبه به: رجل',
        'المركبة: سيارة بيضاء',
        'رقم اللوحة: 000 000',
        '',
        'إذا رأيتها أو لديك أي معلومة فاتصل فورًا: +974 4444 0999 (وزارة الداخلية)',
        'صفحة التنبيه:',
        PAGE,
      ].join('\n'),
    );
  });

  test('tells in English what the public needs, in the order in which it is needed', () => {
    const english = seen(postOf().byLanguage.en).split('\n');
    // Versions of ICU differ in the comma after the weekday.
    expect(english.find((line) => line.startsWith('When'))).toMatch(/^When: Monday,? 23 November 2026, 5:20 pm$/);
    expect(english.filter((line) => !line.startsWith('When'))).toEqual([
      'AMBER ALERT: MISSING CHILD',
      '',
      'Name: Noor Mithal',
      'Age: 8 years',
      'Sex: girl',
      'Height: 128 cm',
      'Weight: 26 kg',
      'Hair: brown',
      'Eyes: dark',
      'Clothing: red cap',
      '',
      'Last seen: Souq Waqif',
      'What happened: She was playing',
      '',
      'Suspect: a man',
      'Vehicle: white car',
      'Plate: 000 000',
      '',
      'If you see her or know anything, call at once: +974 4444 0999 (Ministry of Interior)',
      'Alert page:',
      PAGE,
    ]);
  });

  test('says nothing about what was not given', () => {
    const { heightCm, weightKg, hair, eyes, clothing, ...child } = FULL_REPORT.child;
    const { text } = postOf({ child, suspect: undefined, vehicle: undefined });
    expect([heightCm, weightKg, hair, eyes, clothing]).not.toContain(undefined);
    expect(text).not.toMatch(/undefined|Height|Weight|Hair|Eyes|Clothing|Suspect|Vehicle|Plate/);
    expect(text).not.toMatch(/\n{3}/);
  });

  test('agrees with the child’s sex, and names its tier', () => {
    const boy = seen(postOf({ tier: 'missing', child: { ...FULL_REPORT.child, sex: 'male' } }).text);
    for (const words of ['تنبيه: طفل مفقود', 'الجنس: ذكر', 'شوهد آخر', 'رأيته', 'ALERT: MISSING CHILD', 'see him']) {
      expect(boy).toContain(words);
    }
    expect(boy).not.toMatch(/AMBER|آمبر|مفقودة|رأيتها/);
  });

  test.each<[AgeRange, string, string]>([
    [{ from: 0, to: 0 }, 'أقل من سنة', 'under 1 year'],
    [{ from: 1, to: 1 }, 'سنة واحدة', '1 year'],
    [{ from: 2, to: 2 }, 'سنتان', '2 years'],
    [{ from: 10, to: 10 }, '10 سنوات', '10 years'],
    [{ from: 11, to: 11 }, '11 سنة', '11 years'],
    [{ from: 0, to: 2 }, 'حتى سنتين (تقديرًا)', 'up to 2 years (estimated)'],
    [{ from: 1, to: 2 }, 'من سنة إلى سنتين (تقديرًا)', '1 to 2 years (estimated)'],
    [{ from: 2, to: 4 }, 'من سنتين إلى 4 سنوات (تقديرًا)', '2 to 4 years (estimated)'],
    [{ from: 8, to: 12 }, 'من 8 إلى 12 سنة (تقديرًا)', '8 to 12 years (estimated)'],
  ])('counts the years of %j rightly in both languages', (age, arabic, english) => {
    const text = seen(postOf({ child: { ...FULL_REPORT.child, age } }).text);
    expect(text).toContain(`العمر: ${arabic}\n`);
    expect(text).toContain(`Age: ${english}\n`);
  });

  test('shows nothing of what is not written in a language yet, and all of it in the other', () => {
    const { child, lastSeen } = FULL_REPORT;
    const { byLanguage, altText } = postOf({
      child: { ...child, name: { ...child.name, en: '' }, hair: { ar: '', en: 'brown' } },
      lastSeen: { ...lastSeen, place: { ...lastSeen.place, en: '' } },
      vehicle: { description: { ar: '', en: 'white car' } },
    });
    expect(seen(byLanguage.en)).not.toMatch(/^(Name|Last seen)/m);
    expect(seen(byLanguage.en)).toMatch(/^Hair: brown$/m);
    expect(seen(byLanguage.ar)).not.toMatch(/^(الشعر|المركبة)/m);
    expect(seen(byLanguage.ar)).toMatch(/^الاسم: نور مثال$/m);
    expect(byLanguage.en).not.toContain('\u2066\u2069');
    expect(seen(altText).split('\n')).toEqual([expect.stringContaining('نور مثال')]);
  });

  test('gives the time on the clocks of the jurisdiction, whatever zone it was entered in', () => {
    for (const at of ['2026-11-23T23:30:00Z', '2026-11-24T02:30:00+03:00', '2026-11-23T18:30:00-05:00']) {
      const { text } = postOf({ lastSeen: { ...FULL_REPORT.lastSeen, at } });
      expect(seen(text)).toContain('الثلاثاء، 24 نوفمبر 2026، 2:30 ص');
      expect(seen(text)).toMatch(/Tuesday,? 24 November 2026, 2:30 am/);
    }
  });

  test.each([
    ['exercise', 'تمرين – ليست حالة حقيقية', 'EXERCISE – NOT A REAL CASE'],
    ['test', 'اختبار – ليست حالة حقيقية', 'TEST – NOT A REAL CASE'],
  ] as const)('that is no real case (%s) begins and ends by saying so in each language', (runKind, arabic, english) => {
    const { byLanguage, altText } = postOf({ runKind });
    for (const [text, banner] of [
      [byLanguage.ar, arabic],
      [byLanguage.en, english],
    ] as const) {
      const lines = seen(text).split('\n');
      expect([lines[0], lines.at(-1)]).toEqual([banner, banner]);
    }
    for (const [index, line] of seen(altText).split('\n').entries()) {
      expect(line.startsWith([arabic, english][index] ?? '')).toBe(true);
    }
  });

  test('says of its picture what it is: the photo on Facebook, a card of which the post says the rest on Instagram', () => {
    const [facebook, instagram] = CHANNELS.map((channel) => seen(composePost(anAlert(), channel).altText).split('\n'));
    expect(facebook).toEqual([
      'صورة الطفلة المفقودة: نور مثال، العمر: 8 سنوات.',
      'Photo of the missing child: Noor Mithal, girl, age: 8 years.',
    ]);
    expect(instagram).toEqual([
      `بطاقة تنبيه، وما كُتب عليها موجود في نص المنشور. ${facebook?.[0]}`,
      `Alert card; what is written on it stands in the post. ${facebook?.[1]}`,
    ]);
  });

  test('of a real case never says that it is none', () => {
    expect(postOf().text + postOf().altText).not.toMatch(/EXERCISE|TEST|تمرين|اختبار/);
  });
});

describe('whatever the operator entered,', () => {
  const INVISIBLE = /[\u00AD\u115F\u1160\u180E\u200B\u2060-\u2064\u206A-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB]/gu;

  const everyPost = (check: (post: ReturnType<typeof composePost>, report: Report) => void): void =>
    fc.assert(
      fc.property(anyReport, fc.constantFrom(...CHANNELS), (report, channel) =>
        check(composePost({ ...anAlert(), report: publicPart(report) }, channel), report),
      ),
      { numRuns: 150 },
    );

  test('the post is the Arabic text, the English text and the marker, alone on the last line', () => {
    everyPost(({ text, byLanguage }) => {
      expect(text).toBe(`${byLanguage.ar}\n\n———\n\n${byLanguage.en}\n\n${MARKER}`);
    });
  });

  test('every line closes each direction it opens, and nothing can turn the rest of the post round', () => {
    everyPost(({ text, altText }) => {
      for (const line of `${text}\n${altText}`.split('\n')) {
        expect(depths(line)).toEqual({ lowest: 0, last: 0 });
        expect(line).not.toMatch(/[\u202A-\u202E\u061C\p{Cc}\p{Cs}]/u);
        expect(line.replace(/[\u200E\u200F]$/u, '')).not.toMatch(/[\u200E\u200F]/u);
      }
    });
  });

  test('the link stands alone on a line of each language, with nothing beside it that an app might take for a part of it', () => {
    everyPost(({ text, byLanguage }) => {
      for (const language of LANGUAGES) {
        expect(byLanguage[language].split('\n').filter((line) => line.includes(PAGE))).toEqual([PAGE]);
      }
      expect(markerIn(text)).toEqual({ caseNumber: 'MFQ-7K3D-92XQ', revision: 2 });
    });
  });

  test('the authority’s number stands in both languages, whole, in an isolate of its own', () => {
    const whole = `\u2066${AUTHORITY.telephone.replaceAll(' ', '\u00A0')}\u2069`;
    everyPost(({ byLanguage }) => {
      for (const language of LANGUAGES) expect(byLanguage[language].split(whole)).toHaveLength(2);
    });
  });

  test('no character stands in it that nobody can see and that parts a word, while joiners and emoji stay whole', () => {
    const { byLanguage } = postOf({
      circumstances: {
        ar: 'مي\u200Cخواهم\u200B\uFEFF\u00AD هنا',
        en: 'S\u200Ba\u2060ra\u3164 👩\u200D👧 is\u202E gone',
      },
    });
    expect(byLanguage.ar).toContain('\u2067مي\u200Cخواهم هنا\u2069');
    expect(byLanguage.en).toContain('\u2066Sara 👩\u200D👧 is gone\u2069');
  });

  test('the words of each language stand in that language’s text, whole', () => {
    const clean = (text: string): string =>
      text
        .replace(/(?!\s)[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, '')
        .replace(INVISIBLE, '')
        .replace(/\s+/gu, ' ')
        .trim();
    everyPost(({ byLanguage }, { child, circumstances, lastSeen }) => {
      for (const language of LANGUAGES) {
        for (const value of [child.name, circumstances, lastSeen.place]) {
          expect(byLanguage[language]).toContain(clean(value[language]));
        }
      }
    });
  });
});

describe('a text that is too long for a channel', () => {
  const withCircumstances = (length: number): Partial<Report> => ({
    circumstances: { ar: FULL_REPORT.circumstances.ar, en: 'a'.repeat(length) },
  });
  const tooLong = (compose: () => unknown): TextTooLong | undefined => {
    try {
      compose();
      return undefined;
    } catch (error) {
      if (error instanceof TextTooLong) return error;
      throw error;
    }
  };

  test('is refused by exactly what is too much, naming the longest fields and nothing that stands in them', () => {
    const error = tooLong(() => composePost(anAlert(withCircumstances(2_000)), 'instagram'));
    expect(error).toMatchObject({ code: 'text_too_long', channel: 'instagram', part: 'text' });
    expect(error?.longest[0]).toEqual({ field: 'circumstances.en', length: 2_000 });
    expect(error?.message).not.toContain('Noor');
    expect(error?.message).not.toContain('aaa');
    const fitting = 2_000 - (error?.over ?? 0);
    expect(composePost(anAlert(withCircumstances(fitting)), 'instagram').text).toHaveLength(2_200);
    expect(tooLong(() => composePost(anAlert(withCircumstances(fitting + 1)), 'instagram'))?.over).toBe(1);
  });

  test('still fits where there is room for it', () => {
    expect(composePost(anAlert(withCircumstances(2_000)), 'facebook').text).toContain('a'.repeat(2_000));
  });

  test('is refused also for the picture’s description', () => {
    const child = { ...FULL_REPORT.child, name: { ar: 'ن', en: 'n'.repeat(1_200) } };
    expect(tooLong(() => composePost(anAlert({ child }), 'facebook'))).toMatchObject({
      part: 'altText',
      longest: [{ field: 'child.name.en', length: 1_200 }, { field: 'child.name.ar' }],
    });
  });
});

test('a whole report cannot be passed for its public part, and even then nothing of it would show', () => {
  // @ts-expect-error the compiler refuses a report that still has its police-only fields
  const { text, altText } = composePost({ ...anAlert(), report: FULL_REPORT }, 'facebook');
  for (const value of Object.values(FULL_REPORT.policeOnly)) expect(text + altText).not.toContain(value);
});

test('the marker is the one the channels look for', () => {
  expect(MARKER).toBe(marker('MFQ-7K3D-92XQ', 2));
});
