import { createHash } from 'node:crypto';
import type { Milliseconds } from './domain/time.js';

interface MailServer {
  readonly url: string;
  readonly connectionTimeout: Milliseconds;
  readonly dnsTimeout: Milliseconds;
  readonly greetingTimeout: Milliseconds;
  readonly socketTimeout: Milliseconds;
  readonly disableFileAccess: true;
  readonly disableUrlAccess: true;
}

/** What every connection to a mail server has in common: nothing is waited for longer than this, and no mail reaches into files or addresses. */
export function mailServer(smtpUrl: string, patience: Milliseconds): MailServer {
  return {
    url: smtpUrl,
    connectionTimeout: patience,
    dnsTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The same for every attempt, so that a mail that arrives twice is recognised as one. */
export function messageId(about: string, from: string): string {
  const local = createHash('sha256').update(about).digest('hex').slice(0, 32);
  const domain = /@([A-Za-z0-9.-]+)/.exec(from)?.[1] ?? 'mafqood.invalid';
  return `<${local}@${domain}>`;
}
