import { rolesFor, STAFF_ROLES } from '../domain/permissions.js';
import { mayBeLeftOut } from './json-body.js';
import { namesIn, PATH_PARAMETERS } from './path-parameters.js';
import { PROBLEM_GROUPS, type ProblemCode } from './problem.js';
import type { OpenRoute, Route } from './route.js';

/** What any request may meet, whatever it asks. */
const ANY_REQUEST: readonly ProblemCode[] = [
  'malformed_request',
  'request_timeout',
  'headers_too_large',
  'internal_error',
];

/** What is refused of the file of a form, which is always a photo. */
const PHOTO_PROBLEMS = Object.keys(PROBLEM_GROUPS.photo) as ProblemCode[];

/** What every route refuses because of what it is: whose it is, what stands in its path, what it reads. */
export function impliedProblems(route: Route | OpenRoute): ProblemCode[] {
  const { path, contract } = route;
  const { query, body, idempotencyKey } = contract;
  const codes: ProblemCode[] = [...ANY_REQUEST];
  if ('permission' in route) {
    codes.push('unauthenticated', 'too_many_requests', 'identity_unavailable', 'staff_id_unusable', 'role_unclear');
    codes.push('store_unavailable');
    if (route.secondFactor === true) codes.push('second_factor_required');
    const roles = rolesFor(route.permission);
    if (STAFF_ROLES.some((role) => !roles.includes(role))) codes.push('role_may_not');
  }
  for (const name of namesIn(path)) {
    const parameter = PATH_PARAMETERS[name];
    if (!parameter) throw new Error(`the path parameter ${name} is not described in path-parameters.ts`);
    codes.push(parameter.unknown);
  }
  if (query) codes.push('invalid');
  if (body) {
    codes.push('invalid', 'malformed_json', 'too_large', 'unsupported_media_type');
    if (body.kind === 'form' || !mayBeLeftOut(body.schema)) codes.push('body_missing');
    if (body.kind === 'form') codes.push('malformed_multipart', 'part_missing', 'part_unexpected', ...PHOTO_PROBLEMS);
  }
  if (idempotencyKey) codes.push('idempotency_key_invalid', 'idempotency_key_reused');
  if (idempotencyKey === 'required') codes.push('idempotency_key_required');
  return codes;
}
