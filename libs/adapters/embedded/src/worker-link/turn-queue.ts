/**
 * Collects what is pushed during one turn and hands it on once. The first turn of a quiet spell ends with the running
 * callback, so that a lone item waits for nothing; while `busy` says that earlier items are still under way, the turn is
 * the event loop's whole round, which gathers the work of many sockets into one parcel.
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
