import type { Clock, Timer } from '@chasqui/domain';

/** A timer with at most one pending call: setting it again keeps the earlier of the two times. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Calls back in `delayMs`, or earlier if an earlier time is already set. */
  set(delayMs: number): void {
    const due = this.#clock.monotonic() + Math.max(0, delayMs);
    if (due >= this.#due) return;
    this.#timer?.cancel();
    this.#due = due;
    this.#timer = this.#clock.after(Math.max(0, delayMs), () => {
      this.#timer = undefined;
      this.#due = Number.POSITIVE_INFINITY;
      this.#ring();
    });
  }

  clear(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#due = Number.POSITIVE_INFINITY;
  }
}
