import { randomBytes, randomUUID } from 'node:crypto';
import type { Response } from 'express';
import { type CaseNumber, newCaseNumber } from '../domain/case-number.js';
import type { Report } from '../domain/report.js';
import type { IntakePhoto } from '../media/photo.js';
import { renderRevision } from '../media/render-revision.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { CaseNumberTaken, type CaseStore, type Idempotency, type NewReport } from '../store/case-store.js';
import type { StoredCommand } from '../store/stored-command.js';
import { casePath } from './case-answer.js';
import { Problem } from './problem.js';
import { areaPlanOf } from './report-schema.js';
import { settle, type Settling } from './settle.js';
import type { Caller } from './caller.js';

/** What opening a case needs. */
export interface OpeningServices extends Settling {
  readonly policyFile: PolicyFile;
  /** Where the public opens the public site. */
  readonly publicUrl: string;
}

/** What a case is opened with. */
export interface Opening {
  readonly report: Report;
  readonly photo: IntakePhoto;
  /** The ended case that it continues. */
  readonly reissueOf?: CaseNumber;
  readonly idempotency: Idempotency | undefined;
  readonly caller: Pick<Caller, 'id' | 'role'>;
}

/** Renders what the public would see of a report, as a new case under a number of its own. */
export async function renderOpening(
  { policyFile, publicUrl }: Pick<OpeningServices, 'policyFile' | 'publicUrl'>,
  opening: Opening,
): Promise<NewReport> {
  const { caller, report, photo, ...rest } = opening;
  const { policy } = policyFile;
  const caseNumber = newCaseNumber(randomBytes);
  const revision = await renderRevision({
    caseNumber,
    revision: 1,
    report,
    photo,
    area: areaPlanOf(report, policy),
    channels: policy.tiers[report.tier].channels,
    policyFile,
    publicUrl,
    salt: randomBytes(16).toString('hex'),
  });
  return {
    caseNumber,
    commandId: randomUUID(),
    actor: caller.id,
    role: caller.role,
    report,
    photo,
    revision,
    policyVersion: policy.version,
    policy: policy.tiers[report.tier],
    ...rest,
  };
}

/** Renders what the public would see and stores it with the report; under another number when that one is taken. */
export async function storeOpening(
  services: OpeningServices,
  store: Pick<CaseStore, 'storeReport'>,
  opening: Opening,
): Promise<StoredCommand> {
  try {
    return await store.storeReport(await renderOpening(services, opening));
  } catch (error) {
    if (error instanceof CaseNumberTaken) return storeOpening(services, store, opening);
    throw error;
  }
}

/** Takes a stored report to its case and says which case it has become. */
export async function answerOpening(
  services: OpeningServices,
  store: Pick<CaseStore, 'commandOutcome' | 'caseStatus' | 'readCase'>,
  stored: StoredCommand,
  response: Response,
): Promise<void> {
  const { caseNumber, commandId } = stored;
  const { delivery, status } = await settle(services, store, stored);
  const record = await store.readCase(caseNumber);
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
