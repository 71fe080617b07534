/** An item that waits for its result. */
interface Pending<Item, Result> {
  item: Item;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

export interface BatcherOptions<Item, Result> {
  /** Maximum number of items per call. */
  maxItems: number;
  /** Maximum number of waiting items; beyond it `add` rejects with the result of `full`. */
  maxWaiting: number;
  full: () => Error;
  /** Returns results in the order of the items. A rejection applies to all items. */
  run: (items: Item[]) => Promise<Result[]>;
}

/**
 * Keeps one call in flight; items that arrive meanwhile form the next batch. This is group commit: the slower the call,
 * the larger the batch, so throughput rises with load while a single item waits for nothing. Order is kept.
 */
export class Batcher<Item, Result> {
  readonly #options: BatcherOptions<Item, Result>;
  #waiting: Pending<Item, Result>[] = [];
  #running = false;
  #idle: (() => void)[] = [];

  constructor(options: BatcherOptions<Item, Result>) {
    this.#options = options;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  add(item: Item): Promise<Result> {
    if (this.#waiting.length >= this.#options.maxWaiting) return Promise.reject(this.#options.full());
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      if (!this.#running) {
        this.#running = true;
        // In a microtask, so that items added in the same turn share a batch.
        queueMicrotask(() => void this.#drain());
      }
    });
  }

  /** Resolves when no item is waiting and no call is running. */
  idle(): Promise<void> {
    return this.#running ? new Promise((resolve) => this.#idle.push(resolve)) : Promise.resolve();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, this.#options.maxItems);
      try {
        const results = await this.#options.run(batch.map((pending) => pending.item));
        for (const [index, pending] of batch.entries()) pending.resolve(results[index] as Result);
      } catch (error) {
        for (const pending of batch) pending.reject(error);
      }
    }
    this.#running = false;
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
