import { z } from 'zod';
import { isClosed } from '../domain/case.js';
import { idempotencyOf } from './idempotency-key.js';
import { receiveJson } from './json-body.js';
import { answerOpening, type OpeningServices, storeOpening } from './open-case.js';
import { Problem } from './problem.js';
import { reissueContract } from './report-contract.js';
import { caseNumberOf, type Route } from './route.js';

/** There is nothing to say: everything is copied. */
const reissueBody = z.strictObject({});

/** The route by which the content of an ended case becomes a new one, of the same tier and run kind. */
export function reissueRoute(services: OpeningServices): Route {
  return {
    method: 'post',
    path: '/api/cases/:caseNumber/reissue',
    permission: 'reissue',
    contract: reissueContract(reissueBody),
    handle: async (request, response, caller, store) => {
      const reissueOf = caseNumberOf(request);
      if (request.get('idempotency-key') === undefined) throw new Problem('idempotency_key_required');
      const content = await receiveJson(reissueBody, request, response);
      const idempotency = idempotencyOf(request, content);
      const source = await store.reissueSource(reissueOf);
      if (!source) throw new Problem('case_unknown');
      const { status, report, photo } = source;
      // Asked of the read model, which cannot be wrong for long: a case that has closed stays closed.
      if (status === 'accepted' || !isClosed(status)) throw new Problem('not_ended');
      if (!services.policyFile.jurisdictions[report.jurisdiction]) throw new Problem('jurisdiction_gone');
      const stored = await storeOpening(services, store, { report, photo, reissueOf, idempotency, caller });
      await answerOpening(services, store, stored, response);
    },
  };
}
