import { z } from 'zod';
import { isCaseNumber } from '../domain/case-number.js';
import { caseWorkflowId } from '../temporal/case-workflow-id.js';
import type { CaseStore } from '../store/case-store.js';
import { caseAnswer, summaryAnswer } from './case-answer.js';
import { parseSent } from './field-errors.js';
import { Problem } from './problem.js';
import { ALL_STAFF, caseNumberOf, type Route } from './route.js';

/** What reading cases needs. */
export interface CaseServices {
  readonly store: CaseStore;
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
  /** Where administrators see the workflows. */
  readonly temporalUi: { readonly url: string; readonly namespace: string };
}

const page = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().refine(isCaseNumber, 'must be a case number').optional(),
});

/** The routes by which cases are read. */
export function caseRoutes(services: CaseServices): Route[] {
  return [
    { method: 'get', path: '/api/cases', roles: ALL_STAFF, handle: listCases(services) },
    { method: 'get', path: '/api/cases/:caseNumber', roles: ALL_STAFF, handle: readCase(services) },
    {
      method: 'get',
      path: '/api/cases/:caseNumber/revisions/:revision/images/:channel',
      roles: ALL_STAFF,
      handle: readImage(services),
    },
  ];
}

function listCases({ store, timeZoneOf }: CaseServices): Route['handle'] {
  return async (request, response) => {
    const { limit, before } = parseSent(page, request.query);
    const cases = await store.listCases({ limit, before });
    const last = cases.length === limit ? cases.at(-1) : undefined;
    response.json({
      cases: cases.map((summary) => summaryAnswer(summary, timeZoneOf(summary.jurisdiction))),
      next: last
        ? `/api/cases?${new URLSearchParams({ limit: String(limit), before: last.caseNumber }).toString()}`
        : null,
    });
  };
}

function readCase({ store, timeZoneOf, temporalUi: { url, namespace } }: CaseServices): Route['handle'] {
  return async (request, response) => {
    const caseNumber = caseNumberOf(request);
    const record = await store.readCase(caseNumber);
    if (!record) throw new Problem('case_unknown');
    const report = await store.readReport(caseNumber);
    const preview = await store.preview(caseNumber);
    const timeline = await store.timeline(caseNumber);
    const workflow = encodeURIComponent(caseWorkflowId(caseNumber));
    response.json(
      caseAnswer(
        { record, report, preview, timeline },
        timeZoneOf(record.jurisdiction),
        `${url.replace(/\/$/, '')}/namespaces/${namespace}/workflows/${workflow}`,
      ),
    );
  };
}

function readImage({ store }: CaseServices): Route['handle'] {
  return async (request, response) => {
    const caseNumber = caseNumberOf(request);
    const { revision, channel } = request.params;
    const number = /^[1-9]\d{0,8}$/.test(String(revision)) ? Number(revision) : undefined;
    const image = number && (await store.partBytes(caseNumber, number, `${String(channel)}/image`));
    if (!image) throw new Problem('image_unknown');
    response.type(image.mediaType).send(image.bytes);
  };
}
