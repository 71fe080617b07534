import type { Clock } from '@chasqui/domain';

/** How long a probe waits when nothing delays it, in ms. */
const PROBE_MS = 20;

/**
 * How late this process comes to its work: the lateness of a timer, looked at also while it is overdue. Everything that a
 * node does waits as long at each of its steps. One late turn is an accident (a collection of garbage, a neighbour on the
 * core): what counts is by how much two in a row were late. Probes run only while something is `seen`.
 */
export class EventLoopDelay {
  readonly #clock: Clock;
  /** Monotonic ms at which the running probe is due; undefined: none runs. */
  #due: number | undefined;
  #last = 0;
  #before = 0;
  #seen = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** There is work, so the delay matters. */
  seen(): void {
    this.#seen = true;
    if (this.#due === undefined) this.#probe();
  }

  /** Ms. */
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
