import { randomUUID } from 'node:crypto';
import type { CaseState } from '../../src/domain/case.js';
import type { CaseNumber } from '../../src/domain/case-number.js';
import { type Envelope, parseSignal } from '../../src/domain/command.js';
import { type Command, decide } from '../../src/domain/decide.js';
import type { CaseEvent } from '../../src/domain/event.js';
import { evolveAll } from '../../src/domain/evolve.js';
import { handle } from '../../src/domain/handle.js';
import { nextTimer } from '../../src/domain/timer.js';
import { viewOf } from '../../src/domain/view.js';
import type { CaseJournal } from '../../src/ports/case-journal.js';
import type { DeliveryQueue } from '../../src/store/delivery-queue.js';
import type { PendingCommand } from '../../src/store/stored-command.js';
import type { Delivery } from '../../src/temporal/delivery.js';

/** Cases that decide by the real rules and write the real journal, in this process: what the API sees of Temporal and a worker. */
export interface InProcessCases extends Delivery {
  /** As when Temporal is away. */
  away: boolean;
  /** As when no worker runs: commands are delivered, and nobody answers. */
  idle: boolean;
  /** Whose deliveries were asked for. */
  readonly asked: CaseNumber[];
}

export function inProcessCases(queue: DeliveryQueue, journal: CaseJournal): InProcessCases {
  const states = new Map<CaseNumber, { state: CaseState | null; seq: number }>();

  async function answer(caseNumber: CaseNumber, pending: PendingCommand): Promise<void> {
    const { state, seq } = states.get(caseNumber) ?? { state: null, seq: 0 };
    const now = Date.now();
    const answers = handle(state, commandOf(pending), pending.commandId, now);
    const answered = evolveAll(state, answers);
    if (!answered) throw new Error('a case begins with its report');
    const events = [...answers, ...firstNotice(answered, now)];
    const after = evolveAll(state, events);
    states.set(caseNumber, { state: after, seq: seq + events.length });
    await journal.append({
      caseNumber,
      entries: events.map((event, index) => ({ seq: seq + 1 + index, at: now, event })),
      view: viewOf(after ?? answered),
    });
  }

  return {
    away: false,
    idle: false,
    asked: [],
    async deliver(caseNumber) {
      this.asked.push(caseNumber);
      if (this.away) return 'stored';
      await queue.withCaseLock(caseNumber, async (session) => {
        for (const pending of await session.pending()) {
          await session.markDelivered(pending.commandId);
          if (!this.idle) await answer(caseNumber, pending);
        }
      });
      return 'delivered';
    },
  };
}

/** What is due at once: the first rung of a ladder. */
function firstNotice(state: CaseState, now: number): CaseEvent[] {
  const timer = nextTimer(state);
  const events = timer && timer.at <= now ? decide(state, { kind: 'timer', timer }, now) : [];
  return Array.isArray(events) ? events : [];
}

function commandOf(pending: PendingCommand): Command {
  const { kind, commandId, caseNumber, number, actor, role, storedAt: at, noteDigest, payload } = pending;
  if (kind === 'report' || kind === 'reissue')
    return { kind, commandId, caseNumber, number, actor, role, at, ...payload };
  const envelope: Envelope = { commandId, number, actor, role, ...(noteDigest !== null && { noteDigest }), ...payload };
  return parseSignal(kind, envelope, { commandId: randomUUID(), now: at });
}
