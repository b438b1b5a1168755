import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { rateLimit } from 'express-rate-limit';
import { MINUTE } from './domain/time.js';

/**
 * Whom a request is taken to come from: what stands between the public and us is on an address that nobody has on the internet, and says
 * for whom it asks. From anybody else `X-Forwarded-For` is believed nothing.
 */
const PROXIES = ['loopback', 'linklocal', 'uniquelocal'];

/**
 * Lets each client address make so many requests a minute, as far as this process sees them; an IPv6 network of /56 is one client. It is
 * against a single machine that floods: carriers have thousands of phones behind one address.
 * @param refuse answers what is too much; the header `Retry-After` is set already, in seconds
 */
export function limitRequests(
  app: Express,
  requestsAMinute: number,
  refuse: (request: Request, response: Response, next: NextFunction) => void,
): RequestHandler {
  app.set('trust proxy', PROXIES);
  return rateLimit({
    windowMs: MINUTE,
    limit: requestsAMinute,
    standardHeaders: false,
    legacyHeaders: false,
    handler: (request, response, next) => {
      response.set('Retry-After', String(MINUTE / 1000));
      refuse(request, response, next);
    },
  });
}
