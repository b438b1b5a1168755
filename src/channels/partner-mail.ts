import { createTransport } from 'nodemailer';
import type { RunKind } from '../domain/policy.js';
import type { Milliseconds } from '../domain/time.js';
import { mailServer, messageId } from '../mail.js';
import { ChannelFailure } from '../ports/alert-channel.js';
import type { PartnerDesk, PartnerMessage } from './partner-message.js';

/** Shorter than any step. */
const PATIENCE: Milliseconds = 8_000;

const MARKS: Readonly<Record<RunKind, string>> = {
  actual: '',
  exercise: '[EXERCISE · تمرين] ',
  test: '[TEST · اختبار] ',
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'application/pdf': 'pdf',
};

/** Hands packages over by mail, with everything attached. */
export function partnerMail(options: {
  readonly smtpUrl: string;
  readonly from: string;
  readonly to: string;
}): PartnerDesk {
  const { smtpUrl, from, to } = options;
  const transport = createTransport({
    ...mailServer(smtpUrl, PATIENCE),
  });
  return {
    async handOver(message) {
      const attachments = (message.alert?.files ?? []).map(({ name, mediaType, bytes }) => ({
        filename: `${message.caseNumber}-${message.revision}-${name}.${EXTENSIONS[mediaType] ?? 'bin'}`,
        contentType: mediaType,
        content: bytes,
      }));
      try {
        await transport.sendMail({
          from,
          to,
          messageId: messageId(message.id, from),
          subject: subjectOf(message),
          text: textOf(message),
          attachments,
          headers: { 'Auto-Submitted': 'auto-generated' },
          signal: AbortSignal.timeout(PATIENCE),
        });
      } catch (error) {
        throw failureOf(error);
      }
    },
  };
}

function subjectOf({ kind, caseNumber, revision, radiusKm, runKind }: PartnerMessage): string {
  const asked = {
    publish: `PUBLISH: missing-child alert within ${radiusKm ?? 0} km`,
    area: `WIDEN: missing-child alert to ${radiusKm ?? 0} km`,
    remove: 'REMOVE: missing-child alert',
  }[kind];
  return `${MARKS[runKind]}${asked} · ${caseNumber} r${revision}`;
}

function textOf({ kind, alert, caseNumber, revision, digest, radiusKm, confirmUrl }: PartnerMessage): string {
  const asked = {
    publish: 'Please publish the alert below, with the photo or a card, to everybody around the place.',
    area: 'Please show the alert that you have in a wider area.',
    remove: 'Please take the alert down everywhere, now. If it never was published, please confirm that as well.',
  }[kind];
  return [
    asked,
    [
      `Case ${caseNumber}, revision ${revision}`,
      `Digest ${digest}`,
      alert ? `Centre ${alert.centre.latitude}, ${alert.centre.longitude}` : undefined,
      radiusKm === null ? undefined : `Radius ${radiusKm} km`,
    ]
      .filter((line) => line !== undefined)
      .join('\n'),
    confirmUrl === null ? undefined : `When it is done, please say so here:\n${confirmUrl}`,
    alert?.text,
  ]
    .filter((part) => part !== undefined)
    .join('\n\n');
}

/** A server that said no for good did not take it; of anything else it cannot be told. */
function failureOf(error: unknown): ChannelFailure {
  const { responseCode } = error as { readonly responseCode?: unknown };
  return typeof responseCode === 'number' && responseCode >= 500
    ? new ChannelFailure('refused', `desk/smtp_${responseCode}`)
    : new ChannelFailure('unknown', 'desk/mail');
}
