import express, { type Express } from 'express';
import helmet from 'helmet';
import type { Logger } from 'pino';
import type { AccessTokens } from '../oidc/access-tokens.js';
import { authenticate } from './authenticate.js';
import { deskRoutes } from '../desk/routes.js';
import type { CaseStores } from '../store/case-store.js';
import type { JournalListener } from '../store/journal-listener.js';
import { limitRequests } from '../rate-limit.js';
import { caseRoutes, type CaseServices } from './case-routes.js';
import { commandRoutes } from './command-routes.js';
import { docsPage } from './docs-page.js';
import { eventRoutes, type EventServices } from './event-routes.js';
import type { OpeningServices } from './open-case.js';
import { Problem } from './problem.js';
import { answerProblems } from './problem-handler.js';
import type { Dependencies } from './readiness.js';
import { reissueRoute } from './reissue-route.js';
import { reportRoute } from './report-route.js';
import { requestLog } from './request-log.js';
import { revisionRoutes } from './revision-routes.js';
import { openRouterOf, routerOf } from './route.js';
import { searchRoutes } from './search-routes.js';
import { serviceRoutes } from './service-routes.js';
import type { StaffEntry } from './staff-file.js';
import { timesRoute } from './times-route.js';

const REQUESTS_A_MINUTE = 12_000;

/** What the staff API is made of. */
export interface StaffApiServices
  extends
    OpeningServices,
    Pick<CaseServices, 'temporalUi'>,
    Pick<EventServices, 'streamTimes'>,
    Pick<Dependencies, 'temporalReachable'> {
  readonly store: CaseStores;
  readonly outcomes: JournalListener;
  /** Whose tokens are known by themselves; nobody's, where there is only a provider. */
  readonly staff: readonly StaffEntry[];
  /** The identity provider's; left out where there is none. */
  readonly accessTokens?: AccessTokens;
  /** Signs the links of the partner desk; left out where there is none. */
  readonly deskSecret?: string;
  /** Of one client address: an office behind one has many people, and a script that runs wild asks far more. */
  readonly requestsAMinute?: number;
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
  const routes = [
    reportRoute(services),
    ...searchRoutes({ timeZoneOf }),
    timesRoute(),
    ...eventRoutes({ ...services, timeZoneOf }),
    ...caseRoutes({ ...services, timeZoneOf }),
    reissueRoute(services),
    ...revisionRoutes(services),
    ...commandRoutes({ ...services, timeZoneOf }),
  ];
  app.use(openRouterOf(serviceRoutes(routes, services, services.accessTokens?.discoveryUrl)));
  app.use(
    limitRequests(app, services.requestsAMinute ?? REQUESTS_A_MINUTE, () => {
      throw new Problem('too_many_requests');
    }),
  );
  app.use(docsPage('/openapi.json'));
  if (services.deskSecret !== undefined) {
    // The desk's people are no staff: each of their links is for one publication.
    app.use(deskRoutes({ ...services, store: services.store.within('all') }, services.deskSecret));
  }
  app.use(authenticate(services.staff, services.accessTokens));
  app.use(routerOf(routes, services.store));
  app.use(() => {
    throw new Problem('not_found');
  });
  app.use(answerProblems());
  return app;
}
