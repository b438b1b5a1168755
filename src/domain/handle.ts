import type { CaseState } from './case.js';
import { type Command, decide } from './decide.js';
import type { CaseEvent, Sender } from './event.js';
import type { Instant } from './time.js';

/**
 * Answers a command: the record of the answer, then what follows from it. A command id that was answered before has no events:
 * its first answer stands.
 * @param commandId names a malformed signal, which cannot name itself
 */
export function handle(state: CaseState | null, command: Command, commandId: string, now: Instant): CaseEvent[] {
  if (state?.answered.includes(commandId)) return [];
  const sender = senderOf(command, commandId);
  const decided = decide(state, command, now);
  if (!Array.isArray(decided)) {
    return [{ type: 'commandRefused', ...sender, code: decided.refused, problem: decided.problem }];
  }
  return [{ type: 'commandAccepted', ...sender }, ...decided];
}

function senderOf(command: Command, commandId: string): Sender {
  if (command.kind === 'malformed') {
    return { commandId, number: null, command: command.signal, actor: null, role: null, noteDigest: null };
  }
  const { number, kind, actor, role, noteDigest = null } = command;
  return { commandId, number, command: kind, actor, role, noteDigest };
}
