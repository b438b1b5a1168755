import { z } from 'zod';
import { COMMANDS, type CommandKind, type SignalName } from '../domain/command.js';
import type { RefusalCode } from '../domain/refusal.js';
import type { RevisionKind } from '../store/case-store.js';
import { deliverySchema, statusSchema, zonedTimeSchema } from './answer-values.js';
import { COMMAND_FORMS, type JsonCommand, note } from './command-schemas.js';
import type { Contract, RequestBody } from './contract.js';
import { caseNumberSchema, commandIdSchema } from './path-parameters.js';
import type { ProblemCode } from './problem.js';
import { problemPartSchema } from './problem-schema.js';
import { reportForm } from './report-contract.js';

interface CommandAbout {
  readonly summary: string;
  /** Why the case may refuse it, apart from `ANY_COMMAND`. */
  readonly refusals: readonly RefusalCode[];
}

/** Why an approval may be refused, of a report and of an amendment. */
const APPROVAL: readonly RefusalCode[] = ['own_revision', 'stale_digest', 'language_missing'];

const digest = '0123456789abcdef'.repeat(4);

/** What the document says of each command. A command without an entry does not compile. */
const ABOUT: Readonly<
  Record<JsonCommand, CommandAbout & { readonly example: object }> & Record<RevisionKind, CommandAbout>
> = {
  approve: {
    summary: 'Approves the newest revision, which publishes it',
    refusals: ['not_awaiting_approval', ...APPROVAL, 'criterion_unknown', 'criteria_unanswered', 'reason_missing'],
    example: {
      digest,
      criteria: {
        abduction: { met: true },
        danger: { met: true },
        description: { met: true },
        age: { met: true },
        recorded: { met: false, reason: 'Is being entered; the child needs medicine by tonight.' },
      },
    },
  },
  reject: {
    summary: 'Rejects the report, which ends the case',
    refusals: ['not_awaiting_approval'],
    example: { reason: 'The report does not meet the criteria.' },
  },
  return: {
    summary: 'Returns the report to its operator, to be corrected',
    refusals: ['not_awaiting_approval'],
    example: { note: 'The place is missing in English.' },
  },
  resubmit: {
    summary: 'Corrects the report before its approval: the whole of it again, as it is to be',
    refusals: ['approved_already', 'stale_revision'],
  },
  withdraw: {
    summary: 'Withdraws the report before its approval, which ends the case',
    refusals: ['approved_already'],
    example: { note: 'The child came home.' },
  },
  amend: {
    summary: 'Proposes a new version of a live alert: the whole report again, as it is to be',
    refusals: ['not_active', 'stale_revision'],
  },
  approveAmendment: {
    summary:
      'Approves the amendment that waits, which publishes it in place of what is live and starts its area plan afresh',
    refusals: ['not_active', 'no_amendment', ...APPROVAL],
    example: { digest },
  },
  rejectAmendment: {
    summary: 'Rejects the amendment that waits; what is live stays',
    refusals: ['not_active', 'no_amendment'],
    example: { reason: 'The plate has not been confirmed.' },
  },
  widen: {
    summary: 'Takes the next step of the area plan at once',
    refusals: ['not_active', 'nothing_to_widen'],
    example: {},
  },
  extend: {
    summary: 'Puts off the time at which the alert expires',
    refusals: ['not_active', 'expiry_not_later', 'expiry_too_late'],
    example: { until: '2026-11-27T05:20:00+03:00' },
  },
  reportSighting: {
    summary: 'Records that somebody says they saw the child',
    refusals: [],
    example: {
      place: 'Villaggio Mall',
      location: { latitude: 25.2593, longitude: 51.4427 },
      at: '2026-11-24T07:45:00+03:00',
      description: 'A caller saw a girl like her at the ice rink, alone.',
    },
  },
  childFound: {
    summary: 'Says that the child was found, which ends the case at once',
    refusals: [],
    example: { outcome: 'recovered_through_alert', note: 'Recognised by a passer-by.' },
  },
  cancel: {
    summary: 'Cancels the alert, which ends the case at once',
    refusals: [],
    example: { reason: 'unfounded', note: 'The child was never missing.' },
  },
  acknowledge: {
    summary: 'Acknowledges a notice, which quietens its ladder',
    refusals: ['nothing_to_acknowledge', 'not_on_ladder'],
    example: {},
  },
  confirmPublished: {
    summary: 'Says that the alert was published by hand on a channel',
    refusals: ['not_active', 'nothing_to_confirm'],
    example: { channel: 'facebook', postId: '1000000001_2000000002', note: 'Posted from the page itself.' },
  },
  confirmRemoved: {
    summary: 'Says that a person made sure that the alert is gone from a channel',
    refusals: ['nothing_to_confirm'],
    example: { channel: 'instagram', note: 'Deleted in the app.' },
  },
};

/** What any command may meet. `role_may_not` is here too: the case asks again what the route has asked. */
const ANY_COMMAND: readonly RefusalCode[] = ['case_ended', 'malformed_command', 'role_may_not'];

const kinds = z.enum(Object.keys(COMMANDS) as CommandKind[]);

/** What the route of a command promises that is sent as JSON. */
export function commandContract(kind: JsonCommand): Contract {
  const { example } = ABOUT[kind];
  return contractOf(kind, { kind: 'json', schema: COMMAND_FORMS[kind].body, example });
}

/**
 * What the route of a command promises that brings a new revision.
 * @param report the schema that reads the part `report`
 */
export function revisionContract(kind: RevisionKind, report: z.ZodType): Contract {
  const form: RequestBody = {
    ...reportForm(report, { photo: 'optional' }),
    text: { part: 'note', schema: note, description: 'What is said with it in free words.' },
  };
  return contractOf(kind, form, ['text_too_long', 'content_mismatch']);
}

function contractOf(kind: SignalName, body: RequestBody, problems: readonly ProblemCode[] = []): Contract {
  const { summary, refusals } = ABOUT[kind];
  const commandId = commandIdSchema;
  const command = z.literal(kind);
  return {
    operationId: kind,
    tag: 'commands',
    summary,
    query: null,
    idempotencyKey: 'optional',
    body,
    answers: {
      200: {
        description: 'The case has accepted the command.',
        schema: z.strictObject({
          commandId,
          command,
          outcome: z.literal('accepted'),
          case: z.strictObject({ caseNumber: caseNumberSchema, status: statusSchema }),
        }),
      },
      202: {
        description: 'The command is stored and runs by itself; the case has not answered yet.',
        location: 'Where one can read what becomes of the command.',
        schema: z.strictObject({
          commandId,
          command,
          outcome: z.literal('stored'),
          delivery: deliverySchema,
          detail: z.string(),
        }),
      },
    },
    problems: [...ANY_COMMAND, 'case_not_running', ...refusals, ...problems],
  };
}

/** What the route promises that tells what became of a command. */
export const COMMAND_STATUS_CONTRACT: Contract = {
  operationId: 'readCommand',
  tag: 'commands',
  summary: 'Tells what became of a command',
  query: null,
  idempotencyKey: null,
  body: null,
  answers: {
    200: {
      description: 'How far the command has come.',
      schema: z.strictObject({
        commandId: commandIdSchema,
        command: kinds,
        caseNumber: caseNumberSchema,
        status: z.enum(['stored', 'accepted', 'refused']),
        refusal: problemPartSchema.optional(),
        storedAt: zonedTimeSchema,
        deliveredAt: zonedTimeSchema.nullable(),
      }),
    },
  },
  problems: [],
};
