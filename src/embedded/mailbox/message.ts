import { z } from 'zod';

const mailSchema = z.object({
  kind: z.literal('mail'),
  receivedAt: z.iso.datetime(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
  /** What was attached, by name. The files themselves are not kept. */
  attachments: z
    .array(z.object({ name: z.string(), mediaType: z.string(), bytes: z.int(), sha256: z.string() }))
    .default([]),
});

const webhookSchema = z.object({
  kind: z.literal('webhook'),
  receivedAt: z.iso.datetime(),
  /** The header that carries the sender's signature, as it came; absent when none did. */
  signature: z.string().optional(),
  body: z.string(),
});

/** Something the mailbox received, in the form in which it is kept. */
export const messageSchema = z.discriminatedUnion('kind', [mailSchema, webhookSchema]);

export type Message = z.infer<typeof messageSchema>;
export type MailAttachment = z.infer<typeof mailSchema>['attachments'][number];
