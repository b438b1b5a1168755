import { type CaseState, isClosed, wanted } from '../../../src/domain/case.js';
import { type Command, decide } from '../../../src/domain/decide.js';
import type { CaseEvent } from '../../../src/domain/event.js';
import { evolveAll } from '../../../src/domain/evolve.js';
import { handle } from '../../../src/domain/handle.js';
import type { TierPolicy } from '../../../src/domain/policy.js';
import { nextStep } from '../../../src/domain/publication.js';
import { ACCOUNT_CHANNELS, type AccountChannel } from '../../../src/domain/channel.js';
import { type Instant, MINUTE } from '../../../src/domain/time.js';
import { nextTimer } from '../../../src/domain/timer.js';
import { aReport, POLICY, REPORTED_AT } from '../../given/a-case.js';
import { ChannelWorld, type Manner } from '../../given/channel-world.js';

/** How long what was sent and is not found is waited for before it counts as settled that a person has to look. */
const NOT_FOUND_PATIENCE = 10 * MINUTE;

/** A case run by its rules alone against channels that behave as told: time, people and outcomes are the test's to choose. */
export class CaseSimulation {
  state: CaseState;
  now: Instant = REPORTED_AT;
  readonly events: CaseEvent[] = [];
  readonly worlds: Readonly<Record<AccountChannel, ChannelWorld>> = {
    facebook: new ChannelWorld('facebook'),
    instagram: new ChannelWorld('instagram'),
  };

  constructor(policy: Partial<TierPolicy> = {}) {
    const report = aReport({ policy: { ...POLICY, ...policy } });
    const events = handle(null, report, report.commandId, this.now);
    const state = evolveAll(null, events);
    if (!state) throw new Error('the report opened no case');
    this.state = state;
    this.events.push(...events);
  }

  command(command: Command, commandId: string): CaseEvent[] {
    return this.#happen(handle(this.state, command, commandId, this.now));
  }

  /** Takes the next step of a channel, if there is one to take now. Says whether there was. */
  step(channel: AccountChannel, manner: Manner): boolean {
    // As the workflow does, which takes no step for a case that has closed.
    if (this.isClosed) return false;
    const next = nextStep(this.state.publications[channel], wanted(this.state, channel), this.now);
    if (next.do !== 'step') return false;
    const { step } = next;
    this.#decide({ kind: 'stepStarts', channel, step });
    const object = this.state.publications[channel].objects.find(({ id }) => id === step.objectId);
    const outcome = this.worlds[channel].take(step, object, manner, this.now);
    this.#decide({ kind: 'stepEnded', channel, step, outcome });
    return true;
  }

  /** Lets time pass; everything that falls due on the way happens at its moment. */
  pass(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const timer = nextTimer(this.state);
      if (!timer || timer.at > until) break;
      this.now = Math.max(this.now, timer.at);
      if (this.#decide({ kind: 'timer', timer }).length === 0) throw new Error('a timer that is due does nothing');
    }
    this.now = until;
  }

  /** The digest that an approval would name now: of the amendment that waits, or of the newest revision. */
  get digestUp(): string {
    return (this.state.amendment?.revision ?? this.state.revision).digest;
  }

  get expiresAt(): Instant | null {
    return this.state.expiresAt;
  }

  /** The number that the next stored revision would have. */
  get nextRevision(): number {
    return this.state.newestRevision + 1;
  }

  /**
   * Lets the channels behave until wanted and there agree. Flips under way take effect at the worst moment: after everything that
   * could be done at once was done.
   */
  settle(): void {
    while (ACCOUNT_CHANNELS.some((channel) => this.step(channel, 'well')));
    for (const world of Object.values(this.worlds)) world.lateEffects(this.now);
    const patience = this.now + NOT_FOUND_PATIENCE;
    for (let round = 0; round < 1_000; round += 1) {
      while (ACCOUNT_CHANNELS.some((channel) => this.step(channel, 'well')));
      const waits = ACCOUNT_CHANNELS.flatMap((channel) => {
        const publication = this.state.publications[channel];
        // A person has to see to it; time alone will not.
        if (publication.hold?.cause === 'notFound' && this.now > patience) return [];
        const next = nextStep(publication, wanted(this.state, channel), this.now);
        return next.do === 'wait' ? [next.until] : [];
      });
      if (waits.length === 0) return;
      const until = Math.min(...waits);
      // Time is moved by hand, past every other timer: settling is about the channels alone.
      this.now = Math.max(this.now, until);
    }
    throw new Error('the channels do not settle');
  }

  get isClosed(): boolean {
    return isClosed(this.state.status);
  }

  #decide(input: Exclude<Parameters<typeof decide>[1], Command>): CaseEvent[] {
    const decided = decide(this.state, input, this.now);
    if (!Array.isArray(decided)) throw new Error('only commands are refused');
    return this.#happen(decided);
  }

  #happen(events: CaseEvent[]): CaseEvent[] {
    this.state = evolveAll(this.state, events) ?? this.state;
    this.events.push(...events);
    return events;
  }
}
