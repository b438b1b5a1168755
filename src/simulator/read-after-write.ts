/** Objects that Meta says do not exist although they do, because it is still spreading the word of them. */
export class ReadAfterWrite {
  readonly #left = new Map<string, number>();

  /** Lets an object be unknown to the next `reads` calls that name it, or list it. */
  hide(objectId: string, reads: number): void {
    this.#left.set(objectId, reads);
  }

  /** Whether an object is unknown to this call. To be asked once for each call. */
  hides(objectId: string): boolean {
    const left = this.#left.get(objectId);
    if (left === undefined) return false;
    if (left === 1) this.#left.delete(objectId);
    else this.#left.set(objectId, left - 1);
    return true;
  }
}
