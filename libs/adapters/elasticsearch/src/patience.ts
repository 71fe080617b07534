import type { Clock, Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';

const BACKOFF = { initialMs: 100, maxMs: 1_000 };
/** A try that has less time than this is not made, milliseconds. */
const LEAST_MS = 50;

/** The time that one call has, with all its tries. */
export class Patience {
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #deadline: number;
  readonly #deadlineMs: number;
  #pauses = 0;

  constructor(clock: Clock, random: Random, deadlineMs: number) {
    this.#clock = clock;
    this.#random = random;
    this.#deadlineMs = deadlineMs;
    this.#deadline = clock.monotonic() + deadlineMs;
  }

  /** Milliseconds; at least 1. */
  get leftMs(): number {
    return Math.max(1, this.#deadline - this.#clock.monotonic());
  }

  /** What one try gets, milliseconds: half of it all, so that one node that does not answer leaves time for another. */
  get tryMs(): number {
    return Math.min(this.leftMs, this.#deadlineMs / 2);
  }

  /** Waits before another try, longer each time. False, at once, when that would leave no time for it. */
  async pause(): Promise<boolean> {
    const waitMs = backoffMs(this.#pauses++, BACKOFF, this.#random);
    if (waitMs + LEAST_MS > this.leftMs) return false;
    await sleep(this.#clock, waitMs);
    return true;
  }
}
