import type { Clock, Timer } from '@chasqui/domain';

interface Due {
  at: number;
  /** Timers with the same due time run in the order in which they were set. */
  turn: number;
  callback: (() => void) | null;
}

/** The number of timers that may fire without time advancing; more means an endless loop. */
const MAX_AT_ONCE = 100_000;

/** Unix ms at which every simulation begins. */
export const START = Date.UTC(2026, 0, 1);

/** Runs everything that can run without time passing: promises settle before the next turn of the event loop. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The only time source of a simulated cluster: it advances only when no work is left. */
export class VirtualClock implements Clock {
  /** A binary heap; the next timer is first. */
  readonly #heap: Due[] = [];
  #now = 0;
  #turns = 0;

  now(): number {
    return START + Math.floor(this.#now);
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, callback: () => void): Timer {
    const due: Due = { at: this.#now + Math.max(0, delayMs), turn: this.#turns++, callback };
    this.#push(due);
    return {
      cancel() {
        due.callback = null;
      },
    };
  }

  /** Advances virtual time by `ms`. */
  async run(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    let atOnce = 0;
    for (let due = this.#heap[0]; due !== undefined && due.at <= until; due = this.#heap[0]) {
      this.#pop();
      if (due.callback === null) continue;
      atOnce = due.at > this.#now ? 0 : atOnce + 1;
      if (atOnce > MAX_AT_ONCE) throw new Error(`time stands still at ${this.#now} ms: ${due.callback}`);
      this.#now = Math.max(this.#now, due.at);
      due.callback();
      await settled();
    }
    this.#now = until;
  }

  #push(due: Due): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Due;
      if (!isBefore(due, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = due;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = at * 2 + 1;
      const right = heap[below + 1];
      if (right !== undefined && isBefore(right, heap[below] as Due)) below++;
      const child = heap[below];
      if (child === undefined || !isBefore(child, last)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.turn < b.turn);
}
