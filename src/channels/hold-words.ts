import type { Hold } from '../domain/publication.js';
import type { LocalText } from '../domain/report.js';

/** What a code that a channel is held by means, and what a person does next. Names no case, no child and no secret. */
export interface HoldWords {
  readonly means: LocalText;
  readonly next: LocalText;
}

/** Stands before what to do next, where the newest approved revision waits for a removal that is held up. */
const NEWEST_WAITS: LocalText = {
  ar: 'أحدث نسخة تمت الموافقة عليها تنتظر إزالة منشور أقدم. احذف المنشورات الأقدم يدويًا وأكّد إزالتها (confirm-removed).',
  en: 'The newest approved version waits until an older post is gone. Delete the older posts by hand and confirm that (confirm-removed).',
};

/** Some codes, and the words for them. */
interface Entry extends HoldWords {
  /**
   * A whole code (`content/mismatch`), its first part or parts (`desk`, `meta/190`), or, after a star, its last part wherever it comes
   * from: a subcode of Meta's says more than the code before it.
   */
  readonly codes: readonly string[];
}

const NOTHING_TO_DO = {
  ar: 'لا يلزمك أي إجراء: تُعاد المحاولة تلقائيًا. إن طال الأمر فاطّلع على الحساب نفسه.',
  en: 'You need not do anything: it is tried again by itself. If it lasts, look at the account itself.',
};
const CHANGE_THE_ALERT = {
  ar: 'عدّل التنبيه وأعد الموافقة عليه، أو انشره يدويًا وأكّد نشره (confirm-published).',
  en: 'Amend the alert and have that approved, or publish it by hand and confirm that (confirm-published).',
};
const TELL_OTHERWISE = {
  ar: 'أبلغ الجمهور بطرق أخرى. تُعاد المحاولة كل 5 دقائق على الأكثر، ويُنشر التنبيه متى اتسع المجال.',
  en: 'Tell the public by other ways. It is tried again every 5 minutes at most, and goes out once there is room.',
};

/**
 * The one table of what holds a publication up, in words for staff. What the API, the notices, the console and the doctor say, and
 * docs/holds.md, come from here. The codes are stable; their words are not.
 */
