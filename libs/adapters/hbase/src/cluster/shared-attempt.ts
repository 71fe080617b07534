import type { Clock } from '@chasqui/domain';

/** How long a failure is shared with all callers before the next attempt, ms. */
const FAILURE_HELD_MS = 200;

/** A slow result that many callers need: they share one attempt and its outcome. */
export class SharedAttempt<T> {
  readonly #make: () => Promise<T>;
  readonly #clock: Clock;
  readonly #onForgotten: (() => void) | undefined;
  #current: Promise<T> | undefined;

  /** `onForgotten` is called when a failure is no longer shared. */
  constructor(clock: Clock, make: () => Promise<T>, onForgotten?: () => void) {
    this.#clock = clock;
    this.#make = make;
    this.#onForgotten = onForgotten;
  }

  /** The result, the attempt in flight, or a new attempt. */
  get(): Promise<T> {
    if (this.#current !== undefined) return this.#current;
    const attempt = this.#make();
    this.#current = attempt;
    attempt.catch(() => this.#clock.after(FAILURE_HELD_MS, () => this.#forget(attempt)));
    return attempt;
  }

  /** The next call starts a new attempt. */
  reset(): void {
    this.#current = undefined;
  }

  #forget(failed: Promise<T>): void {
    if (failed !== this.#current) return;
    this.reset();
    this.#onForgotten?.();
  }
}
