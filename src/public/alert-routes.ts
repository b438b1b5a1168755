import express, { type Request, type Response, type Router } from 'express';
import helmet from 'helmet';
import type pg from 'pg';
import { isCaseNumber } from '../domain/case-number.js';
import type { Html } from '../html.js';
import { alertPage, overPage, STYLE_HASH } from './alert-page.js';
import { findAlert, findPicture, PICTURES } from './approved-alert.js';
import { sendImage } from './send-image.js';

/**
 * What the link in a post and the QR code of a card open: `/alerts/<case number>`, with its pictures beside it. Only what was approved, and
 * only while the case is active; afterwards 410, and of a case that never was public 404.
 * @param publicUrl the base address, as the public reaches it
 */
export function alertRoutes(pool: pg.Pool, publicUrl: string): Router {
  const router = express.Router();
  router.use(
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        imgSrc: ["'self'"],
        styleSrc: [STYLE_HASH],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    }),
  );

  router.get('/:caseNumber', async (request, response, next) => {
    const { caseNumber } = request.params;
    const alert = isCaseNumber(caseNumber) ? await findAlert(pool, caseNumber) : undefined;
    if (alert === undefined) {
      next();
      return;
    }
    const first = request.acceptsLanguages(['ar', 'en']) === 'en' ? 'en' : 'ar';
    if (alert === 'over') {
      send(response, 410, overPage(first));
      return;
    }
    const page = new URL(`/alerts/${caseNumber}`, publicUrl).href;
    send(response, 200, alertPage(alert, { page, photo: `${page}/photo.jpg`, card: `${page}/card.jpg` }, first));
  });

  for (const picture of PICTURES) {
    router.get(`/:caseNumber/${picture}.jpg`, async (request: Request<{ caseNumber: string }>, response, next) => {
      const { caseNumber } = request.params;
      const found = isCaseNumber(caseNumber) ? await findPicture(pool, caseNumber, picture) : undefined;
      if (found === undefined) next();
      else if (found === 'over')
        response.status(410).set('Cache-Control', 'no-store').type('text/plain').send('Gone\n');
      else sendImage(response, found);
    });
  }
  return router;
}

function send(response: Response, status: number, page: Html): void {
  response
    .status(status)
    .set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex', Vary: 'Accept-Language' })
    .type('html')
    .send(page.toString());
}
