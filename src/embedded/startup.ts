import type { Progress } from './progress.js';
import type { Supervised } from './supervised.js';

/** What has been started so far, so that all of it can be ended in the reverse order, whether the start succeeds, fails or is given up. */
export class Startup {
  readonly #undo: (() => void | Promise<void>)[] = [];
  readonly #failed = new AbortController();

  /** Aborted when a part has failed, or when the caller gives up: the other parts then end their own start. */
  readonly giveUp: AbortSignal;

  constructor(
    private readonly progress: Progress,
    givenUp: AbortSignal | undefined,
  ) {
    this.giveUp = AbortSignal.any([this.#failed.signal, ...(givenUp ? [givenUp] : [])]);
  }

  /** Remembers how to end something. */
  undoLater(step: () => void | Promise<void>): void {
    this.#undo.push(step);
  }

  async start(process: Supervised): Promise<Supervised> {
    this.undoLater(() => process.stop());
    await process.start(this.giveUp);
    this.progress(`${process.name} is up`);
    return process;
  }

  /** Waits for all of them, also when one fails, so that nothing goes on starting behind the back of the one who then stops everything. */
  async together<T extends readonly unknown[]>(...parts: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
    for (const part of parts) part.catch((error: unknown) => this.#failed.abort(error));
    await Promise.allSettled(parts);
    this.#failed.signal.throwIfAborted();
    return Promise.all(parts) as Promise<unknown> as Promise<T>;
  }

  /** Ends everything, the latest first. */
  async undo(): Promise<void> {
    for (const step of this.#undo.splice(0).reverse()) await step();
  }
}
