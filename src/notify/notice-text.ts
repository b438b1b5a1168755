import { wordsOfHold } from '../channels/hold-words.js';
import type { Ending } from '../domain/case.js';
import type { EscalationAbout } from '../domain/ladder.js';
import type { AccountProblem, Notice, NoticeSubject } from '../domain/notice.js';
import type { RunKind } from '../domain/policy.js';
import type { Language, LocalText } from '../domain/report.js';
import type { ChannelName } from '../domain/channel.js';

/** A notice in words. It says what is needed and what to do next, and never who the child is. */
export interface NoticeText {
  /** Without the run kind's mark. */
  readonly subject: LocalText;
  readonly text: LocalText;
  /** The case in the staff console; the console itself when it is about none. */
  readonly link: string;
  /** `[تمرين · EXERCISE] ` or `[اختبار · TEST] ` before everything that is no real case, else empty. */
  readonly mark: string;
}

interface Words {
  readonly subject: string;
  readonly text: string;
}

type EscalationSubject = Extract<NoticeSubject, { readonly about: EscalationAbout }>;

/** Everything staff are told, in one language. */
interface Phrases {
  readonly escalation: Readonly<Record<EscalationAbout, (channel: string) => Words>>;
  readonly ended: Readonly<Record<Ending['as'], Words>>;
  readonly returned: Words;
  readonly amendmentRejected: Words;
  readonly account: Readonly<Record<AccountProblem, (channel: string, posts: number) => Words>>;
  readonly quota: (channel: string, used: number, total: number) => Words;
  /** Stands before the subject when nobody answered before. */
  readonly still: string;
  readonly unanswered: (notice: number) => string;
  /** Stands before what holds a channel up. */
  readonly reason: (code: string) => string;
}

const MARKS: Readonly<Record<RunKind, string>> = {
  actual: '',
  exercise: '[تمرين · EXERCISE] ',
  test: '[اختبار · TEST] ',
};

const CHANNEL_NAMES: Readonly<Record<Language, Readonly<Record<ChannelName, string>>>> = {
  ar: { facebook: 'فيسبوك', instagram: 'إنستغرام', 'meta-partner': 'مكتب الشريك في ميتا' },
  en: { facebook: 'Facebook', instagram: 'Instagram', 'meta-partner': 'the partner desk at Meta' },
};

const english: Phrases = {
  escalation: {
    approval: () => ({
      subject: 'Approval needed',
      text: 'A missing-child alert is waiting for approval. Open the case, compare the preview with the report, then approve or reject it.',
    }),
    correction: () => ({
      subject: 'Correction needed',
      text: 'A report was sent back and nobody has corrected it yet, so no alert is out. See that it is corrected, or decide on the case.',
    }),
    amendment: () => ({
      subject: 'Amendment to approve',
      text: 'A new version of an alert that is live is waiting for approval. Open the case, compare the versions, then approve or reject the new one.',
    }),
    review: () => ({
      subject: 'Review the alert',
      text: 'The alert has been live for a long time. Open the case and decide: widen, extend, amend or end it. Acknowledge this notice when you have looked.',
    }),
    expiry: () => ({
      subject: 'The alert is about to expire',
      text: 'The alert comes down by itself at its expiry. If the child is still missing, extend it. If it may end, acknowledge this notice.',
    }),
    notLive: (channel) => ({
      subject: `Not live on ${channel}`,
      text: `The approved alert is not live on ${channel}. Mafqood keeps trying. Open the case to see why, and acknowledge this notice so that nobody else is called.`,
    }),
    notStoodDown: (channel) => ({
      subject: `Not taken down from ${channel}`,
      text: `An alert that should be gone may still be up on ${channel}. Mafqood keeps trying. Open the case; if the post can still be seen, delete it in ${channel} itself. This notice repeats until the post is gone.`,
    }),
  },
  ended: {
    resolved: {
      subject: 'Child found',
      text: 'The child has been found and the case has ended. Whatever was published is being taken down. You need not do anything.',
    },
    expired: {
      subject: 'Alert expired',
      text: 'The alert has reached the end of its time and is being taken down. The child has not been reported found. To alert the public again, enter a new report.',
    },
    cancelled: {
      subject: 'Alert cancelled',
      text: 'A supervisor cancelled the case. Whatever was published is being taken down. Please do not pass the alert on.',
    },
    rejected: {
      subject: 'Report rejected',
      text: 'A supervisor rejected the report. Nothing was published. The case shows the reason.',
    },
    withdrawn: {
      subject: 'Report withdrawn',
      text: 'The report was withdrawn before it was approved. Nothing was published. You need not do anything.',
    },
  },
  returned: {
    subject: 'Please correct your report',
    text: 'A supervisor sent your report back. The case says what is to be corrected. Nothing is published until you resubmit it and it is approved.',
  },
  amendmentRejected: {
    subject: 'Your amendment was rejected',
    text: 'A supervisor rejected the new version of the alert. What was live stays live. The case shows the reason.',
  },
  account: {
    notRemoved: (channel, posts) => ({
      subject: `Stray post still up on ${channel}`,
      text: `On ${channel} the public still sees what no case wants (posts: ${posts}), and it cannot be removed. Mafqood tries again every few minutes. Look on ${channel} for the case number, and delete what carries it and should not be there.`,
    }),
    unknownCase: (channel, posts) => ({
      subject: `Post of an unknown case on ${channel}`,
      text: `On ${channel} there is an alert whose case this system does not know (posts: ${posts}): from before a restored backup, or from another installation on the same account. Mafqood does not touch it. Look on ${channel} for the case number and find out whose it is; if nobody's, delete it.`,
    }),
    unsettled: (channel, posts) => ({
      subject: `Unexplained post on ${channel}`,
      text: `On ${channel} there is an alert that its open case does not know (posts: ${posts}), and it cannot be told whether it is wanted. Mafqood does not touch it. Open the case, compare it with ${channel}, and delete there what should not be there.`,
    }),
  },
  quota: (channel, used, total) => ({
    subject: `${channel} has few posts left today`,
    text: `${channel} takes ${total} posts in 24 hours, and ${used} are used. What is left is kept for amber alerts and corrections: the first posts of other alerts and of exercises wait. Stop exercises on this account, and tell the public of urgent cases by other ways as well.`,
  }),
  still: 'Still open: ',
  unanswered: (notice) => `Nobody has settled this yet (notice ${notice}).`,
  reason: (code) => `Reason (${code}):`,
};

