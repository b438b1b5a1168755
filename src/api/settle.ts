import type { Milliseconds } from '../domain/time.js';
import type { CaseStore, CaseSummary } from '../store/case-store.js';
import type { JournalListener } from '../store/journal-listener.js';
import type { CommandOutcome, StoredCommand } from '../store/stored-command.js';
import type { Delivery } from '../temporal/delivery.js';
import { Problem } from './problem.js';
import { isStoreUnavailable } from './store-unavailable.js';

/** What a stored command needs on its way to its answer. */
export interface Settling {
  readonly outcomes: Pick<JournalListener, 'waitForOutcome'>;
  readonly delivery: Delivery;
  /** How long a caller is kept waiting for the case's answer. */
  readonly answerWithinMs: Milliseconds;
}

/** How far a stored command came while its caller waited. Without an answer it is stored all the same, and runs. */
export interface Settled {
  readonly delivery: 'delivered' | 'stored';
  /** The case's status once it has accepted the command; undefined while it has not answered. */
  readonly status: CaseSummary['status'] | undefined;
}

/**
 * Delivers a command that `store` has taken in and waits, within the bound, for the case's answer. Should the database go away meanwhile, that is no failure:
 * the command is stored.
 * @throws Problem with the code of the case's refusal, or `case_not_running`
 */
export async function settle(
  { outcomes, delivery, answerWithinMs }: Settling,
  store: Pick<CaseStore, 'commandOutcome' | 'caseStatus'>,
  { commandId, caseNumber }: StoredCommand,
): Promise<Settled> {
  const read = async (): Promise<Answer | undefined> => {
    const outcome = await store.commandOutcome(caseNumber, commandId);
    const status = outcome && (await store.caseStatus(caseNumber));
    return status && { outcome, status };
  };
  const answered = outcomes.waitForOutcome(commandId, answerWithinMs, read).catch(unlessUnexpected);
  let delivered: Settled['delivery'] = 'stored';
  const delivering = delivery.deliver(caseNumber).then((how) => {
    // Nothing will answer, and the alert may be up: whoever asks must not go away content.
    if (how === 'missing') throw new Problem('case_not_running');
    delivered = how;
    // Nothing more will happen soon; but this command may have been answered when it was sent the first time.
    return how === 'stored' ? read().catch(unlessUnexpected) : answered;
  });
  // A delivery that hangs is waited for no longer than the answer is.
  const answer = await Promise.race([answered, delivering]);
  if (!answer) return { delivery: delivered, status: undefined };
  if (!answer.outcome.accepted) {
    const { code, problem } = answer.outcome;
    throw new Problem(code, problem === null ? {} : { about: problem });
  }
  return { delivery: 'delivered', status: answer.status };
}

interface Answer {
  readonly outcome: CommandOutcome;
  readonly status: CaseSummary['status'];
}

function unlessUnexpected(error: unknown): undefined {
  if (!isStoreUnavailable(error)) throw error;
}
