import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import { authenticate } from './authenticate.js';
import type { CaseStore } from '../store/case-store.js';
import { caseRoutes, type CaseServices } from './case-routes.js';
import { commandRoutes } from './command-routes.js';
import { Problem } from './problem.js';
import { answerProblems } from './problem-handler.js';
import { reportRoute, type ReportServices } from './report-route.js';
import { requestLog } from './request-log.js';
import { routerOf } from './route.js';
import type { StaffEntry } from './staff-file.js';

/** What the staff API is made of. */
export interface StaffApiServices extends ReportServices, Pick<CaseServices, 'temporalUi'> {
  readonly store: CaseStore;
  readonly staff: readonly StaffEntry[];
  readonly logger: Logger;
}

/**
 * The staff API. Everything mounted after `authenticate` is shut to whoever has no token; in front of it stands only what says nothing
 * about cases.
 */
export function createStaffApi(services: StaffApiServices): Express {
  const { jurisdictions } = services.policyFile;
  // A case may outlive its jurisdiction's place in the policy file; its times are then written in UTC.
  const timeZoneOf = (jurisdiction: string): string => jurisdictions[jurisdiction]?.timeZone ?? 'UTC';
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(requestLog(services.logger));
  app.use(helmet());
  app.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  app.get('/healthz', (_request, response) => {
    response.json({ status: 'ok' });
  });
  app.use(authenticate(services.staff));
  app.use(
    routerOf([
      reportRoute(services),
      ...caseRoutes({ ...services, timeZoneOf }),
      ...commandRoutes({ ...services, timeZoneOf }),
    ]),
  );
  app.use(() => {
    throw new Problem('not_found');
  });
  app.use(answerProblems());
  return app;
}
