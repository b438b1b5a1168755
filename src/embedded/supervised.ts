import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './child-process.js';
import type { Progress } from './progress.js';

/** The wait before the first restart; it doubles with each further one. */
const FIRST_RESTART_AFTER_MS = 200;
const LONGEST_RESTART_WAIT_MS = 10_000;
/** What has run this long is taken to have recovered. */
const RECOVERED_AFTER_MS = 60_000;
/** How long a child may take to stop in order: longer than the worker waits for steps in flight. */
const STOP_WITHIN_MS = 35_000;

/** A child process that is started again, with growing waits and for ever, when it ends without having been asked to. */
export class Supervised {
  #child: Child | undefined;
  #wanted = new AbortController();
  #watching: Promise<void> = Promise.resolve();

  /** @param launch starts the child anew and gives up when the signal is aborted */
  constructor(
    readonly name: string,
    private readonly launch: (signal: AbortSignal) => Promise<Child>,
    private readonly progress: Progress,
  ) {}

  /** The number of the process that runs now; undefined while none does. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /**
   * Starts it and returns when it is ready.
   *
   * @param giveUp once aborted, a start that has not succeeded is given up and an end no longer leads to a restart
   * @throws what `launch` throws: a first start that fails is not tried again
   */
  async start(giveUp?: AbortSignal): Promise<void> {
    this.#wanted = new AbortController();
    const signal = AbortSignal.any([this.#wanted.signal, ...(giveUp ? [giveUp] : [])]);
    signal.throwIfAborted();
    this.#child = await this.launch(signal);
    this.#watching = this.#watch(this.#child, signal);
  }

  /** Stops it in order, also while it is starting, and leaves it stopped. What has not obeyed within `patienceMs` is killed. */
  async stop(patienceMs = STOP_WITHIN_MS): Promise<void> {
    this.#wanted.abort(new Error(`${this.name} was stopped`));
    await this.#child?.stop(patienceMs);
    await this.#watching;
  }

  /** Sends it a signal, as a crash would: it is started again when it ends of it. After SIGKILL, resolves when it has ended. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    child?.kill(signal);
    if (signal === 'SIGKILL') await child?.exited;
  }

  /** Ends it as a crash would (SIGKILL), and starts it again at once: left to itself it would wait longer with every crash. */
  async crash(): Promise<void> {
    await this.kill('SIGKILL');
    await this.stop(0);
    await this.start();
  }

  async #watch(first: Child, signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (let child: Child | undefined = first; child;) {
      const since = Date.now();
      const how = await child.exited;
      this.#child = undefined;
      if (signal.aborted) return;
      if (Date.now() - since > RECOVERED_AFTER_MS) failures = 0;
      this.progress(`${this.name} ended unexpectedly (${how}) and is started again; its log is ${child.logFile}`);
      child = await this.#launchAgain(failures++, signal);
      this.#child = child;
    }
  }

  async #launchAgain(failures: number, signal: AbortSignal): Promise<Child | undefined> {
    const wait = Math.min(FIRST_RESTART_AFTER_MS * 2 ** failures, LONGEST_RESTART_WAIT_MS);
    try {
      await sleep(wait, undefined, { signal });
      return await this.launch(signal);
    } catch (error) {
      if (signal.aborted) return undefined;
      this.progress(
        `${this.name} could not be started again: ${error instanceof Error ? error.message : String(error)}`,
      );
      return this.#launchAgain(failures + 1, signal);
    }
  }
}
