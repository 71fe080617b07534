import type { Clock, Timer } from '@chasqui/domain';

/** Virtual time: timers run only within `run`, in the order of due times. */
export class ManualClock implements Clock {
  #now = 0;
  #order = 0;
  readonly #timers = new Map<number, { due: number; callback: () => void }>();

  now(): number {
    return 1_700_000_000_000 + Math.floor(this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): Timer {
    const id = ++this.#order;
    this.#timers.set(id, { due: this.#now + Math.max(0, delayMs), callback });
    return { cancel: () => this.#timers.delete(id) };
  }

  /** The number of pending timers. */
  get pending(): number {
    return this.#timers.size;
  }

  run(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      let next: [number, { due: number; callback: () => void }] | undefined;
      for (const timer of this.#timers) if (next === undefined || timer[1].due < next[1].due) next = timer;
      if (next === undefined || next[1].due > end) break;
      this.#timers.delete(next[0]);
      this.#now = next[1].due;
      next[1].callback();
    }
    this.#now = end;
  }
}
