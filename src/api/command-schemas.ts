import { z } from 'zod';
import { CANCEL_REASONS, FOUND_OUTCOMES, POST_ID, type SignalName } from '../domain/command.js';
import { CHANNELS } from '../domain/channel.js';
import type { RevisionKind } from '../store/case-store.js';
import { digestSchema } from './answer-values.js';
import { approval } from './checklist-form.js';
import type { CommandContent } from './command-content.js';
import { sighting } from './sighting-form.js';
import { prose } from './text-schema.js';
import { zonedTime } from './time-schema.js';

interface CommandForm {
  /** The last part of the address. */
  readonly path: string;
  readonly body: z.ZodType<CommandContent>;
}

/** What is said with a command in free words. */
export const note = prose(2_000);

const withReason = z.strictObject({ reason: note }).transform(({ reason }) => ({ payload: {}, note: reason }));
const nothing = z.strictObject({}).transform(() => ({ payload: {} }));
const channel = z.enum(CHANNELS);
const postId = z
  .string()
  .regex(POST_ID, 'must be the id of a post, as Meta writes it')
  .meta({ description: 'As Meta writes it.' });

/** Keeps the note out of what the case is told. */
function withNote<T extends { note?: string | undefined }>(
  body: T,
): { payload: Omit<T, 'note'>; note: string | undefined } {
  const { note: text, ...payload } = body;
  return { payload, note: text };
}

/** The commands that are sent as JSON. */
export type JsonCommand = Exclude<SignalName, RevisionKind>;

/** How each of them is written. A command without an entry does not compile. */
export const COMMAND_FORMS: Readonly<Record<JsonCommand, CommandForm>> = {
  approve: { path: 'approve', body: approval },
  reject: { path: 'reject', body: withReason },
  return: { path: 'return', body: z.strictObject({ note }).transform(withNote) },
  withdraw: { path: 'withdraw', body: z.strictObject({ note: note.optional() }).transform(withNote) },
  approveAmendment: {
    path: 'approve-amendment',
    body: z
      .strictObject({
        digest: digestSchema,
        removeFirst: z.boolean().optional().meta({
          description:
            'Whether what is public shows the wrong child or photo: then it is taken down before the amendment is published, not after.',
        }),
      })
      .transform((body) => ({ payload: body })),
  },
  rejectAmendment: { path: 'reject-amendment', body: withReason },
  widen: { path: 'widen', body: nothing },
  extend: { path: 'extend', body: z.strictObject({ until: zonedTime }).transform((body) => ({ payload: body })) },
  reportSighting: { path: 'sightings', body: sighting },
  childFound: {
    path: 'found',
    body: z.strictObject({ outcome: z.enum(FOUND_OUTCOMES), note: note.optional() }).transform(withNote),
  },
  cancel: {
    path: 'cancel',
    body: z.strictObject({ reason: z.enum(CANCEL_REASONS), note: note.optional() }).transform(withNote),
  },
  acknowledge: { path: 'acknowledge', body: nothing },
  confirmPublished: {
    path: 'confirm-published',
    body: z
      .strictObject({ channel, postId: postId.optional(), note: note.optional() })
      .transform(({ channel: on, postId: post, note: text }) => ({
        payload: { channel: on, ...(post !== undefined && { postId: post }) },
        note: text,
      })),
  },
  confirmRemoved: {
    path: 'confirm-removed',
    body: z.strictObject({ channel, note: note.optional() }).transform(withNote),
  },
};

/** The commands that bring a new revision are sent as the form of a report instead. */
export const REVISION_PATHS: Readonly<Record<RevisionKind, string>> = { resubmit: 'resubmit', amend: 'amend' };
