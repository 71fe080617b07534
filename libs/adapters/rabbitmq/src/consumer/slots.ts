import type { Clock } from '@chasqui/domain';

/** At most so many hold a slot at a time; who waits longest is next. */
export class Slots {
  readonly #clock: Clock;
  #free: number;
  readonly #waiting = new Set<() => void>();

  constructor(clock: Clock, count: number) {
    this.#clock = clock;
    this.#free = count;
  }

  /** Whether there was a slot within `withinMs`. */
  take(withinMs: number): Promise<boolean> {
    if (this.#free > 0) {
      this.#free--;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const given = () => {
        timer.cancel();
        resolve(true);
      };
      const timer = this.#clock.after(withinMs, () => {
        this.#waiting.delete(given);
        resolve(false);
      });
      this.#waiting.add(given);
    });
  }

  give(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free++;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
