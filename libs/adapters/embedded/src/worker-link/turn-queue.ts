/**
 * Collects the items pushed during one turn and passes them on together. After a pause the first turn ends with the
 * running callback, so that a single item does not wait. While `busy` says that earlier items are in flight, a turn is
 * a whole round of the event loop, which gathers the work of many sockets into one parcel.
 */
export class TurnQueue<T> {
  readonly #flush: (items: T[]) => void;
  readonly #busy: () => boolean;
  #items: T[] = [];

  constructor(flush: (items: T[]) => void, busy: () => boolean) {
    this.#flush = flush;
    this.#busy = busy;
  }

  push(item: T): void {
    if (this.#items.push(item) > 1) return;
    if (this.#busy()) setImmediate(() => this.#send());
    else queueMicrotask(() => this.#send());
  }

  clear(): void {
    this.#items = [];
  }

  #send(): void {
    const items = this.#items;
    if (items.length === 0) return;
    this.#items = [];
    this.#flush(items);
  }
}
