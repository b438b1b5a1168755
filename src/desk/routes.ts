import { randomUUID } from 'node:crypto';
import express, { type Request, type Response, type Router } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import { Problem } from '../api/problem.js';
import { settle, type Settling } from '../api/settle.js';
import { isStoreUnavailable } from '../api/store-unavailable.js';
import type { CaseStore } from '../store/case-store.js';
import { type Confirmation, readConfirmation } from './confirmation.js';
import { type DeskAnswer, deskPage, STYLE_HASH } from './page.js';

/** What the desk's links need. */
export interface DeskServices extends Settling {
  readonly store: Pick<CaseStore, 'storeCommand' | 'readCase' | 'commandOutcome' | 'caseStatus'>;
}

const CHANNEL = 'meta-partner';
/** A person at the desk is no staff and has no id; who it was is in the note, which never leaves PostgreSQL. */
const ACTOR = 'partner-desk';

const form = z.object({
  name: z.string().trim().min(1).max(100),
  link: z.string().trim().max(300).optional(),
});

/**
 * Where people at the partner desk say what they have done: `/desk/<signed link>`. Looking at it changes nothing, because mail programs
 * open links by themselves.
 * @param secret what the worker signs the links with
 */
export function deskRoutes(services: DeskServices, secret: string): Router {
  const router = express.Router();
  router.use(
    '/desk',
    helmet.contentSecurityPolicy({
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: [STYLE_HASH],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
    }),
    // The address is the permission: it must not be told to whatever is opened from the page.
    helmet.referrerPolicy({ policy: 'no-referrer' }),
  );

  router.get('/desk/:link', async (request, response) => {
    const about = await readConfirmation(request.params.link, secret);
    if (typeof about === 'object') {
      answer(request, response, await unlessAway(() => stateOf(services, about)), about);
    } else answer(request, response, about ?? 'invalid');
  });

  router.post('/desk/:link', express.urlencoded({ extended: false, limit: '8kb' }), async (request, response) => {
    const about = await readConfirmation(request.params.link, secret);
    const sent = form.safeParse(request.body);
    if (typeof about !== 'object') answer(request, response, about ?? 'invalid');
    else if (!sent.success) answer(request, response, 'nameless', about);
    else answer(request, response, await unlessAway(() => confirm(services, about, sent.data)), about);
  });
  return router;
}

/** What a link may still bring about, by the read model; the case itself has the last word. */
async function stateOf({ store }: DeskServices, about: Confirmation): Promise<DeskAnswer> {
  const record = await store.readCase(about.caseNumber);
  const publication = record?.publications.find(({ channel }) => channel === CHANNEL);
  if (!publication) return 'invalid';
  const isWanted = publication.wanted === about.revision;
  const object = publication.there.find(({ revision }) => revision === about.revision);
  if (about.done === 'removed') return isWanted ? 'wanted' : object ? 'ask' : 'already';
  if (!isWanted) return 'outdated';
  return object?.state === 'live' ? 'already' : 'ask';
}

async function confirm(
  services: DeskServices,
  about: Confirmation,
  { name, link }: z.output<typeof form>,
): Promise<DeskAnswer> {
  const before = await stateOf(services, about);
  if (before !== 'ask') return before;
  const { caseNumber, digest, revision: ofRevision, done } = about;
  const said =
    done === 'published'
      ? ({ kind: 'confirmPublished', payload: { channel: CHANNEL, digest } } as const)
      : ({ kind: 'confirmRemoved', payload: { channel: CHANNEL, ofRevision } } as const);
  const stored = await services.store.storeCommand({
    caseNumber,
    commandId: randomUUID(),
    ...said,
    actor: ACTOR,
    role: 'partner',
    note: link === undefined || link === '' ? name : `${name} · ${link}`,
    idempotency: undefined,
  });
  try {
    // Stored is as good as done: it runs by itself.
    await settle(services, services.store, stored);
    return 'thanks';
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const after = await stateOf(services, about);
    return after === 'ask' ? 'later' : after;
  }
}

async function unlessAway(work: () => Promise<DeskAnswer>): Promise<DeskAnswer> {
  try {
    return await work();
  } catch (error) {
    if (isStoreUnavailable(error)) return 'later';
    throw error;
  }
}

function answer(request: Request, response: Response, what: DeskAnswer, about?: Confirmation): void {
  const first = request.acceptsLanguages(['en', 'ar']) === 'ar' ? 'ar' : 'en';
  const { status, page } = deskPage(what, about, first);
  response.status(status).set('Vary', 'Accept-Language').type('html').send(page.toString());
}
