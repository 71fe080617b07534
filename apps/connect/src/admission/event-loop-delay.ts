import type { Clock } from '@chasqui/domain';

/** Delay between probes when nothing delays them, in ms. */
const PROBE_MS = 20;

/**
 * Measures how late this process runs its work, by the lateness of a timer, including one that is overdue now. Each
 * step of the node's work waits as long. One late turn is an accident (garbage collection, a neighbour on the core), so
 * the measure is the delay that two consecutive turns had in common. Probes run only while there is work (`seen`).
 */
export class EventLoopDelay {
  readonly #clock: Clock;
  /** Monotonic ms at which the running probe is due; undefined: no probe runs. */
  #due: number | undefined;
  #last = 0;
  #before = 0;
  #seen = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Tells that there is work, so the delay matters. */
  seen(): void {
    this.#seen = true;
    if (this.#due === undefined) this.#probe();
  }

  /** The delay in ms. */
  get ms(): number {
    const overdue = this.#due === undefined ? 0 : this.#clock.monotonic() - this.#due;
    return Math.min(this.#last, Math.max(this.#before, overdue));
  }

  #probe(): void {
    const due = this.#clock.monotonic() + PROBE_MS;
    this.#due = due;
    this.#seen = false;
    this.#clock.after(PROBE_MS, () => {
      this.#before = this.#last;
      this.#last = Math.max(0, this.#clock.monotonic() - due);
      this.#due = undefined;
      if (this.#seen) this.#probe();
      else this.#last = this.#before = 0;
    });
  }
}
