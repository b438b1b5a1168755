import type { z } from 'zod';
import type { ProblemCode } from './problem.js';

/** The headings under which the documentation page lists the routes. */
export const TAGS = {
  cases: 'Reporting a child missing, and reading cases.',
  commands: 'What staff ask of a case, and what became of it.',
  service: 'The service itself. Says nothing about cases, and needs no token.',
} as const;

/** An answer that is not a refusal: JSON that a schema describes, or something else, of one of some media types. */
export type Answer = { readonly description: string; readonly location?: string } & (
  | { readonly schema: z.ZodType }
  | {
      readonly mediaTypes: readonly string[];
      /** Where it is a stream of events: the data of each. */
      readonly dataSchema?: z.ZodType;
    }
);

/** What a request carries in its body. */
export type RequestBody =
  | { readonly kind: 'json'; readonly schema: z.ZodType; readonly example?: unknown }
  /** A form with one part of JSON, one file, which is a photo, and perhaps a part of plain text, which may be left out. */
  | {
      readonly kind: 'form';
      readonly part: string;
      readonly schema: z.ZodType;
      readonly example?: unknown;
      readonly file: {
        readonly part: string;
        readonly required: boolean;
        readonly mediaTypes: readonly string[];
        readonly description: string;
      };
      readonly text?: { readonly part: string; readonly schema: z.ZodType; readonly description: string };
    };

/**
 * What a route promises: the OpenAPI document is made from it, and the tests hold every answer against that. Its schemas are the very ones
 * that the route reads its request with. Everything is to be said; what there is not is `null` or empty.
 */
export interface Contract {
  readonly operationId: string;
  readonly tag: keyof typeof TAGS;
  readonly summary: string;
  readonly description?: string;
  /** The parameters behind the question mark. Those in the path are in `path-parameters.ts`. */
  readonly query: z.ZodObject | null;
  readonly idempotencyKey: 'required' | 'optional' | null;
  /** The header by which a stream of events is resumed, where there is one. */
  readonly lastEventId?: z.ZodType;
  readonly body: RequestBody | null;
  readonly answers: Readonly<Partial<Record<200 | 201 | 202 | 503, Answer>>>;
  /** The refusals of its own. Those that follow from the rest of the contract are added by `impliedProblems`. */
  readonly problems: readonly ProblemCode[];
}
