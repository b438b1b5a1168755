import type { RefusalCode } from '../domain/refusal.js';
import type { PhotoRefusal } from '../media/photo.js';

interface ProblemEntry {
  readonly status: number;
  readonly title: string;
  /** What the caller does next. */
  readonly next: string;
}

/** The ways in which a case refuses a command, as HTTP answers. */
const REFUSALS = {
  malformed_command: {
    status: 409,
    title: 'The case could not read the command',
    next: 'Tell the administrators: what the API stores should always be readable to the case.',
  },
  role_may_not: {
    status: 403,
    title: 'Your role does not allow this',
    next: 'Ask somebody whose role allows it.',
  },
  already_reported: {
    status: 409,
    title: 'The case was reported before',
    next: 'Open the case and go on from there.',
  },
  case_unknown: {
    status: 404,
    title: 'There is no such case',
    next: 'Check the case number, or look for the case in the list.',
  },
  not_awaiting_approval: {
    status: 409,
    title: 'The case does not wait for an approval',
    next: 'Read the case again: somebody has decided on it already.',
  },
  own_revision: {
    status: 403,
    title: 'Nobody approves what they wrote themselves',
    next: 'Ask another supervisor to look at the preview and approve it.',
  },
  stale_digest: {
    status: 409,
    title: 'The digest is not that of the newest revision',
    next: 'Read the case again, look at its preview, and approve the digest that stands there.',
  },
  case_ended: {
    status: 409,
    title: 'The case has ended',
    next: 'Read the case to see how it ended. An ended case takes no further commands.',
  },
  nothing_to_acknowledge: {
    status: 409,
    title: 'Nothing waits to be acknowledged',
    next: 'There is nothing to do: no notice is open on this case.',
  },
  not_on_ladder: {
    status: 403,
    title: 'You are not on the ladder that is being climbed',
    next: 'Ask somebody who was notified to acknowledge it.',
  },
} as const satisfies Record<RefusalCode, ProblemEntry>;

/** The ways in which a photo is refused. */
const PHOTO_REFUSALS = {
  photo_not_supported: {
    status: 422,
    title: 'The photo is of a kind that cannot be used',
    next: 'Send a JPEG, PNG or WebP file.',
  },
  photo_too_large: { status: 413, title: 'The photo is too large', next: 'Send a smaller version of it.' },
  photo_too_small: { status: 422, title: 'The photo is too small', next: 'Send a larger one.' },
  photo_animated: { status: 422, title: 'The photo moves', next: 'Send a still picture.' },
  photo_unreadable: {
    status: 422,
    title: 'The photo cannot be read',
    next: 'Send the file again, or another photo.',
  },
} as const satisfies Record<PhotoRefusal, ProblemEntry>;

/** The ways in which the API itself refuses a request. */
const API_PROBLEMS = {
  unauthenticated: {
    status: 401,
    title: 'A valid token is needed',
    next: 'Send the header Authorization: Bearer with the token you were given.',
  },
  not_found: { status: 404, title: 'There is nothing at this address', next: 'Check the address.' },
  command_unknown: { status: 404, title: 'There is no such command', next: 'Check the command id.' },
  image_unknown: {
    status: 404,
    title: 'There is no such image',
    next: 'Take the address of the image from the preview of the case.',
  },
  method_not_allowed: {
    status: 405,
    title: 'This address does not take this method',
    next: 'Use one of the methods that the header Allow lists.',
  },
  malformed_request: {
    status: 400,
    title: 'The request cannot be read',
    next: 'Correct the request and send it again.',
  },
  malformed_json: { status: 400, title: 'The JSON cannot be read', next: 'Send well-formed JSON, in UTF-8.' },
  malformed_multipart: {
    status: 400,
    title: 'The multipart form cannot be read',
    next: 'Send multipart/form-data with the parts report (JSON) and photo (a file).',
  },
  part_missing: {
    status: 400,
    title: 'A part of the form is missing',
    next: 'Send the parts report (JSON) and photo (a file).',
  },
  part_unexpected: {
    status: 400,
    title: 'The form has a part that does not belong there',
    next: 'Send the part report (JSON) and the part photo (a file) once each, and nothing else.',
  },
  idempotency_key_required: {
    status: 400,
    title: 'The header Idempotency-Key is needed',
    next: 'Send a key of your own making, new for every report, and the same one when you send a report again.',
  },
  idempotency_key_invalid: {
    status: 400,
    title: 'The header Idempotency-Key cannot be used',
    next: 'Send 1 to 200 visible ASCII characters.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'This Idempotency-Key was used for something else',
    next: 'Send a new key with a new request; send the same request to get its first answer again.',
  },
  too_large: { status: 413, title: 'The request is too large', next: 'Send a smaller one.' },
  unsupported_media_type: {
    status: 415,
    title: 'This address does not take this kind of body',
    next: 'Send the content type that the address takes, without a content encoding.',
  },
  invalid: { status: 422, title: 'The request does not hold what it must', next: 'Correct what errors lists.' },
  text_too_long: {
    status: 422,
    title: 'The alert would be longer than a channel allows',
    next: 'Shorten the texts of the report.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    next: 'Try again; if it happens again, give the administrators the instance of this problem.',
  },
  store_unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    next: 'Nothing is lost that was acknowledged. Send the same request again shortly, with the same Idempotency-Key.',
  },
} as const satisfies Record<string, ProblemEntry>;

/** Every problem that the API answers with, by its stable code. */
export const PROBLEMS = { ...REFUSALS, ...PHOTO_REFUSALS, ...API_PROBLEMS };
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a body. */
export interface FieldError {
  /** RFC 6901, into the JSON that was sent. */
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

interface Particulars {
  /** On this occurrence and what to do about it, where the table cannot know; holds nothing of what was sent. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request is refused. Thrown by whatever refuses it, answered in one place. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    readonly particulars: Particulars = {},
  ) {
    super(code);
  }
}

/** The body of an answer that refuses (RFC 9457, `application/problem+json`). */
export function problemBody({ code, particulars }: Problem, requestId: string): Record<string, unknown> {
  const { status, title, next } = PROBLEMS[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail: particulars.detail ?? next,
    instance: `urn:uuid:${requestId}`,
    ...(particulars.errors && { errors: particulars.errors }),
  };
}
