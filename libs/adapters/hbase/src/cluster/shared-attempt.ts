import type { Clock } from '@chasqui/domain';

/** What failed is not tried again for this long, ms, however many ask: they share the failure. */
const FAILURE_HELD_MS = 200;

/** One thing that many need and that takes a while to get: they share one attempt, and its outcome. */
export class SharedAttempt<T> {
  readonly #make: () => Promise<T>;
  readonly #clock: Clock;
  readonly #onForgotten: (() => void) | undefined;
  #current: Promise<T> | undefined;

  /** `onForgotten` is told when a failure is held no more. */
  constructor(clock: Clock, make: () => Promise<T>, onForgotten?: () => void) {
    this.#clock = clock;
    this.#make = make;
    this.#onForgotten = onForgotten;
  }

  /** What is there, or the attempt under way, or a new one. */
  get(): Promise<T> {
    if (this.#current !== undefined) return this.#current;
    const attempt = this.#make();
    this.#current = attempt;
    attempt.catch(() => this.#clock.after(FAILURE_HELD_MS, () => this.#forget(attempt)));
    return attempt;
  }

  /** The next who asks starts anew. */
  reset(): void {
    this.#current = undefined;
  }

  #forget(failed: Promise<T>): void {
    if (failed !== this.#current) return;
    this.reset();
    this.#onForgotten?.();
  }
}
