import { CancellationScope, condition } from '@temporalio/workflow';

/** Something that is under way, and may be called off. */
interface Undertaking<T> {
  /** Ends as the work ends, called off or not: what cannot be called off any more is waited for. */
  readonly result: Promise<T>;
  readonly isCalledOff: () => boolean;
}

/** What a case has under way and calls off as soon as it is no longer wanted. */
export class UnderWay {
  readonly #over = new Map<CancellationScope, () => boolean>();

  /** Begins work that is to be called off once `isOver`. */
  begin<T>(work: () => Promise<T>, isOver: () => boolean): Undertaking<T> {
    const scope = new CancellationScope();
    this.#over.set(scope, isOver);
    const result = scope.run(work).finally(() => this.#over.delete(scope));
    return { result, isCalledOff: () => scope.consideredCancelled };
  }

  /** Calls off whatever is over, for as long as the case runs. */
  async callOffWhatIsOver(): Promise<never> {
    for (;;) {
      await condition(() => this.#nowOver().length > 0);
      for (const scope of this.#nowOver()) {
        this.#over.delete(scope);
        scope.cancel();
      }
    }
  }

  #nowOver(): CancellationScope[] {
    return [...this.#over].flatMap(([scope, isOver]) => (isOver() ? [scope] : []));
  }
}
