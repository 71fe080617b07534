/** A pending timer. Cancelling one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * The only source of time for decision code. Production uses the machine's clock, the simulation a virtual one. Code
 * that calls `Date.now()` or `setTimeout` directly cannot be simulated.
 */
export interface Clock {
  /** Milliseconds since 1970 (UTC). May jump either way when the machine's clock is set. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary start: for durations and deadlines. */
  monotonic(): number;
  /** Runs `callback` once after `delayMs`. */
  after(delayMs: number, callback: () => void): Timer;
}

/** The only source of randomness for decision code: a number in [0, 1). */
export type Random = () => number;