const arabic: Phrases = {
  escalation: {
    approval: () => ({
      subject: 'تنبيه بانتظار الموافقة',
      text: 'تنبيه عن طفل مفقود بانتظار الموافقة. افتح الحالة وقارن المعاينة بالبلاغ، ثم وافق عليه أو ارفضه.',
    }),
    correction: () => ({
      subject: 'بلاغ بانتظار التصحيح',
      text: 'أُعيد بلاغ لتصحيحه ولم يصححه أحد بعد، ولذلك لم يُنشر أي تنبيه. تأكد من تصحيحه أو اتخذ قرارًا بشأن الحالة.',
    }),
    amendment: () => ({
      subject: 'تعديل بانتظار الموافقة',
      text: 'نسخة جديدة من تنبيه منشور بانتظار الموافقة. افتح الحالة وقارن النسختين، ثم وافق على الجديدة أو ارفضها.',
    }),
    review: () => ({
      subject: 'راجع التنبيه',
      text: 'التنبيه منشور منذ مدة طويلة. افتح الحالة وقرر: توسيع النطاق أو التمديد أو التعديل أو الإنهاء. أكّد استلام هذا الإشعار بعد المراجعة.',
    }),
    expiry: () => ({
      subject: 'التنبيه على وشك الانتهاء',
      text: 'يُزال التنبيه تلقائيًا عند انتهاء مدته. إن كان الطفل ما زال مفقودًا فمدّد التنبيه، وإن جاز أن ينتهي فأكّد استلام هذا الإشعار.',
    }),
    notLive: (channel) => ({
      subject: `التنبيه لم يُنشر على ${channel}`,
      text: `تمت الموافقة على التنبيه لكنه لم يُنشر بعد على ${channel}. يواصل «مفقود» المحاولة. افتح الحالة لمعرفة السبب، وأكّد استلام هذا الإشعار كي لا يُستدعى غيرك.`,
    }),
    notStoodDown: (channel) => ({
      subject: `التنبيه لم يُزَل من ${channel}`,
      text: `قد يكون تنبيه يجب أن يُزال ما زال ظاهرًا على ${channel}. يواصل «مفقود» المحاولة. افتح الحالة، وإن كان المنشور ما زال ظاهرًا فاحذفه من ${channel} مباشرة. يتكرر هذا الإشعار حتى يُزال المنشور.`,
    }),
  },
  ended: {
    resolved: {
      subject: 'عُثر على الطفل',
      text: 'عُثر على الطفل وانتهت الحالة. تجري إزالة كل ما نُشر، ولا يلزمك أي إجراء.',
    },
    expired: {
      subject: 'انتهت مدة التنبيه',
      text: 'انتهت مدة التنبيه وتجري إزالته. لم يرد ما يفيد بالعثور على الطفل. لتنبيه الجمهور من جديد أدخل بلاغًا جديدًا.',
    },
    cancelled: {
      subject: 'أُلغي التنبيه',
      text: 'ألغى أحد المشرفين الحالة. تجري إزالة كل ما نُشر. يُرجى عدم تداول التنبيه.',
    },
    rejected: {
      subject: 'رُفض البلاغ',
      text: 'رفض أحد المشرفين البلاغ، ولم يُنشر شيء. السبب مذكور في الحالة.',
    },
    withdrawn: {
      subject: 'سُحب البلاغ',
      text: 'سُحب البلاغ قبل الموافقة عليه ولم يُنشر شيء. لا يلزمك أي إجراء.',
    },
  },
  returned: {
    subject: 'يُرجى تصحيح بلاغك',
    text: 'أعاد أحد المشرفين بلاغك. تذكر الحالة ما يلزم تصحيحه. لا يُنشر شيء قبل أن تعيد إرساله ويُوافَق عليه.',
  },
  amendmentRejected: {
    subject: 'رُفض تعديلك',
    text: 'رفض أحد المشرفين النسخة الجديدة من التنبيه. يبقى المنشور كما هو. السبب مذكور في الحالة.',
  },
  account: {
    notRemoved: (channel, posts) => ({
      subject: `منشور شارد ما زال ظاهرًا على ${channel}`,
      text: `ما زال الجمهور يرى على ${channel} ما لا تطلبه أي حالة (عدد المنشورات: ${posts})، وتعذّرت إزالته. يعيد «مفقود» المحاولة كل بضع دقائق. ابحث في ${channel} عن رقم الحالة واحذف ما يحمله ولا ينبغي أن يكون هناك.`,
    }),
    unknownCase: (channel, posts) => ({
      subject: `منشور لحالة غير معروفة على ${channel}`,
      text: `على ${channel} تنبيه لا يعرف هذا النظام حالته (عدد المنشورات: ${posts}): من قبل استعادة نسخة احتياطية، أو من نظام آخر على الحساب نفسه. لا يمسّه «مفقود». ابحث في ${channel} عن رقم الحالة واعرف لمن هو؛ وإن لم يكن لأحد فاحذفه.`,
    }),
    unsettled: (channel, posts) => ({
      subject: `منشور غير مفسَّر على ${channel}`,
      text: `على ${channel} تنبيه لا تعرفه حالته المفتوحة (عدد المنشورات: ${posts})، ولا يمكن الجزم إن كان مطلوبًا. لا يمسّه «مفقود». افتح الحالة وقارنها بما على ${channel}، واحذف هناك ما لا ينبغي أن يكون.`,
    }),
  },
  quota: (channel, used, total) => ({
    subject: `المنشورات المتبقية اليوم على ${channel} قليلة`,
    text: `يقبل ${channel} ${total} منشورًا خلال 24 ساعة، استُخدم منها ${used}. ما تبقى محفوظ لتنبيهات الخطر على الحياة وللتصحيحات، أما أول منشورات التنبيهات الأخرى والتمارين فتنتظر. أوقف التمارين على هذا الحساب، وأبلغ الجمهور بالحالات العاجلة بطرق أخرى أيضًا.`,
  }),
  still: 'ما زال معلّقًا: ',
  unanswered: (notice) => `لم يُعالَج الأمر بعد (الإشعار رقم ${notice}).`,
  reason: (code) => `السبب (${code}):`,
};

