import { randomBytes, randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { newCaseNumber } from '../domain/case-number.js';
import { COMMANDS } from '../domain/command.js';
import type { Report } from '../domain/report.js';
import { type IntakePhoto, intakePhoto } from '../media/photo.js';
import { renderRevision } from '../media/render-revision.js';
import { sha256 } from '../media/sha256.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { CaseNumberTaken, type CaseStore, type Idempotency } from '../store/case-store.js';
import type { StoredCommand } from '../store/stored-command.js';
import { casePath } from './case-answer.js';
import { parseSent } from './field-errors.js';
import { idempotencyOf } from './idempotency-key.js';
import { Problem } from './problem.js';
import { areaPlanOf, reportSchema } from './report-schema.js';
import { receiveReport } from './report-upload.js';
import type { Route } from './route.js';
import { settle, type Settling } from './settle.js';
import type { StaffMember } from './staff-file.js';

/** What taking a report needs. */
export interface ReportServices extends Settling {
  readonly store: Pick<CaseStore, 'storeReport' | 'commandOutcome' | 'readCase'>;
  readonly policyFile: PolicyFile;
}

/** The route by which a case begins. */
export function reportRoute(services: ReportServices): Route {
  const { policy, jurisdictions } = services.policyFile;
  const schema = reportSchema({ policy, jurisdictions: Object.keys(jurisdictions), now: Date.now });
  return {
    method: 'post',
    path: '/api/cases',
    roles: COMMANDS.report.roles,
    handle: async (request, response, caller) => {
      if (request.get('idempotency-key') === undefined) throw new Problem('idempotency_key_required');
      const upload = await receiveReport(request);
      const report = parseSent(schema, upload.report);
      const idempotency = idempotencyOf(request, { report, photo: sha256(upload.photo) });
      const photo = await intakePhoto(upload.photo);
      const stored = await storeReport(services, { report, photo, idempotency, caller });
      await answerStored(services, stored, response);
    },
  };
}

interface CheckedReport {
  readonly report: Report;
  readonly photo: IntakePhoto;
  readonly idempotency: Idempotency | undefined;
  readonly caller: StaffMember;
}

/** Renders what the public would see and stores it with the report, under a number of its own. */
async function storeReport(services: ReportServices, checked: CheckedReport): Promise<StoredCommand> {
  const { store, policyFile } = services;
  const { report, photo, idempotency, caller } = checked;
  const { policy } = policyFile;
  const caseNumber = newCaseNumber(randomBytes);
  const revision = await renderRevision({
    caseNumber,
    revision: 1,
    report,
    photo,
    area: areaPlanOf(report, policy),
    policyFile,
    salt: randomBytes(16).toString('hex'),
  });
  try {
    return await store.storeReport({
      caseNumber,
      commandId: randomUUID(),
      actor: caller.id,
      role: caller.role,
      report,
      photo,
      revision,
      policyVersion: policy.version,
      policy: policy.tiers[report.tier],
      idempotency,
    });
  } catch (error) {
    if (error instanceof CaseNumberTaken) return storeReport(services, checked);
    throw error;
  }
}

async function answerStored(services: ReportServices, stored: StoredCommand, response: Response): Promise<void> {
  const { caseNumber, commandId } = stored;
  const { delivery, status } = await settle(services, stored);
  const record = await services.store.readCase(caseNumber);
  if (!record) throw new Problem('case_unknown');
  const { number, digest } = record.revision;
  const body = { caseNumber, commandId, status: record.status, revision: { number, digest }, delivery };
  response.location(casePath(caseNumber));
  if (status !== undefined) response.status(201).json(body);
  else {
    response.status(202).json({
      ...body,
      detail:
        'The report is safely stored and will run by itself; nobody has to send it again. Location says how the case goes.',
    });
  }
}
