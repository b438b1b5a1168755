import type { Response } from 'express';
import type { SignalName } from '../domain/command.js';
import type { CaseStore } from '../store/case-store.js';
import type { StoredCommand } from '../store/stored-command.js';
import { settle, type Settling } from './settle.js';

/**
 * Takes a stored command to its case and says what came of it.
 * @throws Problem with the code of the case's refusal
 */
export async function answerCommand(
  services: Settling,
  store: Pick<CaseStore, 'commandOutcome' | 'caseStatus'>,
  kind: SignalName,
  stored: StoredCommand,
  response: Response,
): Promise<void> {
  const { caseNumber, commandId } = stored;
  const { delivery, status } = await settle(services, store, stored);
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

/** Where one can read what became of a command. */
function commandPath({ caseNumber, commandId }: Pick<StoredCommand, 'caseNumber' | 'commandId'>): string {
  return `/api/cases/${caseNumber}/commands/${commandId}`;
}
