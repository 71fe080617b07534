import type { Clock, Timer } from '@chasqui/domain';

/** How many keys are paced. Those beyond it are not: their items are sent at once. */
const MAX_KEYS = 10_000;
/** How many items of one key wait, and are sent together at most. More are sent before their time. */
const MAX_ITEMS = 200;

export interface PacedOptions<Item> {
  clock: Clock;
  intervalMs: number;
  /** `items`: at least one, in the order in which they were added. Must not reject. */
  send(key: string, items: readonly Item[]): Promise<unknown>;
}

/**
 * Sends what is added under one key at once, and what is added within the interval after that together, at its
 * end.
 */
export class Paced<Item> implements AsyncDisposable {
  readonly #options: PacedOptions<Item>;
  readonly #waiting = new Map<string, { items: Item[]; timer: Timer }>();

  constructor(options: PacedOptions<Item>) {
    this.#options = options;
  }

  add(key: string, items: readonly Item[]): void {
    const known = this.#waiting.get(key);
    if (known === undefined) {
      void this.#send(key, items);
      if (this.#waiting.size < MAX_KEYS) this.#pause(key);
      return;
    }
    known.items = known.items.concat(items);
    if (known.items.length >= MAX_ITEMS) void this.#send(key, known.items.splice(0));
  }

  /** Sends what waits. */
  async [Symbol.asyncDispose](): Promise<void> {
    const left = [...this.#waiting];
    this.#waiting.clear();
    for (const [, { timer }] of left) timer.cancel();
    await Promise.all(left.map(([key, { items }]) => this.#send(key, items)));
  }

  async #send(key: string, items: readonly Item[]): Promise<void> {
    const sent: Promise<unknown>[] = [];
    for (let start = 0; start < items.length; start += MAX_ITEMS)
      sent.push(this.#options.send(key, items.slice(start, start + MAX_ITEMS)));
    await Promise.all(sent);
  }

  #pause(key: string): void {
    const timer = this.#options.clock.after(this.#options.intervalMs, () => {
      const { items = [] } = this.#waiting.get(key) ?? {};
      this.#waiting.delete(key);
      if (items.length > 0) this.add(key, items);
    });
    this.#waiting.set(key, { items: [], timer });
  }
}
