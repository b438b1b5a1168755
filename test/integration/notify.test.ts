import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Logger, pino } from 'pino';
import type { Notice } from '../../src/domain/notice.js';
import type { NoticeLog, Reached } from '../../src/notify/notice-log.js';
import { createNotifier } from '../../src/notify/notifier.js';
import type { PolicyFile } from '../../src/policy/policy-file.js';
import { NoticeNotDelivered, type Notifier } from '../../src/ports/notifier.js';
import { type MailServer, startMailServer, startWebhookServer, type WebhookServer } from './notify-receivers.js';

const SECRET = 'a secret that only the gateway knows';
const CALM = new AbortController().signal;

const NOTICE: Notice = {
  id: 'MFQ-7K3D-92XQ:4',
  caseNumber: 'MFQ-7K3D-92XQ',
  tier: 'amber',
  runKind: 'exercise',
  people: ['supervisor-1', 'supervisor-2'],
  subject: { about: 'approval', channel: null, notice: 1 },
  at: Date.UTC(2026, 10, 24, 2, 20, 5),
};

/** A log in memory that can be made unreachable, as PostgreSQL is when it is down, or be left without an answer. */
class MemoryLog implements NoticeLog {
  state: 'up' | 'down' | 'silent' = 'up';
  readonly delivered = new Set<string>();
  readonly failures: string[] = [];

  reached = (id: string): Promise<readonly Reached[]> =>
    this.#answer(() =>
      [...this.delivered].flatMap((key) => {
        const [notice, person = '', way = ''] = key.split(' ');
        return notice === id ? [{ person, way }] : [];
      }),
    );

  recordDelivered = ({ id }: Notice, person: string, way: string): Promise<void> =>
    this.#answer(() => void this.delivered.add(`${id} ${person} ${way}`));

  recordFailed = (_notice: Notice, person: string, way: string, code: string): Promise<void> =>
    this.#answer(() => void this.failures.push(`${person} ${way} ${code}`));

  #answer<T>(say: () => T): Promise<T> {
    if (this.state === 'silent') return new Promise(() => undefined);
    return this.state === 'up' ? Promise.resolve(say()) : Promise.reject(new Error('ECONNREFUSED'));
  }
}

let mail: MailServer;
let webhook: WebhookServer;
let log: MemoryLog;
let logged: string;
let logger: Logger;

beforeEach(async () => {
  mail = await startMailServer();
  webhook = await startWebhookServer();
  log = new MemoryLog();
  logged = '';
  logger = pino({}, { write: (line: string) => (logged += line) });
});

afterEach(async () => {
  await mail.close();
  await webhook.close();
});

function notifier(people: PolicyFile['people'] = everybody()): Notifier {
  return createNotifier({
    people,
    mail: { smtpUrl: mail.url, from: 'Mafqood <alerts@mafqood.example>' },
    webhook: { secret: SECRET },
    staffUrl: 'https://staff.example/',
    log,
    logger,
  });
}

function everybody(): PolicyFile['people'] {
  return {
    'supervisor-1': { mail: 'supervisor-1@mafqood.example', webhook: `${webhook.url}?key=gateway-key` },
    'supervisor-2': { mail: 'supervisor-2@mafqood.example' },
  };
}

const recipients = (): (string | undefined)[] =>
  mail.mails.flatMap(({ to }) => (to ?? []).map(({ address }) => address)).sort();

