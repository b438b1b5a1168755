import { createTransport } from 'nodemailer';
import { createHash } from 'node:crypto';
import { type Message, SendFailure, type Way } from './way.js';

const PATIENCE_MS = 10_000;
const IDLE_MS = 1_000;

/** How mail is sent. */
export interface MailSettings {
  /** `smtp://` or `smtps://`, with the credentials in it. */
  readonly smtpUrl: string;
  /** The sender, `Mafqood <alerts@ministry.example>` or the address alone. */
  readonly from: string;
}

/** Sends notices by SMTP. */
export function mailWay({ smtpUrl, from }: MailSettings): Way {
  const transport = createTransport({
    url: smtpUrl,
    // A case that ends tells everybody at once: they share a few connections, which are closed soon after.
    pool: true,
    idleTimeout: IDLE_MS,
    maxRequeues: 1,
    connectionTimeout: PATIENCE_MS,
    dnsTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(address, message) {
      const { notice, text } = message;
      try {
        await transport.sendMail({
          from,
          to: address,
          // Waiting for a connection counts: nobody is to be told what waited for long, and may be over.
          signal: AbortSignal.timeout(PATIENCE_MS),
          messageId: messageId(message, from),
          subject: text.mark + [text.subject.ar, text.subject.en, notice.caseNumber ?? []].flat().join(' · '),
          text: [text.mark.trim(), text.text.ar, text.text.en, text.link].filter((part) => part !== '').join('\n\n'),
          // No holiday answers: nobody reads what comes back.
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
      } catch (error) {
        throw new SendFailure(`mail/${errorCode(error)}`);
      }
    },
  };
}

/** The same for every attempt, so that a mail that arrives twice is recognised as one. */
function messageId({ notice, person }: Message, from: string): string {
  const local = createHash('sha256').update(`${notice.id}/${person}`).digest('hex').slice(0, 32);
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'mafqood.invalid';
  return `<${local}@${domain}>`;
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown';
}
