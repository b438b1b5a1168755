import { randomUUID } from 'node:crypto';
import type { Request, Response } from 'express';
import { COMMANDS, SIGNALS, type SignalName } from '../domain/command.js';
import type { CaseStore } from '../store/case-store.js';
import type { CommandOutcome, StoredCommand } from '../store/stored-command.js';
import { COMMAND_FORMS } from './command-schemas.js';
import { parseSent } from './field-errors.js';
import { idempotencyOf } from './idempotency-key.js';
import { readJson } from './json-body.js';
import { Problem, PROBLEMS } from './problem.js';
import { ALL_STAFF, caseNumberOf, type Route } from './route.js';
import { settle, type Settling } from './settle.js';
import type { StaffMember } from './staff-file.js';
import { withZonedTimes } from './zoned-times.js';

/** What the routes of commands need. */
export interface CommandServices extends Settling {
  readonly store: CaseStore;
  /** The time zone (IANA) of a jurisdiction. */
  readonly timeZoneOf: (jurisdiction: string) => string;
}

/** One route for each command that staff give to a case, and one that tells what became of it. */
export function commandRoutes(services: CommandServices): Route[] {
  const commands = SIGNALS.map((kind): Route => ({
    method: 'post',
    path: `/api/cases/:caseNumber/${COMMAND_FORMS[kind].path}`,
    roles: COMMANDS[kind].roles,
    handle: (request, response, caller) => command(services, kind, request, response, caller),
  }));
  const status: Route = {
    method: 'get',
    path: '/api/cases/:caseNumber/commands/:commandId',
    roles: ALL_STAFF,
    handle: (request, response) => commandStatus(services, request, response),
  };
  return [...commands, status];
}

/** Where one can read what became of a command. */
function commandPath({ caseNumber, commandId }: Pick<StoredCommand, 'caseNumber' | 'commandId'>): string {
  return `/api/cases/${caseNumber}/commands/${commandId}`;
}

async function command(
  services: CommandServices,
  kind: SignalName,
  request: Request,
  response: Response,
  caller: StaffMember,
): Promise<void> {
  const caseNumber = caseNumberOf(request);
  const content = parseSent(COMMAND_FORMS[kind].body, await readJson(request, response));
  const stored = await services.store.storeCommand({
    caseNumber,
    commandId: randomUUID(),
    kind,
    actor: caller.id,
    role: caller.role,
    ...content,
    idempotency: idempotencyOf(request, content),
  });
  const { commandId } = stored;
  const { delivery, status } = await settle(services, stored);
  if (status !== undefined) {
    response.json({ commandId, command: kind, outcome: 'accepted', case: { caseNumber, status } });
    return;
  }
  response.status(202).location(commandPath(stored)).json({
    commandId,
    command: kind,
    outcome: 'stored',
    delivery,
    detail:
      'The command is safely stored and will run by itself; nobody has to send it again. Location says what becomes of it.',
  });
}

async function commandStatus(
  { store, timeZoneOf }: CommandServices,
  request: Request,
  response: Response,
): Promise<void> {
  const caseNumber = caseNumberOf(request);
  const { commandId } = request.params;
  const record = await store.readCase(caseNumber);
  if (!record) throw new Problem('case_unknown');
  const found = await store.readCommand(caseNumber, String(commandId));
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
  const { title, next } = PROBLEMS[outcome.code];
  return { status: 'refused', refusal: { code: outcome.code, title, detail: next } };
}
