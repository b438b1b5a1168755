import { createTransport } from 'nodemailer';
import { mailServer, messageId } from '../mail.js';
import { SendFailure, type Way } from './way.js';

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
    ...mailServer(smtpUrl, PATIENCE_MS),
    // A case that ends tells everybody at once: they share a few connections, which are closed soon after.
    pool: true,
    idleTimeout: IDLE_MS,
    maxRequeues: 1,
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
          messageId: messageId(`${notice.id}/${message.person}`, from),
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

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unknown';
}
