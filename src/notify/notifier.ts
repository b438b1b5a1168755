import type { Logger } from 'pino';
import type { Notice } from '../domain/notice.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { NoticeNotDelivered, type Notifier } from '../ports/notifier.js';
import { type MailSettings, mailWay } from './mail.js';
import type { NoticeLog, Reached, WayName } from './notice-log.js';
import { noticeText } from './notice-text.js';
import { SendFailure, type Way } from './way.js';
import { webhookWay } from './webhook.js';
import { within } from '../within.js';

/**
 * A notice must not wait for a database that does not answer. Asked before sending and told after it, all of that fits into the first attempt
 * (record-activities.ts): what that takes for untold, another worker would send again.
 */
const LOG_PATIENCE_MS = 500;
/** Days of alerts, in about a megabyte. */
const REMEMBERED = 10_000;

const WAY_NAMES = ['mail', 'webhook'] as const satisfies readonly WayName[];

/** One person, in one way. */
interface Target {
  readonly person: string;
  readonly way: WayName;
  readonly address: string;
}

type Outcome = 'delivered' | 'failed';

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

  function deliver(notice: Notice, target: Target): Promise<Outcome> {
    const key = keyOf(notice.id, target);
    // Asked for again while it is still being sent, because somebody did not wait for it any longer, it is the same attempt.
    const attempt = underWay.get(key) ?? attemptAt(notice, target).finally(() => underWay.delete(key));
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
    remember(sent, keyOf(id, { person, way }));
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
      const { id, caseNumber } = notice;
      if (targets.every((target) => sent.has(keyOf(id, target)))) return;
      const logged = (await asked(log.reached(id), { caseNumber, noticeId: id })) ?? [];
      const known = new Set(logged.map((who) => keyOf(id, who)));
      const isReached = (target: Target): boolean => known.has(keyOf(id, target)) || sent.has(keyOf(id, target));
      const left = targets.filter((target) => !isReached(target));
      if (left.length > 0) signal.throwIfAborted();
      const outcomes = await Promise.all(left.map((target) => deliver(notice, target)));
      const failed = left.filter((_, index) => outcomes[index] === 'failed');
      if (failed.length > 0) throw new NoticeNotDelivered(failed.map(({ person, way }) => `${person}/${way}`));
    },
  };
}

function keyOf(noticeId: string, { person, way }: Reached): string {
  return `${noticeId}/${person}/${way}`;
}

function remember(keys: Set<string>, key: string): void {
  keys.add(key);
  const [oldest] = keys;
  if (keys.size > REMEMBERED && oldest !== undefined) keys.delete(oldest);
}
