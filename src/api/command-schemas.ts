import { z } from 'zod';
import { CANCEL_REASONS, FOUND_OUTCOMES, type SignalName } from '../domain/command.js';
import { isDigest } from '../domain/revision.js';
import type { SignalPayload } from '../store/stored-command.js';
import { prose } from './text-schema.js';

/** What a command's body says: what the case decides by, and the free text that stays in PostgreSQL. */
interface CommandContent {
  readonly payload: SignalPayload;
  readonly note?: string | undefined;
}

interface CommandForm {
  /** The last part of the address. */
  readonly path: string;
  readonly body: z.ZodType<CommandContent>;
}

const note = prose(2_000);
const digest = z.string().refine(isDigest, 'must be a digest: 64 lower-case hexadecimal digits');

/** How each command is written as a request. A command without an entry does not compile. */
export const COMMAND_FORMS: Readonly<Record<SignalName, CommandForm>> = {
  approve: { path: 'approve', body: z.strictObject({ digest }).transform((body) => ({ payload: body })) },
  reject: {
    path: 'reject',
    body: z.strictObject({ reason: note }).transform(({ reason }) => ({ payload: {}, note: reason })),
  },
  childFound: {
    path: 'found',
    body: z
      .strictObject({ outcome: z.enum(FOUND_OUTCOMES), note: note.optional() })
      .transform(({ note: text, ...payload }) => ({ payload, note: text })),
  },
  cancel: {
    path: 'cancel',
    body: z
      .strictObject({ reason: z.enum(CANCEL_REASONS), note: note.optional() })
      .transform(({ note: text, ...payload }) => ({ payload, note: text })),
  },
  acknowledge: { path: 'acknowledge', body: z.strictObject({}).transform(() => ({ payload: {} })) },
};
