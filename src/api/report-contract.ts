import { z } from 'zod';
import { deliverySchema, digestSchema, statusSchema } from './answer-values.js';
import type { Contract, RequestBody } from './contract.js';
import { caseNumberSchema, commandIdSchema } from './path-parameters.js';

const stored = {
  caseNumber: caseNumberSchema,
  commandId: commandIdSchema,
  status: statusSchema,
  revision: z.strictObject({ number: z.int().min(1), digest: digestSchema }),
  delivery: deliverySchema,
};

/** An invented child, at an invented time. */
const EXAMPLE = {
  tier: 'amber',
  runKind: 'exercise',
  jurisdiction: 'QA',
  child: { name: { ar: 'سارة التجريبية', en: 'Sara Example' }, age: 7, sex: 'female', heightCm: 120 },
  lastSeen: {
    at: '2026-11-24T05:20:00+03:00',
    place: { ar: 'حديقة أسباير', en: 'Aspire Park' },
    location: { latitude: 25.2627, longitude: 51.4406 },
  },
  circumstances: { ar: 'خرجت لشراء المثلجات ولم تعد', en: 'Went to buy ice cream and did not come back' },
  policeOnly: { guardianContact: 'A guardian, 0000 0000', legalBasis: 'Consent of the guardian' },
};

/** What every request has in common that opens a case. */
const OPENING = {
  tag: 'cases',
  query: null,
  idempotencyKey: 'required',
  answers: {
    201: {
      description: 'The case waits for approval.',
      location: 'The address of the case.',
      schema: z.strictObject(stored),
    },
    202: {
      description: 'The report is stored and runs by itself; the case has not answered yet.',
      location: 'The address of the case.',
      schema: z.strictObject({ ...stored, detail: z.string() }),
    },
  },
  problems: ['already_reported', 'case_unknown', 'malformed_command', 'role_may_not', 'text_too_long'],
} as const satisfies Partial<Contract>;

const PHOTO =
  'A photo of the child, as a file: at most 15 MB and 50 million pixels, at least 200 pixels on the short side.';

/**
 * The form of a report.
 * @param report the schema that reads the part `report`
 */
export function reportForm(
  report: z.ZodType,
  { photo }: { readonly photo: 'required' | 'optional' },
): Extract<RequestBody, { kind: 'form' }> {
  const required = photo === 'required';
  return {
    kind: 'form',
    part: 'report',
    schema: report,
    example: EXAMPLE,
    file: {
      part: 'photo',
      required,
      mediaTypes: ['image/jpeg', 'image/png', 'image/webp'],
      description: required ? PHOTO : `${PHOTO} Without one the photo of the revision before stays.`,
    },
  };
}

/**
 * What the route promises by which a case begins.
 * @param report the schema that reads the part `report`
 */
export function reportContract(report: z.ZodType): Contract {
  return {
    ...OPENING,
    operationId: 'reportCase',
    summary: 'Reports a child missing, which makes a case that waits for approval',
    body: reportForm(report, { photo: 'required' }),
  };
}

/**
 * What the route promises by which the content of an ended case becomes a new one.
 * @param body the schema that reads the body
 */
export function reissueContract(body: z.ZodType): Contract {
  return {
    ...OPENING,
    operationId: 'reissueCase',
    summary: 'Makes a new case of the content of an ended one, which waits for its own approval',
    body: { kind: 'json', schema: body, example: {} },
    problems: [...OPENING.problems, 'not_ended', 'jurisdiction_gone', 'content_mismatch'],
  };
}
