import type { DeskRequest, RequestState } from './desk.js';

export type Language = 'ar' | 'en';

type Kind = DeskRequest['kind'];

/** Everything the desk's page says by itself. */
export interface Words {
  readonly title: string;
  readonly notice: string;
  readonly intro: string;
  readonly otherLanguage: string;
  readonly bothFeeds: string;
  readonly onAPhone: string;
  readonly nothing: string;
  readonly asked: (kind: Kind, km: string) => string;
  readonly button: Readonly<Record<Kind, string>>;
  readonly again: string;
  readonly state: Readonly<Record<RequestState, string>>;
  readonly needsPublishing: string;
  readonly shown: (km: string) => string;
  readonly notShown: string;
  readonly over: string;
  readonly exercise: string;
  readonly test: string;
  readonly actual: string;
  readonly tier: (tier: string) => string;
  readonly radius: string;
  readonly km: (km: string) => string;
  readonly centre: string;
  readonly countries: string;
  readonly digest: string;
  readonly received: string;
  readonly receivedAgain: (times: number) => string;
  readonly confirmed: string;
  readonly answered: (status: number | null) => string;
  readonly arabic: string;
  readonly english: string;
  readonly sheet: string;
}

const TIERS: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: { amber: 'AMBER alert', missing: 'Missing child' },
  ar: { amber: 'تنبيه آمبر', missing: 'طفل مفقود' },
};

export const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    title: 'Partner desk',
    notice: 'Simulator – nothing here is on Facebook or Instagram',
    intro: 'What the people see who run the radius alert. A button does it on the simulated phones, then confirms it.',
    otherLanguage: 'العربية',
    bothFeeds: 'Everything that is posted',
    onAPhone: 'On a phone',
    nothing: 'Nothing has been handed over.',
    asked: (kind, km) =>
      ({ publish: `Publish it within ${km} km`, area: `Widen it to ${km} km`, remove: 'Take it down everywhere' })[
        kind
      ],
    button: { publish: 'Publish and confirm', area: 'Widen', remove: 'Take down and confirm' },
    again: 'Confirm again',
    state: { waiting: 'Waiting', unconfirmed: 'Not confirmed', done: 'Done', overtaken: 'No longer wanted' },
    needsPublishing: 'Publish it first.',
    shown: (km) => `Shown within ${km} km`,
    notShown: 'Not shown',
    over: 'This alert is over. Nothing of it is kept here.',
    exercise: 'EXERCISE – not a real case',
    test: 'TEST – not a real case',
    actual: 'Actual case',
    tier: (tier) => TIERS.en[tier] ?? tier,
    radius: 'Radius',
    km: (km) => `${km} km`,
    centre: 'Centre',
    countries: 'Countries',
    digest: 'Digest',
    received: 'received',
    receivedAgain: (times) => (times === 1 ? 'came once more' : `came ${times} times more`),
    confirmed: 'confirmed',
    answered: (status) => (status === null ? 'The service could not be reached.' : `The service answered ${status}.`),
    arabic: 'Arabic',
    english: 'English',
    sheet: 'PDF',
  },
  ar: {
    title: 'مكتب الشريك',
    notice: 'محاكاة – لا شيء هنا منشور على فيسبوك أو إنستغرام',
    intro: 'ما يراه القائمون على التنبيه ضمن نصف القطر. ينفّذ الزر المطلوب على الهواتف المحاكاة ثم يؤكده.',
    otherLanguage: 'English',
    bothFeeds: 'كل ما نُشر',
    onAPhone: 'على هاتف',
    nothing: 'لم يُسلَّم شيء.',
    asked: (kind, km) =>
      ({ publish: `انشره ضمن ${km} كم`, area: `وسّعه إلى ${km} كم`, remove: 'أزله من كل مكان' })[kind],
    button: { publish: 'انشر وأكّد', area: 'وسّع', remove: 'أزل وأكّد' },
    again: 'أكّد مرة أخرى',
    state: { waiting: 'بالانتظار', unconfirmed: 'لم يُؤكَّد', done: 'تم', overtaken: 'لم يعد مطلوبًا' },
    needsPublishing: 'انشره أولًا.',
    shown: (km) => `معروض ضمن ${km} كم`,
    notShown: 'غير معروض',
    over: 'انتهى هذا التنبيه، ولا يُحفظ منه شيء هنا.',
    exercise: 'تمرين – ليست حالة حقيقية',
    test: 'اختبار – ليست حالة حقيقية',
    actual: 'حالة حقيقية',
    tier: (tier) => TIERS.ar[tier] ?? tier,
    radius: 'نصف القطر',
    km: (km) => `${km} كم`,
    centre: 'المركز',
    countries: 'الدول',
    digest: 'البصمة',
    received: 'وصل',
    receivedAgain: (times) => (times === 1 ? 'وصل مرة أخرى' : `تكرر وصوله، عدد المرات: ${times}`),
    confirmed: 'أُكّد',
    answered: (status) => (status === null ? 'تعذّر الوصول إلى الخدمة.' : `أجابت الخدمة بالرمز ${status}.`),
    arabic: 'العربية',
    english: 'الإنجليزية',
    sheet: 'PDF',
  },
};