export const HOLD_WORDS: readonly Entry[] = [
  {
    codes: ['meta/102', 'meta/190'],
    means: {
      ar: 'رمز الوصول غير صالح: انتهت صلاحيته أو سُحب.',
      en: 'The access token is not valid: it has expired or was withdrawn.',
    },
    next: {
      ar: 'أنشئ رمزًا جديدًا واضبطه (META_ACCESS_TOKEN أو META_IG_ACCESS_TOKEN) وأعد تشغيل العمّال. تستأنف الحالة وحدها خلال 5 دقائق.',
      en: 'Make a new one, set it (META_ACCESS_TOKEN, or META_IG_ACCESS_TOKEN) and restart the workers. The case goes on by itself within 5 minutes.',
    },
  },
  {
    codes: ['meta/3'],
    means: { ar: 'لا يملك التطبيق هذه الإمكانية.', en: 'The app does not have the capability.' },
    next: {
      ar: 'راجع إعدادات التطبيق لدى ميتا. تستأنف الحالة وحدها خلال 5 دقائق.',
      en: 'See the settings of the app at Meta. The case goes on by itself within 5 minutes.',
    },
  },
  {
    codes: ['meta/10', ...Array.from({ length: 100 }, (_, index) => `meta/${200 + index}`)],
    means: { ar: 'ينقص إذن، أو الصفحة غير منشورة.', en: 'A permission is missing, or the Page is offline.' },
    next: {
      ar: 'امنح الإذن للتطبيق أو للرمز، أو أعد نشر الصفحة. لا حاجة إلى إعادة التشغيل ما لم يتغير الرمز. تستأنف الحالة وحدها خلال 5 دقائق.',
      en: 'Give it to the app or the token, or put the Page back online. No restart is needed unless the token changes. The case goes on by itself within 5 minutes.',
    },
  },
  {
    codes: ['meta/100'],
    means: { ar: 'رفضت ميتا أحد معطيات الطلب.', en: 'Meta refuses a parameter of the request.' },
    next: {
      ar: 'على شخص أن ينظر في الأمر: قارن بسجل تغييرات Graph API. حتى ذلك الحين انشر أو احذف يدويًا وأكّد ذلك.',
      en: 'A person has to look: compare with the changelog of the Graph API. Until then publish or delete by hand, and confirm it.',
    },
  },
  {
    codes: ['meta/506'],
    means: { ar: 'النص هو نص أحدث منشور نفسه.', en: 'The text is that of the newest post.' },
    next: { ar: 'اطّلع على الحساب: هل نُشر المنشور من قبل؟', en: 'Look at the account: is the post up already?' },
  },
  {
    codes: ['meta/2635'],
    means: {
      ar: 'لم تعد ميتا تقدّم هذا الإصدار من الواجهة.',
      en: 'Meta no longer serves this version of the API.',
    },
    next: {
      ar: 'اضبط META_API_VERSION على إصدار أحدث وأعد تشغيل العمّال.',
      en: 'Set META_API_VERSION to a newer one and restart the workers.',
    },
  },
  {
    codes: ['*/2207042'],
    means: {
      ar: 'استُنفدت حصة إنستغرام اليومية من المنشورات.',
      en: 'Instagram’s daily quota of posts is used up.',
    },
    next: TELL_OTHERWISE,
  },
  {
    codes: ['quota/reserved'],
    means: {
      ar: 'ما تبقى من حصة إنستغرام اليومية محفوظ لتنبيهات الخطر على الحياة وللتصحيحات.',
      en: 'What is left of Instagram’s daily quota is reserved for amber alerts and corrections.',
    },
    next: TELL_OTHERWISE,
  },
  {
    codes: ['*/2207085'],
    means: { ar: 'لا يسمح إنستغرام بحذف المنشور.', en: 'Instagram does not let the post be deleted.' },
    next: {
      ar: 'احذفه يدويًا في التطبيق. تلاحظ المحاولة التالية ذلك وحدها؛ أو أكّد إزالته (confirm-removed).',
      en: 'Delete it by hand in the app. The next try finds it gone by itself; or confirm its removal (confirm-removed).',
    },
  },
  {
    codes: ['*/2207004'],
    means: { ar: 'الصورة أكبر مما يقبله إنستغرام.', en: 'The image is too large for Instagram.' },
    next: CHANGE_THE_ALERT,
  },
  {
    codes: ['*/2207005'],
    means: { ar: 'لا يقبل إنستغرام صيغة الصورة.', en: 'The image has a format that Instagram does not take.' },
    next: CHANGE_THE_ALERT,
  },
  {
    codes: ['*/2207009'],
    means: {
      ar: 'الصورة أضيق أو أعرض مما يقبله إنستغرام.',
      en: 'The image is too narrow or too wide for Instagram.',
    },
    next: CHANGE_THE_ALERT,
  },
  {
    codes: ['*/2207010'],
    means: { ar: 'النص أطول مما يقبله إنستغرام.', en: 'The caption is too long for Instagram.' },
    next: CHANGE_THE_ALERT,
  },
  {
    codes: ['*/2207003', '*/2207052', '*/2069019'],
    means: { ar: 'لم تستطع ميتا جلب الصورة أو قراءتها.', en: 'Meta could not fetch or read the image.' },
    next: {
      ar: 'تأكد من أن MAFQOOD_PUBLIC_URL يمكن الوصول إليه من الإنترنت. تُعاد المحاولة تلقائيًا.',
      en: 'See whether MAFQOOD_PUBLIC_URL is reached from the Internet. It is tried again by itself.',
    },
  },
  {
    codes: ['*/2207051'],
    means: {
      ar: 'تشتبه ميتا في أن المنشور مزعج؛ وقد يكون منشورًا مع ذلك.',
      en: 'Meta suspects spam; the post may be live all the same.',
    },
    next: { ar: 'اطّلع على الحساب.', en: 'Look at the account.' },
  },
  {
    codes: ['*/2207020', 'container/expired', 'container/error'],
    means: {
      ar: 'لم تعد حاوية إنستغرام التي أُعدّت للنشر صالحة.',
      en: 'The container that Instagram was to publish has expired or failed.',
    },
    next: {
      ar: 'لا يلزمك أي إجراء: تُعدّ حاوية أخرى.',
      en: 'You need not do anything: another one is made.',
    },
  },
  {
    codes: ['*/2207027'],
    means: { ar: 'لم تجهز حاوية إنستغرام بعد.', en: 'Instagram’s container is not ready yet.' },
    next: NOTHING_TO_DO,
  },
  {
    codes: ['*/33'],
    means: {
      ar: 'لا تعرف ميتا شيئًا بهذا الرقم، أو لا يحق للرمز أن يراه.',
      en: 'There is no such object, or the token may not see it.',
    },
    next: {
      ar: 'إن دام الأمر فتأكد من META_PAGE_ID وMETA_IG_USER_ID ومن صلاحيات الرمز.',
      en: 'If it lasts, check META_PAGE_ID, META_IG_USER_ID and what the token may do.',
    },
  },
  {
    codes: [...[4, 17, 32, 341, 368, 613, 80_001, 80_002].map((code) => `meta/${code}`), 'http/429'],
    means: {
      ar: 'طلبات كثيرة جدًا، أو الحساب محجوب لبعض الوقت.',
      en: 'Too many calls, or the account is blocked for a time.',
    },
    next: {
      ar: 'انتظر حتى الوقت المذكور؛ الطلبات في أثناء ذلك تطيله. أبلغ الجمهور بطرق أخرى إن كان الأمر عاجلًا.',
      en: 'Wait until the time shown; calls meanwhile prolong it. Tell the public by other ways if it is urgent.',
    },
  },
  {
    codes: ['meta/1', 'meta/2'],
    means: {
      ar: 'تعطّلت ميتا، وربما بعد أن نفّذت المطلوب.',
      en: 'Meta failed, perhaps after it did what was asked.',
    },
    next: NOTHING_TO_DO,
  },
  {
    codes: ['meta', 'container'],
    means: {
      ar: 'أجابت ميتا بخطأ لا نعرف معناه.',
      en: 'Meta answered with an error that we do not know.',
    },
    next: {
      ar: 'ابحث عن الرمز في وثائق Graph API، واطّلع على الحساب. تُعاد المحاولة تلقائيًا.',
      en: 'Look the code up in the documents of the Graph API, and look at the account. It is tried again by itself.',
    },
  },
  {
    codes: ['http'],
    means: {
      ar: 'جاء جواب ليس من ميتا، أو جواب لا يُقرأ.',
      en: 'An answer came that is not Meta’s, or that cannot be read.',
    },
    next: {
      ar: 'تُعاد المحاولة تلقائيًا. إن دام الأمر فراجع META_GRAPH_URL والوسيط (proxy) إن وُجد.',
      en: 'It is tried again by itself. If it lasts, check META_GRAPH_URL and the proxy, if there is one.',
    },
  },
  {
    codes: ['network/refused'],
    means: { ar: 'لا أحد يستمع على عنوان ميتا.', en: 'Nobody listens at Meta’s address.' },
    next: {
      ar: 'تأكد من صحة META_GRAPH_URL، ومن أن الوسيط (proxy) يسمح بالوصول إليه.',
      en: 'See whether META_GRAPH_URL is right, and whether a proxy lets it through.',
    },
  },
  {
    codes: ['network/name'],
    means: { ar: 'اسم عنوان ميتا غير معروف هنا.', en: 'The name of Meta’s address is not known here.' },
    next: {
      ar: 'تأكد من صحة META_GRAPH_URL ومن وجود شبكة.',
      en: 'See whether META_GRAPH_URL is right, and whether there is a network.',
    },
  },
  {
    codes: ['network/timeout', 'network/reset'],
    means: {
      ar: 'لم يصل جواب في الوقت المحدد، أو انقطع الاتصال.',
      en: 'No answer came in time, or the connection was broken off.',
    },
    next: NOTHING_TO_DO,
  },
  {
    codes: ['desk/timeout', 'desk/unreachable', 'desk/mail'],
    means: {
      ar: 'تعذّر الوصول إلى مكتب الشريك، ولا يُعرف إن كان قد تسلّم التنبيه.',
      en: 'The partner desk could not be reached; it is not known whether it has the alert.',
    },
    next: {
      ar: 'تُعاد المحاولة تلقائيًا. اتصل بمكتب الشريك هاتفيًا إن كان الأمر عاجلًا، وراجع META_PARTNER_DESK وخادم البريد.',
      en: 'It is tried again by itself. Call the partner desk if it is urgent, and check META_PARTNER_DESK and the mail server.',
    },
  },
  {
    codes: ['desk/cannot_be_looked_at'],
    means: {
      ar: 'لا يمكن النظر في ما لدى مكتب الشريك؛ أهله وحدهم يعرفون.',
      en: 'What the partner desk has cannot be looked at: only its people know.',
    },
    next: {
      ar: 'اسأل المكتب وأكّد ما يقوله (confirm-published أو confirm-removed).',
      en: 'Ask the desk, and confirm what it says (confirm-published or confirm-removed).',
    },
  },
  {
    codes: ['desk'],
    means: {
      ar: 'لم يقبل خادم مكتب الشريك الرسالة؛ الرقم هو جوابه (HTTP أو SMTP).',
      en: 'The server of the partner desk did not take the message; the number is its answer (HTTP or SMTP).',
    },
    next: {
      ar: 'اتصل بالمكتب هاتفيًا، وراجع META_PARTNER_DESK وMETA_PARTNER_SECRET. تُعاد المحاولة كل 5 دقائق على الأكثر.',
      en: 'Call the desk, and check META_PARTNER_DESK and META_PARTNER_SECRET. It is tried again every 5 minutes at most.',
    },
  },
  {
    codes: ['no_channel_for_this_run_kind', 'run_kind_not_for_the_public'],
    means: {
      ar: 'هذا تمرين أو اختبار، وحساب النشر يصل إلى الجمهور.',
      en: 'It is an exercise or a test, and the account reaches the public.',
    },
    next: { ar: 'هذا هو المقصود: ألغِ الحالة.', en: 'As it should be: cancel the case.' },
  },
  {
    codes: ['channel/not_set_up'],
    means: {
      ar: 'لا يعرف العامل هذه القناة: شُغّل من دون إعداداتها.',
      en: 'The worker does not know the channel: it was started without its settings.',
    },
    next: {
      ar: 'أعد إعدادات القناة وأعد تشغيل العمّال، أو انشر أو احذف يدويًا وأكّد ذلك.',
      en: 'Give back the channel’s settings and restart the workers, or publish or delete by hand and confirm it.',
    },
  },
  {
    codes: ['content/mismatch'],
    means: { ar: 'المخزَّن ليس ما تمت الموافقة عليه.', en: 'What is stored is not what was approved.' },
    next: {
      ar: 'لا تنشر؛ اعرف من غيّر قاعدة البيانات.',
      en: 'Do not publish; find out who changed the database.',
    },
  },
  {
    codes: ['content/missing'],
    means: { ar: 'لم يُعطَ ما يُنشر لخطوة النشر.', en: 'The step that publishes was not given what to publish.' },
    next: {
      ar: 'هذا خلل في «مفقود»: بلّغ عنه، وانشر يدويًا وأكّد ذلك (confirm-published).',
      en: 'This is a fault of Mafqood: report it, publish by hand and confirm that (confirm-published).',
    },
  },
  {
    codes: ['not_found'],
    means: {
      ar: 'أُرسل المنشور ولم يُعثر عليه؛ لا يُرسل ثانيةً كي لا يصير اثنين.',
      en: 'The post was sent and is not found; it is not sent again, lest there be two.',
    },
    next: {
      ar: 'ابحث عنه في الحساب برقم الحالة. إن وجدته فأكّد نشره (confirm-published)، وإلا فأكّد أنه غير موجود (confirm-removed) فيُرسل من جديد.',
      en: 'Look on the account for the case number. If it is there, confirm it (confirm-published); if not, confirm that it is gone (confirm-removed), and it is sent anew.',
    },
  },
  {
    codes: ['not_sent', 'not_live', 'absent', 'step/lost', 'step/failed'],
    means: {
      ar: 'لم تُعرف نتيجة الخطوة الأخيرة بعد، أو لم يكن لها أثر.',
      en: 'What came of the last step is not known yet, or nothing did.',
    },
    next: NOTHING_TO_DO,
  },
  {
    codes: ['not_seen'],
    means: {
      ar: 'أُزيل المنشور ولم يعد يُرى؛ يُراقَب تحسّبًا لظهوره متأخرًا.',
      en: 'The post was removed and is not seen; it is watched lest it appear late.',
    },
    next: { ar: 'لا يلزمك أي إجراء.', en: 'You need not do anything.' },
  },
];

