import type { Ending } from '../domain/case.js';
import type { EscalationAbout } from '../domain/ladder.js';
import type { Notice, NoticeSubject } from '../domain/notice.js';
import type { RunKind } from '../domain/policy.js';
import type { Language, LocalText } from '../domain/report.js';
import type { ChannelName } from '../domain/revision.js';

/** A notice in words. It says what is needed and what to do next, and never who the child is. */
export interface NoticeText {
  /** Without the run kind's mark. */
  readonly subject: LocalText;
  readonly text: LocalText;
  /** The case in the staff console. */
  readonly link: string;
  /** `[تمرين · EXERCISE] ` or `[اختبار · TEST] ` before everything that is no real case, else empty. */
  readonly mark: string;
}

interface Words {
  readonly subject: string;
  readonly text: string;
}

/** Everything staff are told, in one language. */
interface Phrases {
  readonly escalation: Readonly<Record<EscalationAbout, (channel: string) => Words>>;
  readonly ended: Readonly<Record<Ending['as'], Words>>;
  /** Stands before the subject when nobody answered before. */
  readonly still: string;
  readonly unanswered: (notice: number) => string;
}

const MARKS: Readonly<Record<RunKind, string>> = {
  actual: '',
  exercise: '[تمرين · EXERCISE] ',
  test: '[اختبار · TEST] ',
};

const CHANNEL_NAMES: Readonly<Record<Language, Readonly<Record<ChannelName, string>>>> = {
  ar: { facebook: 'فيسبوك', instagram: 'إنستغرام' },
  en: { facebook: 'Facebook', instagram: 'Instagram' },
};

const english: Phrases = {
  escalation: {
    approval: () => ({
      subject: 'Approval needed',
      text: 'A missing-child alert is waiting for approval. Open the case, compare the preview with the report, then approve or reject it.',
    }),
    notLive: (channel) => ({
      subject: `Not live on ${channel}`,
      text: `The approved alert is not live on ${channel}. Mafqood keeps trying. Open the case to see why, and acknowledge this notice so that nobody else is called.`,
    }),
    notStoodDown: (channel) => ({
      subject: `Not taken down from ${channel}`,
      text: `The case has ended, and its alert may still be up on ${channel}. Mafqood keeps trying. Open the case; if the post can still be seen, delete it in ${channel} itself. This notice repeats until the post is gone.`,
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
  },
  still: 'Still open: ',
  unanswered: (notice) => `Nobody has settled this yet (notice ${notice}).`,
};

const arabic: Phrases = {
  escalation: {
    approval: () => ({
      subject: 'تنبيه بانتظار الموافقة',
      text: 'تنبيه عن طفل مفقود بانتظار الموافقة. افتح الحالة وقارن المعاينة بالبلاغ، ثم وافق عليه أو ارفضه.',
    }),
    notLive: (channel) => ({
      subject: `التنبيه لم يُنشر على ${channel}`,
      text: `تمت الموافقة على التنبيه لكنه لم يُنشر بعد على ${channel}. يواصل «مفقود» المحاولة. افتح الحالة لمعرفة السبب، وأكّد استلام هذا الإشعار كي لا يُستدعى غيرك.`,
    }),
    notStoodDown: (channel) => ({
      subject: `التنبيه لم يُزَل من ${channel}`,
      text: `انتهت الحالة، وقد يكون التنبيه ما زال ظاهرًا على ${channel}. يواصل «مفقود» المحاولة. افتح الحالة، وإن كان المنشور ما زال ظاهرًا فاحذفه من ${channel} مباشرة. يتكرر هذا الإشعار حتى يُزال المنشور.`,
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
  },
  still: 'ما زال معلّقًا: ',
  unanswered: (notice) => `لم يُعالَج الأمر بعد (الإشعار رقم ${notice}).`,
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
    link: `${staffUrl.replace(/\/+$/, '')}/cases/${caseNumber}`,
    mark: MARKS[runKind],
  };
}

function words(subject: NoticeSubject, language: Language, phrases: Phrases): Words {
  if (subject.about === 'ended') return phrases.ended[subject.as];
  const channel = subject.channel === null ? '' : CHANNEL_NAMES[language][subject.channel];
  const first = phrases.escalation[subject.about](channel);
  if (subject.notice === 1) return first;
  return {
    subject: phrases.still + first.subject,
    text: `${phrases.unanswered(subject.notice)} ${first.text}`,
  };
}
