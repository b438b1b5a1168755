import { defineSignal, setHandler, uuid4 } from '@temporalio/workflow';
import { parseSignal, SIGNALS } from '../domain/command.js';
import type { RunningCase } from './running-case.js';

/**
 * Listens for every signal of the table in `domain/command`, under its own name. A payload may be anything at all: the payload
 * converter marks what does not decode, and what is no envelope is refused and recorded. There is no default handler: a name that
 * nobody knows is buffered by Temporal and harms nothing.
 */
export function listenForCommands(theCase: RunningCase): void {
  for (const signal of SIGNALS) {
    setHandler(defineSignal<[unknown]>(signal), (payload: unknown) => {
      const assigned = { commandId: uuid4(), now: Date.now() };
      const command = parseSignal(signal, payload, assigned);
      theCase.answer(command, command.kind === 'malformed' ? assigned.commandId : command.commandId);
    });
  }
}
