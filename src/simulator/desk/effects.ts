import { z } from 'zod';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A picture or a sheet to print, whose bytes are kept with the images. */
const file = z.object({ name: z.string().min(1), mediaType: z.string().min(1), sha256 });

/** All that the desk is to publish. */
export const packageSchema = z.object({
  tier: z.string().min(1),
  centre: z.object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) }),
  countries: z.array(z.string()),
  text: z.string().min(1),
  texts: z.object({ ar: z.string().min(1), en: z.string().min(1) }),
  altText: z.string(),
  files: z.array(file),
});

/** What the desk is asked for, as it stands in the message. */
export const askedSchema = z.object({
  kind: z.enum(['publish', 'area', 'remove']),
  caseNumber: z.string().min(1),
  revision: z.int().min(1),
  digest: z.string().min(1),
  runKind: z.enum(['actual', 'exercise', 'test']),
  radiusKm: z.number().positive().nullable(),
  confirmUrl: z.url().nullable(),
});

const messageId = z.string().min(1);
const alert = { messageId, caseNumber: z.string(), revision: z.int() };

/** What happens at the partner desk. */
export const deskEffects = [
  askedSchema.extend({ type: z.literal('desk.received'), messageId, package: packageSchema.optional() }),
  /** The same message came once more. */
  z.object({ type: z.literal('desk.repeated'), messageId }),
  /** From here on the public inside the radius sees it. */
  z.object({ type: z.literal('desk.published'), ...alert, radiusKm: z.number() }),
  z.object({ type: z.literal('desk.widened'), ...alert, radiusKm: z.number() }),
  /** From here on nobody does. */
  z.object({ type: z.literal('desk.removed'), ...alert }),
  /** Somebody opened the link and said so; `status` is that of the answer, null when there was none. */
  z.object({ type: z.literal('desk.confirmed'), messageId, status: z.int().nullable() }),
] as const;

export type DeskEffect = z.infer<(typeof deskEffects)[number]>;
export type Package = z.infer<typeof packageSchema>;
export type Asked = z.infer<typeof askedSchema>;
