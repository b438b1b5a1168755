import { randomBytes, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Report } from '../domain/report.js';
import { type IntakePhoto, intakePhoto } from '../media/photo.js';
import { renderRevision } from '../media/render-revision.js';
import { sha256 } from '../media/sha256.js';
import type { PolicyFile } from '../policy/policy-file.js';
import { type CaseStore, type NewRevision, type RevisionKind, RevisionTaken } from '../store/case-store.js';
import type { RevisionSource } from '../store/revision-source.js';
import type { StoredCommand } from '../store/stored-command.js';
import { answerCommand } from './answer-command.js';
import { revisionContract } from './command-contracts.js';
import { note, REVISION_PATHS } from './command-schemas.js';
import { parseSent } from './field-errors.js';
import { idempotencyOf } from './idempotency-key.js';
import { Problem } from './problem.js';
import { areaPlanOf, reportSchema } from './report-schema.js';
import { receiveRevision } from './report-upload.js';
import { caseNumberOf, type Route } from './route.js';
import type { Settling } from './settle.js';

/** What the routes of new revisions need. */
export interface RevisionServices extends Settling {
  readonly policyFile: PolicyFile;
  /** Where the public opens the public site. */
  readonly publicUrl: string;
}

/** What a revision may be sent with besides the report and the photo. */
const revisionNote = z.strictObject({ note: note.optional() });

/** What of a report is fixed when its case is made. */
const FIXED = ['tier', 'runKind', 'jurisdiction'] as const;

/** The routes by which a report is corrected and an alert amended. Both send the whole report again, as it is to be. */
export function revisionRoutes(services: RevisionServices): Route[] {
  const { policy, jurisdictions } = services.policyFile;
  const schema = reportSchema({ policy, jurisdictions, now: Date.now });
  return (Object.keys(REVISION_PATHS) as RevisionKind[]).map((kind) => ({
    method: 'post',
    path: `/api/cases/:caseNumber/${REVISION_PATHS[kind]}`,
    permission: kind,
    contract: revisionContract(kind, schema),
    handle: handleRevision(services, kind, schema),
  }));
}

function handleRevision(services: RevisionServices, kind: RevisionKind, schema: z.ZodType<Report>): Route['handle'] {
  return async (request, response, { id: actor, role }, store) => {
    const caseNumber = caseNumberOf(request);
    const upload = await receiveRevision(request);
    const report = parseSent(schema, upload.report);
    const said = parseSent(revisionNote, { note: upload.note });
    const photoSent = upload.photo && sha256(upload.photo);
    const idempotency = idempotencyOf(request, { report, photo: photoSent, ...said });
    const photo = upload.photo && (await intakePhoto(upload.photo));
    const sender = { caseNumber, commandId: randomUUID(), kind, actor, role, idempotency };
    const stored = await storeRevision(services, store, { ...sender, ...said, report }, photo);
    await answerCommand(services, store, kind, stored, response);
  };
}

/** @throws Problem `invalid` when the report changes what is fixed */
function checkFixed(report: Report, source: RevisionSource): void {
  const changed = FIXED.filter((field) => report[field] !== source[field]);
  if (changed.length === 0) return;
  throw new Problem('invalid', {
    errors: changed.map((field) => ({
      pointer: `/${field}`,
      code: 'unchangeable_field',
      detail: 'cannot be changed any more: it is fixed when the case is made',
    })),
  });
}

/** Renders what the public would see, marked with the revision's number, and stores it; again when the number is taken meanwhile. */
async function storeRevision(
  services: RevisionServices,
  store: CaseStore,
  command: Omit<NewRevision, 'photo' | 'revision'>,
  newPhoto: IntakePhoto | undefined,
): Promise<StoredCommand> {
  const { policyFile, publicUrl } = services;
  const { caseNumber, report } = command;
  const source = await store.revisionSource(caseNumber);
  if (!source) throw new Problem('case_unknown');
  checkFixed(report, source);
  const photo = newPhoto ?? source.photo;
  const revision = await renderRevision({
    caseNumber,
    revision: source.newest + 1,
    report,
    photo,
    area: areaPlanOf(report, policyFile.policy),
    channels: source.channels,
    policyFile,
    publicUrl,
    salt: randomBytes(16).toString('hex'),
  });
  try {
    return await store.storeRevisionCommand({ ...command, photo, revision });
  } catch (error) {
    if (error instanceof RevisionTaken) return storeRevision(services, store, command, newPhoto);
    throw error;
  }
}
