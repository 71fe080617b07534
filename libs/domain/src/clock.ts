/** A pending timer. Cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time for everything that decides. Production wires the machine's clock, the simulation a virtual
 * one; code that reads `Date.now()` or `setTimeout` beside it cannot be simulated.
 */
export interface Clock {
  /** Milliseconds since 1970 (UTC). May jump either way when the machine's clock is set. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start: for durations and deadlines. */
  monotonic(): number;
  /** Runs `callback` once after `delayMs`. */
  after(delayMs: number, callback: () => void): Timer;
}

/** The only source of randomness for everything that decides: a number in [0, 1). */
export type Random = () => number;
