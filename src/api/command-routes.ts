import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import type { CaseStore } from '../store/case-store.js';
import type { CommandOutcome } from '../store/stored-command.js';
import { answerCommand } from './answer-command.js';
import type { Caller } from './caller.js';
import { commandContract, COMMAND_STATUS_CONTRACT } from './command-contracts.js';
import { COMMAND_FORMS, type JsonCommand } from './command-schemas.js';
import { idempotencyOf } from './idempotency-key.js';
import { receiveJson } from './json-body.js';
import { Problem, problemPart } from './problem.js';
import { caseNumberOf, commandIdOf, type Route } from './route.js';
import type { Settling } from './settle.js';
import { withZonedTimes } from './zoned-times.js';

/** What the routes of commands need. */
export interface CommandServices extends Settling {
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
}

/** What puts a message before the public: a password that was guessed or fished must not be enough. */
const PUBLISHING: ReadonlySet<JsonCommand> = new Set(['approve', 'approveAmendment']);

/** One route for each command that staff give to a case as JSON, and one that tells what became of it. */
export function commandRoutes(services: CommandServices): Route[] {
  const commands = (Object.keys(COMMAND_FORMS) as JsonCommand[]).map((kind): Route => ({
    method: 'post',
    path: `/api/cases/:caseNumber/${COMMAND_FORMS[kind].path}`,
    permission: kind,
    secondFactor: PUBLISHING.has(kind),
    contract: commandContract(kind),
    handle: (request, response, caller, store) => command(services, kind, request, response, caller, store),
  }));
  const status: Route = {
    method: 'get',
    path: '/api/cases/:caseNumber/commands/:commandId',
    permission: 'readCommand',
    contract: COMMAND_STATUS_CONTRACT,
    handle: (request, response, _caller, store) => commandStatus(services, request, response, store),
  };
  return [...commands, status];
}

async function command(
  services: CommandServices,
  kind: JsonCommand,
  request: Request,
  response: Response,
  caller: Caller,
  store: CaseStore,
): Promise<void> {
  const caseNumber = caseNumberOf(request);
  const content = await receiveJson(COMMAND_FORMS[kind].body, request, response);
  const stored = await store.storeCommand({
    caseNumber,
    commandId: randomUUID(),
    kind,
    actor: caller.id,
    role: caller.role,
    ...content,
    idempotency: idempotencyOf(request, content),
  });
  await answerCommand(services, store, kind, stored, response);
}

async function commandStatus(
  { timeZoneOf }: CommandServices,
  request: Request,
  response: Response,
  store: CaseStore,
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
