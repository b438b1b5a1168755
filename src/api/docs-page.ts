import { type RequestHandler, Router } from 'express';
import helmet from 'helmet';
import swaggerUi from 'swagger-ui-express';

const PATH = '/docs/';
/** What the page loads. The rest of the package is not served: its own `index.html` shows somebody else's API. */
const ASSETS = new Set([
  '/swagger-ui.css',
  '/swagger-ui-bundle.js',
  '/swagger-ui-standalone-preset.js',
  '/swagger-ui-init.js',
  '/favicon-16x16.png',
  '/favicon-32x32.png',
]);

/**
 * The OpenAPI document for people to read and to try, all of it served from here. It says nothing about cases.
 * @param document where the document is
 */
export function docsPage(document: string): Router {
  const page = swaggerUi.setup(undefined, { customSiteTitle: 'Mafqood staff API' });
  const assets = swaggerUi.serveFiles(undefined, {
    swaggerUrl: document,
    // Without it a service on the internet is asked whether the document is valid.
    swaggerOptions: { validatorUrl: null },
  });
  const router = Router({ strict: true });
  router.get('/docs', (_request, response) => response.redirect(308, PATH));
  router.get(PATH, contentPolicy(), page);
  router.use('/docs', onlyAssets, ...assets);
  return router;
}

/** Swagger UI sets styles from its scripts; everything else comes from its own files. */
function contentPolicy(): RequestHandler {
  return helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:'],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  });
}

const onlyAssets: RequestHandler = (request, _response, next) => {
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  if (isRead && ASSETS.has(request.path)) next();
  else next('router');
};
