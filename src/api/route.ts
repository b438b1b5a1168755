import express, { type Request, type Response, type Router } from 'express';
import { type CaseNumber, isCaseNumber } from '../domain/case-number.js';
import { type Role, ROLES } from '../domain/command.js';
import { callerOf } from './authenticate.js';
import { Problem } from './problem.js';
import type { StaffMember } from './staff-file.js';

/** One thing that staff may do. A route cannot be made without saying whose it is. */
export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly roles: readonly Role[];
  readonly handle: (request: Request, response: Response, caller: StaffMember) => Promise<void>;
}

/** Every member of staff may read. */
export const ALL_STAFF: readonly Role[] = ROLES;

/** Routes by their paths; any other method on such a path is answered with 405. To be mounted behind `authenticate`. */
export function routerOf(routes: readonly Route[]): Router {
  const router = express.Router();
  for (const path of new Set(routes.map((route) => route.path))) {
    const at = router.route(path);
    const onPath = routes.filter((route) => route.path === path);
    for (const { method, roles, handle } of onPath) {
      at[method](async (request: Request, response: Response) => {
        const caller = callerOf(request);
        if (!roles.includes(caller.role)) throw new Problem('role_may_not');
        await handle(request, response, caller);
      });
    }
    const allow = onPath.map(({ method }) => (method === 'get' ? 'GET, HEAD' : 'POST')).join(', ');
    at.all(() => {
      throw new Problem('method_not_allowed', { headers: { Allow: allow } });
    });
  }
  return router;
}

/**
 * The case that an address names.
 * @throws Problem `case_unknown` when it cannot be a case's number
 */
export function caseNumberOf(request: Request): CaseNumber {
  const { caseNumber } = request.params;
  if (typeof caseNumber === 'string' && isCaseNumber(caseNumber)) return caseNumber;
  throw new Problem('case_unknown');
}