describe('a notice', () => {
  test('reaches each person in every way they have, in both languages, with a link and without a name', async () => {
    await notifier().notify(NOTICE, CALM);
    expect(recipients()).toEqual(['supervisor-1@mafqood.example', 'supervisor-2@mafqood.example']);
    const [received] = mail.mails;
    expect(received?.subject).toBe('[تمرين · EXERCISE] تنبيه بانتظار الموافقة · Approval needed · MFQ-7K3D-92XQ');
    expect(received?.text).toContain('بانتظار الموافقة. افتح الحالة');
    expect(received?.text).toContain('is waiting for approval. Open the case');
    expect(received?.text).toContain('https://staff.example/cases/MFQ-7K3D-92XQ');
    expect(received?.from?.address).toBe('alerts@mafqood.example');
    expect(webhook.calls).toHaveLength(1);
    expect(log.delivered.size).toBe(3);
  });

  test('by webhook says what it is about, in words and in fields', async () => {
    await notifier().notify({ ...NOTICE, subject: { about: 'notLive', channel: 'facebook', notice: 2 } }, CALM);
    expect(JSON.parse(webhook.calls[0]?.body ?? '')).toEqual({
      id: NOTICE.id,
      person: 'supervisor-1',
      caseNumber: 'MFQ-7K3D-92XQ',
      tier: 'amber',
      runKind: 'exercise',
      about: 'notLive',
      channel: 'facebook',
      notice: 2,
      at: '2026-11-24T02:20:05.000Z',
      subject: {
        ar: '[تمرين · EXERCISE] ما زال معلّقًا: التنبيه لم يُنشر على فيسبوك',
        en: '[تمرين · EXERCISE] Still open: Not live on Facebook',
      },
      text: { ar: expect.stringContaining('فيسبوك'), en: expect.stringContaining('Facebook') },
      link: 'https://staff.example/cases/MFQ-7K3D-92XQ',
    });
  });

  test('of an account and no case names none', async () => {
    const subject = { about: 'quota', channel: 'instagram', used: 40, total: 50 } as const;
    await notifier().notify({ ...NOTICE, runKind: 'actual', caseNumber: null, subject }, CALM);
    expect(mail.mails[0]?.subject).toBe(
      'المنشورات المتبقية اليوم على إنستغرام قليلة · Instagram has few posts left today',
    );
    const sent = JSON.parse(webhook.calls[0]?.body ?? '') as object;
    expect(sent).toMatchObject({ caseNumber: null, about: 'quota', channel: 'instagram', used: 40, total: 50 });
  });

  test('by webhook is signed together with its time', async () => {
    await notifier().notify(NOTICE, CALM);
    const [call] = webhook.calls;
    if (!call) throw new Error('the webhook was not called');
    const { headers, body } = call;
    const timestamp = String(headers['mafqood-timestamp']);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
    expect(headers['content-type']).toBe('application/json');
    const expected = createHmac('sha256', SECRET).update(`${timestamp}.${body}`).digest('hex');
    expect(headers['mafqood-signature']).toBe(`v1=${expected}`);
  });

  test('that is asked for again while it is still being sent goes out once', async () => {
    const notifies = notifier();
    await Promise.all([notifies.notify(NOTICE, CALM), notifies.notify(NOTICE, CALM)]);
    expect(recipients()).toEqual(['supervisor-1@mafqood.example', 'supervisor-2@mafqood.example']);
    expect(webhook.calls).toHaveLength(1);
  });

  test('by mail has the same Message-ID at every attempt, and another for each person and notice', async () => {
    await notifier().notify(NOTICE, CALM);
    log.delivered.clear();
    await notifier().notify(NOTICE, CALM);
    await notifier().notify({ ...NOTICE, id: 'MFQ-7K3D-92XQ:9' }, CALM);
    const ids = mail.mails.map(({ messageId }) => messageId);
    expect(ids).toHaveLength(6);
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^<[0-9a-f]{32}@mafqood\.example>$/);
  });
});

