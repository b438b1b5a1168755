import type { Sex } from '../../domain/report.js';
import type { Instant } from '../../domain/time.js';
import type { Template } from './template.js';

// Western digits (nu-latn), as on the number plates, telephones and road signs of the Gulf: one form of every number in the whole post.
const LOCALE = 'ar-u-nu-latn-ca-gregory';
const PLURAL = new Intl.PluralRules('ar');

/** Arabic, agreeing with the child's sex and with the count of years. */
export const arabic: Template = {
  direction: 'rtl',
  banner: { exercise: 'تمرين – ليست حالة حقيقية', test: 'اختبار – ليست حالة حقيقية' },
  stamp: { exercise: 'تمرين', test: 'اختبار' },
  headline: (tier, sex) => `${tier === 'amber' ? 'تنبيه آمبر' : 'تنبيه'}: ${missingChild(sex)}`,
  title: (tier, sex) => (tier === 'amber' ? ['تنبيه آمبر', missingChild(sex)] : [missingChild(sex)]),
  labels: {
    name: 'الاسم',
    age: 'العمر',
    sex: 'الجنس',
    height: 'الطول',
    weight: 'الوزن',
    hair: 'الشعر',
    eyes: 'العينان',
    clothing: 'الملابس',
    time: 'الوقت',
    circumstances: 'ما حدث',
    suspect: 'المشتبه به',
    vehicle: 'المركبة',
    plate: 'رقم اللوحة',
    page: 'صفحة التنبيه',
  },
  lastSeen: (sex) => (sex === 'female' ? 'شوهدت آخر مرة في' : 'شوهد آخر مرة في'),
  sex: { female: 'أنثى', male: 'ذكر' },
  age: ({ from, to }) => {
    if (from === to) return to === 0 ? 'أقل من سنة' : years(to, 'سنتان');
    const upTo = years(to, 'سنتين');
    if (from === 0) return `حتى ${upTo} (تقديرًا)`;
    const lowest = from === 1 ? 'سنة' : from === 2 ? 'سنتين' : from;
    return `من ${lowest} إلى ${upTo} (تقديرًا)`;
  },
  sexAndAge: (sex, age) => `${arabic.sex[sex]}، ${arabic.age(age)}`,
  height: (cm) => `${cm}\u00A0سم`,
  weight: (kg) => `${kg}\u00A0كغ`,
  time,
  // Arabic has no short forms of its days and months.
  shortTime: time,
  request: (sex, authority, telephone) =>
    `إذا ${sex === 'female' ? 'رأيتها' : 'رأيته'} أو لديك أي معلومة فاتصل فورًا: ${telephone} (${authority})`,
  call: 'اتصل فورًا',
  photoOf: ({ name, age, sex }) =>
    `صورة ${sex === 'female' ? 'الطفلة المفقودة' : 'الطفل المفقود'}: ${name}، العمر: ${age}.`,
  isCard: 'بطاقة تنبيه، وما كُتب عليها موجود في نص المنشور',
};

function time(at: Instant, timeZone: string): string {
  const day = new Intl.DateTimeFormat(LOCALE, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone,
  });
  const hour = new Intl.DateTimeFormat(LOCALE, { hour: 'numeric', minute: '2-digit', hourCycle: 'h12', timeZone });
  return `${day.format(at)}، ${hour.format(at).replace(/\s/gu, '\u00A0')}`;
}

function missingChild(sex: Sex): string {
  return sex === 'female' ? 'طفلة مفقودة' : 'طفل مفقود';
}

/** @param two the word for two years, which changes with its place in the sentence */
function years(count: number, two: string): string {
  switch (PLURAL.select(count)) {
    case 'one':
      return 'سنة واحدة';
    case 'two':
      return two;
    case 'few':
      return `${count} سنوات`;
    default:
      return `${count} سنة`;
  }
}
