import express, { type ErrorRequestHandler, type Express, type Response } from 'express';
import helmet from 'helmet';
import type pg from 'pg';
import type { Logger } from 'pino';
import { sha256 } from '../media/sha256.js';
import { drawTestImage, TEST_IMAGE_PATH } from '../media/test-image.js';
import { limitRequests } from '../rate-limit.js';
import { alertRoutes } from './alert-routes.js';
import { sendImage } from './send-image.js';

/** Of one client address. */
const REQUESTS_A_MINUTE = 1_200;
const TOO_MANY = 'طلبات كثيرة. حاول مرة أخرى بعد دقيقة.\nToo many requests. Try again in a minute.\n';

/** 32 random bytes in base64url, as the content store makes them. */
const IMAGE = /^([A-Za-z0-9_-]{43})\.jpg$/;

/**
 * The public site: the alert page of each case that is public, images at their short-lived addresses, a test image beside them by which
 * `mafqood doctor` sees whether images can be fetched, and `/healthz`. Nothing else is there, and an image's address that is unknown looks like one that is over. No address gets into the log: whoever has it can fetch the
 * image.
 * @param options.pool with the public site's own role
 * @param options.publicUrl its own base address, as the public reaches it
 */
export function createPublicSite({
  pool,
  publicUrl,
  logger,
}: {
  readonly pool: pg.Pool;
  readonly publicUrl: string;
  readonly logger: Logger;
}): Express {
  const site = express();
  site.disable('etag');
  site.use(helmet());

  site.get('/healthz', async (_request, response) => {
    await pool.query('SELECT 1');
    response.set('Cache-Control', 'no-store').json({ status: 'ok' });
  });

  site.use(
    limitRequests(site, REQUESTS_A_MINUTE, (_request, response) => {
      response.status(429).set('Cache-Control', 'no-store').type('text/plain').send(TOO_MANY);
    }),
  );
  site.use('/alerts', alertRoutes(pool, publicUrl));

  site.get(TEST_IMAGE_PATH, async (_request, response) => {
    sendImage(response, await drawTestImage());
  });

  site.get('/images/:name', async (request, response, next) => {
    const [, token] = IMAGE.exec(request.params.name) ?? [];
    const image = token === undefined ? undefined : await findImage(pool, token);
    if (!image) {
      next();
      return;
    }
    sendImage(response, image);
  });

  site.use((_request, response) => sendNotFound(response));

  site.use(((error: unknown, _request, response, next) => {
    // An address that is no text in UTF-8. Anybody can send one, so it is neither a failure of ours nor worth a line in the log.
    if (error instanceof URIError && !response.headersSent) {
      sendNotFound(response);
      return;
    }
    logger.error({ reason: reasonOf(error) }, 'a request failed');
    if (response.headersSent) {
      next(error);
      return;
    }
    response.status(503).set('Cache-Control', 'no-store').type('text/plain').send('Not available\n');
  }) satisfies ErrorRequestHandler);
  return site;
}

function sendNotFound(response: Response): void {
  response.status(404).set('Cache-Control', 'no-store').type('text/plain').send('Not found\n');
}

async function findImage(pool: pg.Pool, token: string): Promise<Buffer | undefined> {
  const { rows } = await pool.query<{ image: Buffer | null }>('SELECT public_image($1) AS image', [sha256(token)]);
  return rows[0]?.image ?? undefined;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.name : 'unknown';
}
