import type { Clock, Timer } from '@chasqui/domain';

/** At most one pending timer: setting it again keeps the earlier of the two times. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #timer: Timer | undefined;
  #due = Number.POSITIVE_INFINITY;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  /** Rings in `delayMs`, or earlier if it was set to. */
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
