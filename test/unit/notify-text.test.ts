import { describe, expect, test } from '@jest/globals';
import { holdWords } from '../../src/channels/hold-words.js';
import type { Notice, NoticeSubject } from '../../src/domain/notice.js';
import { CHANNELS } from '../../src/domain/channel.js';
import { noticeText } from '../../src/notify/notice-text.js';

const notice = (subject: NoticeSubject, changes: Partial<Notice> = {}): Notice => ({
  id: 'MFQ-7K3D-92XQ:4',
  caseNumber: 'MFQ-7K3D-92XQ',
  tier: 'amber',
  runKind: 'actual',
  people: ['supervisor-1'],
  subject,
  at: Date.UTC(2026, 10, 24),
  ...changes,
});

const SUBJECTS: NoticeSubject[] = [
  { about: 'approval', channel: null, notice: 1 },
  { about: 'approval', channel: null, notice: 4 },
  ...CHANNELS.flatMap((channel): NoticeSubject[] => [
    { about: 'notLive', channel, notice: 1 },
    { about: 'notLive', channel, notice: 4 },
    { about: 'notStoodDown', channel, notice: 1 },
    { about: 'notStoodDown', channel, notice: 4 },
    { about: 'account', channel, problem: 'notRemoved', posts: 2 },
    { about: 'account', channel, problem: 'unknownCase', posts: 2 },
    { about: 'account', channel, problem: 'unsettled', posts: 2 },
    { about: 'quota', channel, used: 40, total: 50 },
  ]),
  ...(['resolved', 'expired', 'cancelled', 'rejected'] as const).map((as): NoticeSubject => ({ about: 'ended', as })),
];

describe('a notice', () => {
  test('says something of its own for each subject, in each language', () => {
    for (const language of ['ar', 'en'] as const) {
      const texts = SUBJECTS.map((subject) => noticeText(notice(subject), 'https://staff.example').text[language]);
      const subjects = SUBJECTS.map(
        (subject) => noticeText(notice(subject), 'https://staff.example').subject[language],
      );
      expect(new Set(texts).size).toBe(SUBJECTS.length);
      expect(new Set(subjects).size).toBe(SUBJECTS.length);
      for (const words of [...texts, ...subjects]) {
        expect(words).not.toMatch(/undefined|null/);
        expect(/[\u0600-\u06FF]/.test(words)).toBe(language === 'ar');
      }
    }
  });

  test.each([
    ['facebook', 'Facebook', 'فيسبوك'],
    ['instagram', 'Instagram', 'إنستغرام'],
  ] as const)('about %s names it', (channel, english, arabic) => {
    for (const about of ['notLive', 'notStoodDown'] as const) {
      const { subject, text } = noticeText(notice({ about, channel, notice: 1 }), 'https://staff.example');
      for (const words of [subject.en, text.en]) expect(words).toContain(english);
      for (const words of [subject.ar, text.ar]) expect(words).toContain(arabic);
    }
  });

  test('about a channel that something holds up says what, and what to do next', () => {
    const subject = { about: 'notLive', channel: 'facebook', notice: 2, code: 'meta/190/463' } as const;
    const { text } = noticeText(notice(subject), 'https://staff.example');
    const { means, next } = holdWords('meta/190');
    expect(text.en).toContain(`Reason (meta/190/463): ${means.en} ${next.en}`);
    expect(text.ar).toContain(`(meta/190/463): ${means.ar} ${next.ar}`);
  });

  test('that repeats says that nobody answered, and which one it is', () => {
    const again = noticeText(notice({ about: 'approval', channel: null, notice: 3 }), 'https://staff.example');
    expect(again.subject.en).toBe('Still open: Approval needed');
    expect(again.text.en).toMatch(/^Nobody has settled this yet \(notice 3\)\. /);
    expect(again.text.ar).toContain('الإشعار رقم 3');
  });

  test('leads to its case, however the console’s address is written', () => {
    const subject = { about: 'ended', as: 'resolved' } as const;
    for (const staffUrl of ['https://staff.example/duty', 'https://staff.example/duty/']) {
      expect(noticeText(notice(subject), staffUrl).link).toBe('https://staff.example/duty/cases/MFQ-7K3D-92XQ');
    }
  });

  test('of no case leads to the console', () => {
    const quota = notice({ about: 'quota', channel: 'instagram', used: 40, total: 50 }, { caseNumber: null });
    expect(noticeText(quota, 'https://staff.example/duty/').link).toBe('https://staff.example/duty/cases');
    expect(noticeText(quota, 'https://staff.example').text.en).toContain('takes 50 posts in 24 hours, and 40 are used');
  });

  test('of an exercise or a test is marked in both languages, and that of a real case is not', () => {
    const mark = (runKind: Notice['runKind']): string =>
      noticeText(notice({ about: 'ended', as: 'expired' }, { runKind }), 'https://staff.example').mark;
    expect(mark('exercise')).toBe('[تمرين · EXERCISE] ');
    expect(mark('test')).toBe('[اختبار · TEST] ');
    expect(mark('actual')).toBe('');
  });
});
