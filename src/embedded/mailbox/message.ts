import { z } from 'zod';

const mailSchema = z.object({
  kind: z.literal('mail'),
  receivedAt: z.iso.datetime(),
  from: z.string(),
  to: z.array(z.string()),
  subject: z.string(),
  text: z.string(),
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
