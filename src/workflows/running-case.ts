import { ApplicationFailure, condition } from '@temporalio/workflow';
import { type CaseState, type CaseStatus, wanted } from '../domain/case.js';
import type { Command, Input, ReportCommand } from '../domain/decide.js';
import { decide } from '../domain/decide.js';
import type { CaseEvent, JournalEntry } from '../domain/event.js';
import { evolve } from '../domain/evolve.js';
import { handle } from '../domain/handle.js';
import { type Notice, noticeFor } from '../domain/notice.js';
import { type Next, nextStep } from '../domain/publication.js';
import type { ChannelName } from '../domain/revision.js';

/**
 * A case while its workflow runs: its state, and what has happened but is not yet journalled or told to people. Everything that
 * changes it goes through `decide` and `evolve`.
 */
export class RunningCase {
  /** Journal entries in order, from the first that is not known to be in PostgreSQL. */
  readonly unjournalled: JournalEntry[] = [];
  /** Notices that nobody has begun to send. */
  readonly unsent: Notice[] = [];
  /** Notices being sent. */
  sending = 0;

  #state: CaseState;
  #seq = 0;

  /** Opens the case that a report is about. */
  constructor(report: ReportCommand) {
    const events = handle(null, report, report.commandId, Date.now());
    const opened = events.reduce(evolve, null);
    if (!opened) throw ApplicationFailure.nonRetryable('the report opens no case', 'report_refused');
    this.#state = opened;
    for (const event of events) this.#note(event);
  }

  get state(): CaseState {
    return this.#state;
  }

  /** Answers a command: accepted with what follows from it, refused, or silently when its id was answered before. */
  answer(command: Command, commandId: string): void {
    this.#happen(handle(this.#state, command, commandId, Date.now()));
  }

  /** Takes in what nobody commanded: a timer, the start or the outcome of a step. */
  take(input: Exclude<Input, Command>): void {
    const decided = decide(this.#state, input, Date.now());
    if (Array.isArray(decided)) this.#happen(decided);
  }

  /** What the reconciler of a channel has to do, now or as seen from an earlier moment. */
  next(channel: ChannelName, now = Date.now()): Next {
    return nextStep(this.#state.publications[channel], wanted(this.#state), now);
  }

  /** Resolves when the case has left a status for good. */
  async leaves(status: CaseStatus): Promise<void> {
    await condition(() => this.#state.status !== status);
  }

  /** Resolves when everybody has been told and everything is written down. */
  async hasNothingLeftToSay(): Promise<void> {
    await condition(() => this.unsent.length === 0 && this.sending === 0 && this.unjournalled.length === 0);
  }

  #happen(events: readonly CaseEvent[]): void {
    for (const event of events) {
      this.#state = evolve(this.#state, event) ?? this.#state;
      this.#note(event);
    }
  }

  #note(event: CaseEvent): void {
    this.#seq += 1;
    this.unjournalled.push({ seq: this.#seq, at: Date.now(), event });
    const notice = noticeFor(this.#state, event, this.#seq);
    if (notice) this.unsent.push(notice);
  }
}
