import type { Logger } from 'pino';
import type { Notice } from '../domain/notice.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { NoticeNotDelivered, type Notifier } from '../ports/notifier.js';
import { type MailSettings, mailWay } from './mail.js';
import type { NoticeLog, WayName } from './notice-log.js';
import { noticeText } from './notice-text.js';
import { SendFailure, type Way } from './way.js';
import { webhookWay } from './webhook.js';
import { within } from '../within.js';

/** A notice must not wait for a database that does not answer. */
const LOG_PATIENCE_MS = 2_000;
/** Days of alerts, in about a megabyte. */
const REMEMBERED = 10_000;

const WAY_NAMES = ['mail', 'webhook'] as const satisfies readonly WayName[];

/** One person, in one way. */
interface Target {
  readonly person: string;
  readonly way: WayName;
  readonly address: string;
}

type Outcome = 'delivered' | 'failed' | 'calledOff';

/**
 * Sends notices by mail and signed webhook. What was sent is kept in the log, and in memory for when the log does not answer:
 * the notice then still goes out, and this process does not send it twice.
 */
export function createNotifier(settings: {
  readonly people: PolicyFile['people'];
  readonly mail: MailSettings;
  readonly webhook: { readonly secret: string };
  /** Where the staff console is. */
  readonly staffUrl: string;
  readonly log: NoticeLog;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}): Notifier {
  const { people, staffUrl, log, logger } = settings;
  const ways: Readonly<Record<WayName, Way>> = { mail: mailWay(settings.mail), webhook: webhookWay(settings.webhook) };
  const sent = new Set<string>();
  const underWay = new Map<string, Promise<Outcome>>();

  function targetsOf(notice: Notice): Target[] {
    return [...new Set(notice.people)].flatMap((person) => {
      const targets = WAY_NAMES.flatMap((way) => {
        const address = people[person]?.[way];
        return address ? [{ person, way, address }] : [];
      });
      // Somebody the policy no longer names: the others of the notice must not wait for them for ever.
      if (targets.length === 0) logger.warn({ noticeId: notice.id, person }, 'a person of a notice cannot be reached');
      return targets;
    });
  }

  async function deliver(notice: Notice, { person, way, address }: Target, signal: AbortSignal): Promise<Outcome> {
    const { id, caseNumber } = notice;
    const key = `${id}/${person}/${way}`;
    const fields = { caseNumber, noticeId: id, person, way };
    if (sent.has(key)) return 'delivered';
    const known = await asked(log.isDelivered(id, person, way), fields);
    if (known === true) return 'delivered';
    if (signal.aborted) return 'calledOff';
    // Asked for again while it is still being sent, because somebody did not wait for it any longer, it is the same attempt.
    const attempt =
      underWay.get(key) ?? attemptAt(notice, { person, way, address }).finally(() => underWay.delete(key));
    underWay.set(key, attempt);
    return attempt;
  }

  async function attemptAt(notice: Notice, { person, way, address }: Target): Promise<Outcome> {
    const { id, caseNumber } = notice;
    const fields = { caseNumber, noticeId: id, person, way };
    try {
      await ways[way].send(address, { notice, person, text: noticeText(notice, staffUrl) });
    } catch (error) {
      const code = error instanceof SendFailure ? error.code : 'unexpected';
      logger.warn({ ...fields, code }, 'notice not delivered');
      await asked(log.recordFailed(notice, person, way, code), fields);
      return 'failed';
    }
    remember(sent, `${id}/${person}/${way}`);
    logger.info(fields, 'notice delivered');
    await asked(log.recordDelivered(notice, person, way), fields);
    return 'delivered';
  }

  /** The log's answer, or undefined when it has none in time. */
  async function asked<T>(answer: Promise<T>, fields: object): Promise<T | undefined> {
    try {
      return await within(LOG_PATIENCE_MS, answer);
    } catch {
      logger.warn(fields, 'the notice log does not answer');
      return undefined;
    }
  }

  return {
    async notify(notice, signal) {
      const targets = targetsOf(notice);
      if (targets.length === 0) throw new NoticeNotDelivered(notice.people.map((person) => `${person}/none`));
      const outcomes = await Promise.all(targets.map((target) => deliver(notice, target, signal)));
      if (outcomes.includes('calledOff')) signal.throwIfAborted();
      const failed = targets.filter((_, index) => outcomes[index] === 'failed');
      if (failed.length > 0) throw new NoticeNotDelivered(failed.map(({ person, way }) => `${person}/${way}`));
    },
  };
}

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  const [oldest] = keys;
  if (keys.size > REMEMBERED && oldest !== undefined) keys.delete(oldest);
}
