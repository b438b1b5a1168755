import express, { type IRoute, type Request, type Response, type Router } from 'express';
import { type CaseNumber, isCaseNumber } from '../domain/case-number.js';
import { type Permission, roleMay } from '../domain/permissions.js';
import type { CaseStore, CaseStores } from '../store/case-store.js';
import { callerOf } from './authenticate.js';
import type { Caller } from './caller.js';
import type { Contract } from './contract.js';
import { commandIdSchema } from './path-parameters.js';
import { Problem } from './problem.js';

/** One thing that staff may do. A route cannot be made without saying what of the table of permissions it is. */
export interface Route {
  readonly method: 'get' | 'post';
  readonly path: string;
  readonly permission: Permission;
  /** Whether who does it has to have logged in with a second factor. */
  readonly secondFactor?: boolean;
  readonly contract: Contract;
  /** @param store what is within the caller's scope; a route has no other */
  readonly handle: (request: Request, response: Response, caller: Caller, store: CaseStore) => Promise<void>;
}

/** Something that anybody may read without a token, because it says nothing about cases. */
export interface OpenRoute {
  readonly method: 'get';
  readonly path: string;
  readonly contract: Contract;
  readonly handle: (request: Request, response: Response) => Promise<void> | void;
}

/** Routes that need no token. To be mounted in front of `authenticate`. */
export function openRouterOf(routes: readonly OpenRoute[]): Router {
  const router = express.Router();
  for (const { method, path, handle } of routes) {
    const at = router.route(path);
    at[method](handle);
    refuseOtherMethods(at, [method]);
  }
  return router;
}

/** Routes by their paths; any other method on such a path is answered with 405. To be mounted behind `authenticate`. */
export function routerOf(routes: readonly Route[], stores: Pick<CaseStores, 'within'>): Router {
  const router = express.Router();
  for (const path of new Set(routes.map((route) => route.path))) {
    const at = router.route(path);
    const onPath = routes.filter((route) => route.path === path);
    for (const { method, permission, secondFactor = false, handle } of onPath) {
      at[method](async (request: Request, response: Response) => {
        const caller = callerOf(request);
        if (!roleMay(caller.role, permission)) throw new Problem('role_may_not');
        if (secondFactor && caller.stepUpChallenge !== null) {
          throw new Problem('second_factor_required', { headers: { 'WWW-Authenticate': caller.stepUpChallenge } });
        }
        await handle(request, response, caller, stores.within(caller.jurisdictions));
      });
    }
    refuseOtherMethods(
      at,
      onPath.map(({ method }) => method),
    );
  }
  return router;
}

function refuseOtherMethods(at: IRoute, methods: readonly Route['method'][]): void {
  const allow = methods.map((method) => (method === 'get' ? 'GET, HEAD' : 'POST')).join(', ');
  at.all(() => {
    throw new Problem('method_not_allowed', { headers: { Allow: allow } });
  });
}

/**
 * The command that an address names.
 * @throws Problem `command_unknown` when it cannot be a command's id
 */
export function commandIdOf(request: Request): string {
  const read = commandIdSchema.safeParse(request.params.commandId);
  if (read.success) return read.data;
  throw new Problem('command_unknown');
}

/**
 * The revision that an address names.
 * @throws Problem `revision_unknown` when it cannot be a revision's number
 */
export function revisionNumberOf(request: Request): number {
  const { revision } = request.params;
  if (/^[1-9]\d{0,8}$/.test(String(revision))) return Number(revision);
  throw new Problem('revision_unknown');
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
