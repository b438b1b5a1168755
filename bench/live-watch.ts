import { setTimeout as sleep } from 'node:timers/promises';
import { markerIn } from '../src/domain/case-number.js';
import type { AccountChannel } from '../src/domain/channel.js';
import type { Instant } from '../src/domain/time.js';
import type { Effect } from '../src/simulator/effect.js';

/** Looking costs the simulator time that both sides then lack, so it is done seldom. */
const LOOK_EVERY_MS = 40;
const PATIENCE_MS = 30_000;

/** When a case became live, by the simulator's clock, which is this machine's. */
export type LiveAt = Readonly<Record<AccountChannel, Instant>>;

/**
 * Reads the simulator's log of what really happened. How often it looks says nothing about the times it tells: they stand in the log.
 */
export class LiveWatch {
  readonly #cases = new Map<string, Sightings>();
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  #seq = 0;

  constructor(private readonly simulatorUrl: string) {
    this.#running = this.#watch();
  }

  /** Resolves once both posts of a case have been seen live, with the time of each. */
  async live(caseNumber: string): Promise<LiveAt> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(
        () => reject(new Error(`${caseNumber} is not live after ${PATIENCE_MS / 1000} s`)),
        PATIENCE_MS,
      );
    });
    return Promise.race([this.#sightings(caseNumber).both, tooLate]).finally(() => clearTimeout(timer));
  }

  /** All that happened until now. */
  async everything(): Promise<readonly Effect[]> {
    return this.#read(0);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running.catch(() => undefined);
  }

  async #watch(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const effect of await this.#read(this.#seq)) this.#take(effect);
      await sleep(LOOK_EVERY_MS, undefined, { signal: this.#stop.signal });
    }
  }

  async #read(after: number): Promise<Effect[]> {
    const response = await fetch(`${this.simulatorUrl}/simulator/effects?after=${after}`);
    return ((await response.json()) as { effects: Effect[] }).effects;
  }

  #take(effect: Effect): void {
    this.#seq = effect.seq;
    if (effect.type === 'post.published') this.#note(effect.message, 'facebook', effect.at);
    if (effect.type === 'media.published') this.#note(effect.caption, 'instagram', effect.at);
  }

  #note(text: string, channel: AccountChannel, at: string): void {
    const { times, resolve } = this.#sightings(markerIn(text)?.caseNumber ?? '');
    times[channel] = Date.parse(at);
    const { facebook, instagram } = times;
    if (facebook !== undefined && instagram !== undefined) resolve({ facebook, instagram });
  }

  #sightings(caseNumber: string): Sightings {
    const known = this.#cases.get(caseNumber);
    if (known) return known;
    let resolve: Sightings['resolve'] = () => undefined;
    const both = new Promise<LiveAt>((done) => (resolve = done));
    const made = { times: {}, both, resolve };
    this.#cases.set(caseNumber, made);
    return made;
  }
}

/** What was seen of a case so far. */
interface Sightings {
  readonly times: Partial<Record<AccountChannel, Instant>>;
  readonly both: Promise<LiveAt>;
  readonly resolve: (at: LiveAt) => void;
}
