import type { Clock, Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';

const BACKOFF = { initialMs: 100, maxMs: 1_000 };
/** An attempt that has less time than this is not made, milliseconds. */
const LEAST_MS = 50;

/** The time that one call has, including all attempts. */
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

  /** Time left, milliseconds; at least 1. */
  get leftMs(): number {
    return Math.max(1, this.#deadline - this.#clock.monotonic());
  }

  /**
   * Timeout of one attempt, milliseconds: half the total, so that a node that does not answer leaves time for another.
   */
  get tryMs(): number {
    return Math.min(this.leftMs, this.#deadlineMs / 2);
  }

  /** Waits before a retry, longer each time. Returns false at once if that would leave no time for the retry. */
  async pause(): Promise<boolean> {
    const waitMs = backoffMs(this.#pauses++, BACKOFF, this.#random);
    if (waitMs + LEAST_MS > this.leftMs) return false;
    await sleep(this.#clock, waitMs);
    return true;
  }
}