const TABLE: ReadonlyMap<string, HoldWords> = new Map(
  HOLD_WORDS.flatMap(({ codes, means, next }) => codes.map((code) => [code, { means, next }] as const)),
);

/** Of a code that this version does not have, as another one may have stored it. */
const UNKNOWN: HoldWords = {
  means: { ar: 'سبب لا يعرفه هذا الإصدار.', en: 'A reason that this version does not know.' },
  next: {
    ar: 'اطّلع على الحساب نفسه، وابحث عن الرمز في الوثائق.',
    en: 'Look at the account itself, and look the code up in the documents.',
  },
};

/**
 * What a code of a hold, or of any `ChannelFailure`, means and what to do next.
 * @param code stable, `meta/190/463`; of several entries that fit, the one that says more
 */
export function holdWords(code: string): HoldWords {
  const parts = code.split('/');
  const names = [code, `*/${parts.at(-1)}`, parts.slice(0, 2).join('/'), parts[0] ?? ''];
  return names.map((name) => TABLE.get(name)).find((words) => words !== undefined) ?? UNKNOWN;
}

/** The same of a hold, with what waits for it. */
export function wordsOfHold({ code, newestWaits }: Pick<Hold, 'code' | 'newestWaits'>): HoldWords {
  const { means, next } = holdWords(code);
  if (!newestWaits) return { means, next };
  return { means, next: { ar: `${NEWEST_WAITS.ar} ${next.ar}`, en: `${NEWEST_WAITS.en} ${next.en}` } };
}