/**
 * Puts a notice into words, in every language.
 * @param staffUrl where the staff console is, with or without a slash at its end
 */
export function noticeText({ caseNumber, runKind, subject }: Notice, staffUrl: string): NoticeText {
  const ar = words(subject, 'ar', arabic);
  const en = words(subject, 'en', english);
  return {
    subject: { ar: ar.subject, en: en.subject },
    text: { ar: ar.text, en: en.text },
    link: [staffUrl.replace(/\/+$/, ''), 'cases', caseNumber ?? []].flat().join('/'),
    mark: MARKS[runKind],
  };
}

function words(subject: NoticeSubject, language: Language, phrases: Phrases): Words {
  if (subject.about === 'ended') return phrases.ended[subject.as];
  if (subject.about === 'returned' || subject.about === 'amendmentRejected') return phrases[subject.about];
  if (subject.about === 'account') {
    return phrases.account[subject.problem](CHANNEL_NAMES[language][subject.channel], subject.posts);
  }
  if (subject.about === 'quota') {
    return phrases.quota(CHANNEL_NAMES[language][subject.channel], subject.used, subject.total);
  }
  const channel = subject.channel === null ? '' : CHANNEL_NAMES[language][subject.channel];
  const first = phrases.escalation[subject.about](channel);
  const text = [first.text, ...reason(subject, language, phrases)].join(' ');
  if (subject.notice === 1) return { ...first, text };
  return { subject: phrases.still + first.subject, text: `${phrases.unanswered(subject.notice)} ${text}` };
}

function reason({ code, newestWaits }: EscalationSubject, language: Language, phrases: Phrases): string[] {
  if (code === undefined) return [];
  const { means, next } = wordsOfHold({ code, ...(newestWaits && { newestWaits }) });
  return [phrases.reason(code), means[language], next[language]];
}
