import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { COMMANDS } from '../domain/command.js';
import type { CaseStore } from '../store/case-store.js';
import type { CommandOutcome } from '../store/stored-command.js';
import { answerCommand } from './answer-command.js';
import { commandContract, COMMAND_STATUS_CONTRACT } from './command-contracts.js';
import { COMMAND_FORMS, type JsonCommand } from './command-schemas.js';
import { idempotencyOf } from './idempotency-key.js';
import { receiveJson } from './json-body.js';
import { Problem, problemPart } from './problem.js';
import { ALL_STAFF, caseNumberOf, commandIdOf, type Route } from './route.js';
import type { Settling } from './settle.js';
import type { StaffMember } from './staff-file.js';
import { withZonedTimes } from './zoned-times.js';

/** What the routes of commands need. */
export interface CommandServices extends Settling {
  readonly store: CaseStore;
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
}

/** One route for each command that staff give to a case as JSON, and one that tells what became of it. */
export function commandRoutes(services: CommandServices): Route[] {
  const commands = (Object.keys(COMMAND_FORMS) as JsonCommand[]).map((kind): Route => ({
    method: 'post',
    path: `/api/cases/:caseNumber/${COMMAND_FORMS[kind].path}`,
    roles: COMMANDS[kind].roles,
    contract: commandContract(kind),
    handle: (request, response, caller) => command(services, kind, request, response, caller),
  }));
  const status: Route = {
    method: 'get',
    path: '/api/cases/:caseNumber/commands/:commandId',
    roles: ALL_STAFF,
    contract: COMMAND_STATUS_CONTRACT,
    handle: (request, response) => commandStatus(services, request, response),
  };
  return [...commands, status];
}

async function command(
  services: CommandServices,
  kind: JsonCommand,
  request: Request,
  response: Response,
  caller: StaffMember,
): Promise<void> {
  const caseNumber = caseNumberOf(request);
  const content = await receiveJson(COMMAND_FORMS[kind].body, request, response);
  const stored = await services.store.storeCommand({
    caseNumber,
    commandId: randomUUID(),
    kind,
    actor: caller.id,
    role: caller.role,
    ...content,
    idempotency: idempotencyOf(request, content),
  });
  await answerCommand(services, kind, stored, response);
}

async function commandStatus(
  { store, timeZoneOf }: CommandServices,
  request: Request,
  response: Response,
): Promise<void> {
  const caseNumber = caseNumberOf(request);
  const commandId = commandIdOf(request);
  const record = await store.readCase(caseNumber);
  if (!record) throw new Problem('case_unknown');
  const found = await store.readCommand(caseNumber, commandId);
  if (!found) throw new Problem('command_unknown');
  const { kind, storedAt, deliveredAt, outcome } = found;
  response.json(
    withZonedTimes(
      { commandId, command: kind, caseNumber, ...statusOf(outcome), storedAt, deliveredAt },
      timeZoneOf(record.jurisdiction),
    ),
  );
}

function statusOf(outcome: CommandOutcome | null): object {
  if (!outcome) return { status: 'stored' };
  if (outcome.accepted) return { status: 'accepted' };
  return { status: 'refused', refusal: problemPart(outcome.code, outcome.problem) };
}