describe('when a way fails', () => {
  test('everything else is sent, and the notice says what is missing', async () => {
    mail.busy.add('supervisor-1@mafqood.example');
    webhook.answer = 503;
    const failing = notifier().notify(NOTICE, CALM);
    await expect(failing).rejects.toThrow(NoticeNotDelivered);
    await expect(failing).rejects.toMatchObject({ failed: ['supervisor-1/mail', 'supervisor-1/webhook'] });
    expect(recipients()).toEqual(['supervisor-2@mafqood.example']);
    expect([...log.failures].sort()).toEqual(['supervisor-1 mail mail/EENVELOPE', 'supervisor-1 webhook webhook/503']);
  });

  test('the next attempt sends only what is missing, also from another process', async () => {
    webhook.answer = 500;
    await expect(notifier().notify(NOTICE, CALM)).rejects.toMatchObject({ failed: ['supervisor-1/webhook'] });
    webhook.answer = 200;
    await notifier().notify(NOTICE, CALM);
    await notifier().notify(NOTICE, CALM);
    expect(mail.mails).toHaveLength(2);
    expect(webhook.calls).toHaveLength(2);
  });

  test('a redirection is not followed', async () => {
    webhook.answer = 307;
    await expect(notifier().notify(NOTICE, CALM)).rejects.toThrow(NoticeNotDelivered);
    expect(webhook.calls.map(({ path }) => path)).toEqual(['/notices?key=gateway-key']);
    expect(log.failures).toEqual(['supervisor-1 webhook webhook/307']);
  });

  test('a receiver that does not answer is given up after some seconds', async () => {
    webhook.answer = 'nothing';
    await expect(notifier().notify(NOTICE, CALM)).rejects.toThrow(NoticeNotDelivered);
    expect(log.failures).toEqual(['supervisor-1 webhook webhook/timeout']);
  }, 20_000);

  test('a server that is not there is no reason to wait', async () => {
    await mail.close();
    await webhook.close();
    await expect(notifier().notify(NOTICE, CALM)).rejects.toMatchObject({
      failed: ['supervisor-1/mail', 'supervisor-1/webhook', 'supervisor-2/mail'],
    });
    expect([...log.failures].sort()).toEqual([
      'supervisor-1 mail mail/ESOCKET',
      'supervisor-1 webhook webhook/unreachable',
      'supervisor-2 mail mail/ESOCKET',
    ]);
    mail = await startMailServer();
    webhook = await startWebhookServer();
  });
});

describe('when the log does not answer', () => {
  test.each(['down', 'silent'] as const)(
    '(%s) the notice still goes out, and once only',
    async (state) => {
      log.state = state;
      const ours = notifier();
      await ours.notify(NOTICE, CALM);
      await ours.notify(NOTICE, CALM);
      expect(mail.mails).toHaveLength(2);
      expect(webhook.calls).toHaveLength(1);
    },
    20_000,
  );

  test('after it knew of a delivery, the delivery is still known', async () => {
    const ours = notifier();
    await ours.notify(NOTICE, CALM);
    log.state = 'down';
    await ours.notify(NOTICE, CALM);
    expect(mail.mails).toHaveLength(2);
  });

  test('a failure is still told', async () => {
    log.state = 'down';
    webhook.answer = 500;
    await expect(notifier().notify(NOTICE, CALM)).rejects.toMatchObject({ failed: ['supervisor-1/webhook'] });
  });
});

describe('a notice that is called off', () => {
  test('is not sent', async () => {
    const calledOff = AbortSignal.abort(new Error('no longer due'));
    await expect(notifier().notify(NOTICE, calledOff)).rejects.toThrow('no longer due');
    expect([mail.mails.length, webhook.calls.length, log.delivered.size]).toEqual([0, 0, 0]);
  });

  test('while the log is being asked is not sent either', async () => {
    const controller = new AbortController();
    const reached = log.reached;
    log.reached = async (...asked) => {
      controller.abort(new Error('no longer due'));
      return reached(...asked);
    };
    await expect(notifier().notify(NOTICE, controller.signal)).rejects.toThrow('no longer due');
    expect([mail.mails.length, webhook.calls.length]).toEqual([0, 0]);
  });

  test('after everything was delivered has been delivered', async () => {
    await notifier().notify(NOTICE, CALM);
    await notifier().notify(NOTICE, AbortSignal.abort());
    expect(mail.mails).toHaveLength(2);
  });
});

describe('people', () => {
  test('whom the policy no longer names do not keep the notice from the others', async () => {
    await notifier().notify({ ...NOTICE, people: ['gone-1', 'supervisor-2', 'supervisor-2'] }, CALM);
    expect(recipients()).toEqual(['supervisor-2@mafqood.example']);
  });

  test('of whom none can be reached make the notice fail', async () => {
    await expect(notifier({}).notify(NOTICE, CALM)).rejects.toMatchObject({
      failed: ['supervisor-1/none', 'supervisor-2/none'],
    });
  });
});

test('neither addresses nor keys nor the secret get into the log', async () => {
  webhook.answer = 500;
  mail.busy.add('supervisor-1@mafqood.example');
  await expect(notifier().notify(NOTICE, CALM)).rejects.toThrow(NoticeNotDelivered);
  expect(logged).toContain('webhook/500');
  for (const secret of [SECRET, 'gateway-key', 'supervisor-1@', mail.url, '/cases/'])
    expect(logged).not.toContain(secret);
});
