import type { Language } from './view.js';

/** Everything the page says by itself. */
export interface Words {
  readonly title: string;
  readonly notice: string;
  readonly bothFeeds: string;
  readonly partnerDesk: string;
  readonly otherLanguage: string;
  readonly standAt: string;
  readonly elsewhere: string;
  readonly latitude: string;
  readonly longitude: string;
  readonly orClick: string;
  readonly area: string;
  readonly areaNote: string;
  readonly radius: string;
  readonly show: string;
  readonly mapLabel: string;
  readonly noCountry: string;
  readonly hereIs: (place: string, country: string) => string;
  readonly away: (km: string) => string;
  readonly inside: string;
  readonly outside: string;
  readonly atTheCentre: string;
  readonly km: (km: string) => string;
  readonly legendArea: (km: string) => string;
  readonly legendReached: string;
  readonly legendRadius: string;
  readonly facebook: string;
  readonly instagram: string;
  readonly partner: string;
  readonly radiusAlert: {
    readonly amber: string;
    readonly missing: string;
    readonly exercise: string;
    readonly test: string;
    readonly away: (km: string) => string;
    readonly why: (km: string) => string;
  };
  readonly account: string;
  readonly justNow: string;
  readonly everyone: string;
  readonly unknownReach: string;
  readonly seeMore: string;
  readonly like: string;
  readonly comment: string;
  readonly share: string;
  readonly commentsClosed: string;
  readonly nothing: string;
  readonly offline: string;
  readonly verdict: {
    readonly none: string;
    readonly offline: string;
    readonly insideSees: (countries: string) => string;
    readonly outsideSees: (countries: string) => string;
    readonly insideMisses: (countries: string) => string;
    readonly outsideMisses: (countries: string) => string;
    readonly everyone: string;
    readonly unknown: string;
    readonly instagram: string;
    readonly radiusSees: (km: string) => string;
    readonly radiusMisses: (km: string) => string;
  };
}

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'What someone standing there sees',
    notice: 'Simulator – nothing here is on Facebook or Instagram',
    bothFeeds: 'Everything that is posted',
    partnerDesk: 'Partner desk',
    otherLanguage: 'العربية',
    standAt: 'Stand at',
    elsewhere: 'Another place',
    latitude: 'Latitude',
    longitude: 'Longitude',
    orClick: 'A click on the map takes you there.',
    area: 'Area asked for',
    areaNote: 'Meta is never told of it. Set it to the case’s to compare it with what is delivered.',
    radius: 'Radius, km',
    show: 'Show',
    mapLabel: 'Map of the area asked for, the countries reached, and where you stand',
    noCountry: 'in no country',
    hereIs: (place, country) => `${place}, ${country}`,
    away: (km) => `${km} km from the centre`,
    inside: 'Inside the area',
    outside: 'Outside the area',
    atTheCentre: 'At the centre',
    km: (km) => `${km} km`,
    legendArea: (km) => `area asked for, ${km} km`,
    legendReached: 'reached by Facebook posts',
    legendRadius: 'Radius alert',
    facebook: 'Facebook',
    instagram: 'Instagram',
    partner: 'Radius alert by the partner',
    radiusAlert: {
      amber: 'AMBER alert near you',
      missing: 'Missing child near you',
      exercise: 'EXERCISE – not a real case',
      test: 'TEST – not a real case',
      away: (km) => `${km} km from you`,
      why: (km) => `Shown to everybody within ${km} km`,
    },
    account: 'Simulated account',
    justNow: 'Just now',
    everyone: 'Public',
    unknownReach: 'Named places',
    seeMore: 'See more',
    like: 'Like',
    comment: 'Comment',
    share: 'Share',
    commentsClosed: 'Comments are turned off',
    nothing: 'No alert here',
    offline: 'This page isn’t available',
    verdict: {
      none: 'No alert is live.',
      offline: 'The Page is offline: nobody sees its posts.',
      insideSees: (countries) => `Inside the area, and sees the alert. It goes to all of ${countries}.`,
      outsideSees: (countries) =>
        `Outside the area, and sees the alert all the same: a post cannot be aimed at a radius, so it goes to all of ${countries}.`,
      insideMisses: (countries) =>
        `Inside the area, and does not see the alert: a post is aimed at countries, and this one goes to ${countries} only.`,
      outsideMisses: (countries) => `Outside the area, and does not see the alert: it goes to ${countries} only.`,
      everyone: 'The alert has no countries: it goes to everyone, everywhere.',
      unknown: 'The alert is aimed at cities, regions or zips, whose places the simulator does not know.',
      instagram: 'Instagram posts cannot be aimed at a place: everyone sees the alert, everywhere.',
      radiusSees: (km) => `Within the ${km} km that the partner shows it in, and sees the alert on both feeds.`,
      radiusMisses: (km) => `Not within the ${km} km that the partner shows it in, and does not see it.`,
    },
  },
  ar: {
    title: 'ما يراه من يقف هناك',
    notice: 'محاكاة – لا شيء هنا منشور على فيسبوك أو إنستغرام',
    bothFeeds: 'كل ما نُشر',
    partnerDesk: 'مكتب الشريك',
    otherLanguage: 'English',
    standAt: 'قف في',
    elsewhere: 'مكان آخر',
    latitude: 'خط العرض',
    longitude: 'خط الطول',
    orClick: 'انقر على الخريطة لتقف هناك.',
    area: 'النطاق المطلوب',
    areaNote: 'لا يُبلَّغ به ميتا أبدًا. اضبطه على نطاق الحالة لتقارنه بما وصل فعلًا.',
    radius: 'نصف القطر، كم',
    show: 'اعرض',
    mapLabel: 'خريطة النطاق المطلوب والدول التي يصلها المنشور ومكان وقوفك',
    noCountry: 'خارج كل الدول',
    hereIs: (place, country) => `${place}، ${country}`,
    away: (km) => `على بعد ${km} كم من المركز`,
    inside: 'داخل النطاق',
    outside: 'خارج النطاق',
    atTheCentre: 'في المركز',
    km: (km) => `${km} كم`,
    legendArea: (km) => `النطاق المطلوب، ${km} كم`,
    legendReached: 'تصلها منشورات فيسبوك',
    legendRadius: 'تنبيه الشريك',
    facebook: 'فيسبوك',
    instagram: 'إنستغرام',
    partner: 'تنبيه الشريك ضمن نصف القطر',
    radiusAlert: {
      amber: 'تنبيه آمبر بالقرب منك',
      missing: 'طفل مفقود بالقرب منك',
      exercise: 'تمرين – ليست حالة حقيقية',
      test: 'اختبار – ليست حالة حقيقية',
      away: (km) => `على بعد ${km} كم منك`,
      why: (km) => `يظهر لكل من هو ضمن ${km} كم`,
    },
    account: 'صفحة تجريبية',
    justNow: 'الآن',
    everyone: 'العامة',
    unknownReach: 'أماكن محددة',
    seeMore: 'عرض المزيد',
    like: 'أعجبني',
    comment: 'تعليق',
    share: 'مشاركة',
    commentsClosed: 'التعليقات مغلقة',
    nothing: 'لا تنبيه هنا',
    offline: 'هذه الصفحة غير متاحة',
    verdict: {
      none: 'لا يوجد تنبيه منشور.',
      offline: 'الصفحة موقوفة: لا أحد يرى منشوراتها.',
      insideSees: (countries) => `داخل النطاق ويرى التنبيه. يصل المنشور إلى كل من في ${countries}.`,
      outsideSees: (countries) =>
        `خارج النطاق ويرى التنبيه مع ذلك: لا يمكن توجيه المنشور إلى نصف قطر، فيصل إلى كل من في ${countries}.`,
      insideMisses: (countries) => `داخل النطاق ولا يرى التنبيه: يوجَّه المنشور إلى دول، وهذا موجه إلى ${countries} فقط.`,
      outsideMisses: (countries) => `خارج النطاق ولا يرى التنبيه: هو موجه إلى ${countries} فقط.`,
      everyone: 'التنبيه بلا دول محددة: يصل إلى الجميع في كل مكان.',
      unknown: 'التنبيه موجه إلى مدن أو مناطق أو رموز بريدية لا يعرف المحاكي أماكنها.',
      instagram: 'لا يمكن توجيه منشورات إنستغرام إلى مكان: يراها الجميع في كل مكان.',
      radiusSees: (km) => `داخل نصف القطر الذي يعرض فيه الشريك التنبيه (${km} كم)، ويراه في التطبيقين.`,
      radiusMisses: (km) => `خارج نصف القطر الذي يعرض فيه الشريك التنبيه (${km} كم)، ولا يراه.`,
    },
  },
};

/** Latin digits in both languages, as the alerts themselves have. */
const LOCALE: Readonly<Record<Language, string>> = { ar: 'ar-QA-u-nu-latn', en: 'en-GB' };

export function countryName(code: string, language: Language): string {
  return new Intl.DisplayNames([LOCALE[language]], { type: 'region', fallback: 'code' }).of(code) ?? code;
}

export function listOf(words: readonly string[], language: Language): string {
  return new Intl.ListFormat(LOCALE[language], { type: 'conjunction' }).format(words);
}

/** Whole kilometres, one decimal below ten. */
export function kilometres(km: number, language: Language): string {
  return new Intl.NumberFormat(LOCALE[language], { maximumFractionDigits: km < 10 ? 1 : 0 }).format(km);
}

const UNITS = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** How long ago something was, as feeds say it: in the greatest unit that fits. */
export function timeAgo(at: string, now: number, language: Language): string {
  const ms = now - Date.parse(at);
  const fitting = UNITS.find(([, length]) => ms >= length);
  if (fitting === undefined) return WORDS[language].justNow;
  const [unit, length] = fitting;
  return new Intl.RelativeTimeFormat(LOCALE[language], { style: 'short' }).format(-Math.floor(ms / length), unit);
}
