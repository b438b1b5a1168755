import { ApplicationFailure, condition } from '@temporalio/workflow';
import { type CaseState, type CaseStatus, wanted } from '../domain/case.js';
import type { Command, Input } from '../domain/decide.js';
import { decide } from '../domain/decide.js';
import type { ReportCommand } from '../domain/report-command.js';
import type { CaseEvent, JournalEntry } from '../domain/event.js';
import { evolve } from '../domain/evolve.js';
import { handle } from '../domain/handle.js';
import { type Notice, noticeFor } from '../domain/notice.js';
import { opening } from '../domain/opening.js';
import { type Next, nextStep } from '../domain/publication.js';
import type { ChannelName } from '../domain/channel.js';
import { UnderWay } from './call-off.js';

/** What may be tried for ever (a notice, a batch of the journal, a harmless step) holds up a new run no longer than this. */
const ENDS_BY_ITSELF_WITHIN = '5 seconds';

/** What one run of a case's workflow hands on to the next. */
export interface CarriedCase {
  readonly kind: 'carried';
  readonly state: CaseState;
  /** How many entries the journal has, written or not. */
  readonly seq: number;
  readonly unjournalled: readonly JournalEntry[];
  readonly unsent: readonly Notice[];
}

/** Whether something was handed on by an earlier run. */
export function isCarriedCase(value: unknown): value is CarriedCase {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'carried' && 'state' in value;
}

/**
 * A case while its workflow runs: its state, and what has happened but is not yet journalled or told to people. Everything that
 * changes it goes through `decide` and `evolve`.
 */
export class RunningCase {
  /** Journal entries in order, from the first that is not known to be in PostgreSQL. */
  readonly unjournalled: JournalEntry[] = [];
  /** Whether some of them are being written. */
  journalling = false;
  /** Notices that nobody has begun to send. */
  readonly unsent: Notice[] = [];
  /** Notices being sent. */
  readonly sending = new Set<Notice>();
  /** What is called off as soon as it is no longer wanted. */
  readonly underWay = new UnderWay();
  /** Whether the case is about to go on in a new run: nothing new is begun, and what is under way is waited for. */
  movesOn = false;
  /** Whether what takes too long for that, and may be begun again without harm, is called off for the new run to begin again. */
  handsOver = false;

  #state: CaseState;
  #seq = 0;

  /** Opens the case that a report is about, or goes on with one. */
  constructor(start: ReportCommand | CarriedCase) {
    if (start.kind === 'carried') {
      this.#state = start.state;
      this.#seq = start.seq;
      this.unjournalled.push(...start.unjournalled);
      this.unsent.push(...start.unsent);
      return;
    }
    const opened = opening(start, Date.now());
    if (!opened) throw ApplicationFailure.nonRetryable('the report opens no case', 'report_refused');
    this.#state = opened.state;
    for (const event of opened.events) this.#note(event);
  }

  get state(): CaseState {
    return this.#state;
  }

  /** The number of the newest journal entry, written or not. */
  get seq(): number {
    return this.#seq;
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
    return nextStep(this.#state.publications[channel], wanted(this.#state, channel), now);
  }

  /** Whether a step is about to begin on some channel, within this workflow task. */
  get isAboutToStep(): boolean {
    return this.#state.policy.channels.some((channel) => this.next(channel).do === 'step');
  }

  /** Resolves when the case is in none of these statuses. */
  async leaves(...statuses: readonly CaseStatus[]): Promise<void> {
    await condition(() => !statuses.includes(this.#state.status));
  }

  /** Resolves when everybody has been told and everything is written down. */
  async hasNothingLeftToSay(): Promise<void> {
    await condition(() => this.unsent.length === 0 && this.sending.size === 0 && this.unjournalled.length === 0);
  }

  /** Begins nothing new, and resolves once nothing is under way whose result would be lost. */
  async comesToRest(): Promise<void> {
    this.movesOn = true;
    const isStepping = (): boolean =>
      this.#state.policy.channels.some((channel) => this.#state.publications[channel].inFlight !== null);
    const isAtRest = (): boolean => !isStepping() && !this.journalling && this.sending.size === 0;
    const summary = 'until a new run begins';
    if (await condition(isAtRest, ENDS_BY_ITSELF_WITHIN, { summary })) return;
    this.handsOver = true;
    await condition(isAtRest);
  }

  /** The case as it is at this very moment, for the run that goes on with it. */
  carried(): CarriedCase {
    const { unjournalled, unsent } = this;
    return {
      kind: 'carried',
      state: this.#state,
      seq: this.#seq,
      unjournalled: [...unjournalled],
      unsent: [...unsent],
    };
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
