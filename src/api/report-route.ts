import { intakePhoto } from '../media/photo.js';
import { sha256 } from '../media/sha256.js';
import { parseSent } from './field-errors.js';
import { idempotencyOf } from './idempotency-key.js';
import { answerOpening, type OpeningServices, storeOpening } from './open-case.js';
import { Problem } from './problem.js';
import { reportContract } from './report-contract.js';
import { reportSchema, withinScope } from './report-schema.js';
import { receiveReport } from './report-upload.js';
import type { Route } from './route.js';

/** The route by which a case begins. */
export function reportRoute(services: OpeningServices): Route {
  const { policy, jurisdictions } = services.policyFile;
  const schema = reportSchema({ policy, jurisdictions, now: Date.now });
  return {
    method: 'post',
    path: '/api/cases',
    permission: 'report',
    contract: reportContract(schema),
    handle: async (request, response, caller, store) => {
      if (request.get('idempotency-key') === undefined) throw new Problem('idempotency_key_required');
      const upload = await receiveReport(request);
      const report = parseSent(withinScope(schema, caller.jurisdictions), upload.report);
      const idempotency = idempotencyOf(request, { report, photo: sha256(upload.photo) });
      const photo = await intakePhoto(upload.photo);
      const stored = await storeOpening(services, store, { report, photo, idempotency, caller });
      await answerOpening(services, store, stored, response);
    },
  };
}
