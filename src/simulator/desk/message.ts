import { createHash, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { signedHeaders } from '../../signature.js';
import { askedSchema, type DeskEffect, packageSchema } from './effects.js';

/** Older, or further ahead, is not taken: it may be somebody who sends an old message again. */
const LONGEST_AGE_MS = 5 * 60_000;

const filesSchema = z.array(
  z
    .object({ name: z.string().min(1), mediaType: z.string().min(1), sha256: z.string(), base64: z.base64() })
    .transform(({ base64, ...file }) => ({ ...file, bytes: Buffer.from(base64, 'base64') }))
    .refine(({ sha256, bytes }) => createHash('sha256').update(bytes).digest('hex') === sha256, {
      path: ['sha256'],
      message: 'is not that of the bytes',
    }),
);

const messageSchema = z.discriminatedUnion('kind', [
  askedSchema.extend({
    id: z.string().min(1),
    kind: z.literal('publish'),
    radiusKm: z.number().positive(),
    confirmUrl: z.url(),
    ...packageSchema.omit({ files: true }).shape,
    files: filesSchema,
  }),
  askedSchema.extend({ id: z.string().min(1), kind: z.literal('area'), radiusKm: z.number().positive() }),
  askedSchema.extend({ id: z.string().min(1), kind: z.literal('remove'), confirmUrl: z.url() }),
]);

/** What a message is to the desk's log, and the bytes that go with it. */
export interface Handed {
  readonly received: Extract<DeskEffect, { type: 'desk.received' }>;
  readonly files: readonly { readonly sha256: string; readonly bytes: Buffer }[];
}

/** Whether a message was signed with the secret, and lately. */
export function isSigned(
  secret: string,
  body: string,
  headers: { readonly timestamp: string | undefined; readonly signature: string | undefined },
  now: number,
): boolean {
  const { timestamp = '', signature = '' } = headers;
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp) * 1000) > LONGEST_AGE_MS) return false;
  const expected = signedHeaders(secret, body, Number(timestamp) * 1000)['Mafqood-Signature'] ?? '';
  return signature.length === expected.length && timingSafeEqual(Buffer.from(signature), Buffer.from(expected));
}

/** Reads a message's body. @throws z.ZodError, SyntaxError */
export function readMessage(body: string): Handed {
  const { id: messageId, ...message } = messageSchema.parse(JSON.parse(body));
  const asked = askedSchema.parse(message);
  if (message.kind !== 'publish') return { received: { type: 'desk.received', messageId, ...asked }, files: [] };
  const { files, ...rest } = message;
  return {
    received: { type: 'desk.received', messageId, ...asked, package: packageSchema.parse({ ...rest, files }) },
    files,
  };
}
