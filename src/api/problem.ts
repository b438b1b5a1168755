import type { RefusalCode } from '../domain/refusal.js';
import type { PhotoRefusal } from '../media/photo.js';
import type { FieldCode } from './field-codes.js';

/** A problem as it is documented. */
export interface ProblemEntry {
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
  approved_already: {
    status: 409,
    title: 'The alert was approved already',
    next: 'Amend it instead: a new version goes live when another supervisor approves it.',
  },
  not_active: {
    status: 409,
    title: 'The alert is not live yet',
    next: 'Wait for its approval. Before that a report is corrected by resubmitting it.',
  },
  stale_revision: {
    status: 409,
    title: 'Somebody has written a newer version',
    next: 'Read the case again and send your change on top of the newest version.',
  },
  language_missing: {
    status: 409,
    title: 'The alert is not written in every language',
    next: 'Return it, and let the operator fill in the missing language before it is approved.',
  },
  criteria_unanswered: {
    status: 409,
    title: 'The checklist is not complete',
    next: 'Answer every criterion once: met, or with the reason why the alert goes out anyway.',
  },
  criterion_unknown: {
    status: 409,
    title: 'The checklist has no such criterion',
    next: 'Read the case again: it lists the criteria of its tier.',
  },
  reason_missing: {
    status: 409,
    title: 'A criterion is not met and no reason is given',
    next: 'Give the reason. A signal sent by hand cannot carry one: approve through the API.',
  },
  no_amendment: {
    status: 409,
    title: 'No amendment waits for approval',
    next: 'Read the case again: somebody has decided on it already.',
  },
  nothing_to_widen: {
    status: 409,
    title: 'The area plan has no further step',
    next: 'Amend the alert with a wider area.',
  },
  expiry_not_later: {
    status: 409,
    title: 'The new expiry is not later than the present one',
    next: 'Read the case for its expiry and send a later one. To end it earlier, cancel it or say that the child is found.',
  },
  expiry_too_late: {
    status: 409,
    title: 'The new expiry is later than the policy allows',
    next: 'Send an earlier one, and extend it again when its time comes.',
  },
  nothing_to_confirm: {
    status: 409,
    title: 'There is nothing to confirm on this channel',
    next: 'Read the case again: the channel is as it should be already, or a step on it is under way.',
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
  photo_heic: {
    status: 422,
    title: 'The photo is HEIC, which cannot be used',
    next: 'Export it as JPEG and send that. On an iPhone, Settings > Camera > Formats > Most Compatible makes it take JPEG.',
  },
  photo_too_large: { status: 413, title: 'The photo is too large', next: 'Send a smaller version of it.' },
  photo_too_many_pixels: {
    status: 422,
    title: 'The photo has too many pixels',
    next: 'Make it smaller, for example 4000 pixels wide, and send it again.',
  },
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
    next: 'Send the header Authorization: Bearer with the token you were given; log in again when it has expired.',
  },
  staff_id_unusable: {
    status: 403,
    title: 'The token holds no staff id that can be used',
    next: 'Tell the administrators: the identity provider has to send a staff id, which is letters, digits and . _ @ -, without spaces.',
  },
  role_unclear: {
    status: 403,
    title: 'The token holds no role, or more than one',
    next: 'Tell the administrators: the identity provider has to give each member of staff exactly one role.',
  },
  second_factor_required: {
    status: 403,
    title: 'An approval needs a log-in with a second factor',
    next: 'Log in again with a second factor, as the header WWW-Authenticate asks for it, and send the approval again.',
  },
  not_found: { status: 404, title: 'There is nothing at this address', next: 'Check the address.' },
  command_unknown: { status: 404, title: 'There is no such command', next: 'Check the command id.' },
  image_unknown: {
    status: 404,
    title: 'There is no such image',
    next: 'Take the address of the image from the preview of the case.',
  },
  card_unknown: {
    status: 404,
    title: 'There is no such card',
    next: 'Take the address of the card from the preview of the case.',
  },
  revision_unknown: {
    status: 404,
    title: 'The case has no such revision',
    next: 'Read the case again: it names its newest revision.',
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
  body_missing: { status: 400, title: 'The request has no body', next: 'Send what the address takes, in the body.' },
  malformed_json: { status: 400, title: 'The JSON cannot be read', next: 'Send well-formed JSON, in UTF-8.' },
  malformed_multipart: {
    status: 400,
    title: 'The multipart form cannot be read',
    next: 'Send multipart/form-data with the parts that the address takes.',
  },
  part_missing: {
    status: 400,
    title: 'A part of the form is missing',
    next: 'Send every part that the address needs.',
  },
  part_unexpected: {
    status: 400,
    title: 'The form has a part that does not belong there',
    next: 'Send each part that the address takes once at most, and nothing else.',
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
  case_not_running: {
    status: 409,
    title: 'The command is stored, but its case does not run',
    next: 'Tell the administrators at once. If the alert must come down now, delete the posts on the channels by hand.',
  },
  not_ended: {
    status: 409,
    title: 'The case has not ended',
    next: 'Amend the alert instead, or wait until every channel has let go of it.',
  },
  jurisdiction_gone: {
    status: 409,
    title: 'The jurisdiction of the case is not in the policy any more',
    next: 'Report the child again, under the jurisdiction that is in charge now.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time',
    next: 'Send it again, with the same Idempotency-Key.',
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests came from your address',
    next: 'Wait for as long as Retry-After says, and send it again with the same Idempotency-Key.',
  },
  headers_too_large: {
    status: 431,
    title: 'The address and headers are too large',
    next: 'Send shorter ones: all of them together have room in 16 KiB.',
  },
  last_event_id_invalid: {
    status: 400,
    title: 'The header Last-Event-ID cannot be used',
    next: 'Send the id of the last event that arrived, or leave the header out and read the list of cases again.',
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
  content_mismatch: {
    status: 500,
    title: 'What is stored is not what its digest covers',
    next: 'Approve nothing of it, and tell the administrators: somebody has to look at the database. The rest of the case can be read.',
  },
  internal_error: {
    status: 500,
    title: 'Something went wrong on our side',
    next: 'Try again; if it happens again, give the administrators the instance of this problem.',
  },
  identity_unavailable: {
    status: 503,
    title: 'The identity provider cannot be reached, so that the token cannot be checked',
    next: 'Send the same request again when the time of the header Retry-After is over.',
  },
  store_unavailable: {
    status: 503,
    title: 'The database cannot be reached',
    next: 'Nothing is lost that was acknowledged. Send the same request again shortly, with the same Idempotency-Key.',
  },
} as const satisfies Record<string, ProblemEntry>;

/** Every problem that the API answers with, by its stable code. */
export const PROBLEMS = { ...REFUSALS, ...PHOTO_REFUSALS, ...API_PROBLEMS };
/** Who refuses, for the page that lists the problems. */
export const PROBLEM_GROUPS = { api: API_PROBLEMS, photo: PHOTO_REFUSALS, case: REFUSALS };
export type ProblemCode = keyof typeof PROBLEMS;

/** One thing that is wrong with a body or a query. */
export interface FieldError {
  /** RFC 6901, into the JSON that was sent; a query counts as an object of its parameters. */
  readonly pointer: string;
  readonly code: FieldCode;
  readonly detail: string;
}

interface Particulars {
  /** On this occurrence and what to do about it, where the table cannot know; holds nothing of what was sent. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  /** What the code leaves open: the name of a criterion, a language or a field. */
  readonly about?: string;
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

/** A problem as a part of an answer: of a command that was refused, or of something that cannot be shown. */
export function problemPart(code: ProblemCode, about: string | null = null): object {
  const { title, next } = PROBLEMS[code];
  return { code, title, detail: next, ...(about !== null && { about }) };
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
    ...(particulars.about !== undefined && { about: particulars.about }),
    ...(particulars.errors && { errors: particulars.errors }),
  };
}
