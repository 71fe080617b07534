import type { Received } from '../proxy/bus-proxy.ts';

/**
 * Whether a message may have been handed out before. The engine counts deliveries, but in memory: a broker that was
 * killed has forgotten the last ones, and with them what was done in its last seconds. So its count is believed only of
 * messages that were stored after this consumer began, or found the engine again.
 *
 * All times are by the engine's clock, as far as that can be told from its answers.
 */
export class DeliveryTrust {
  /** Monotonic ms of ours. */
  #since: number;
  /** Unix ms of the engine. */
  #storedFrom: number | undefined;

  constructor(since: number) {
    this.#since = since;
  }

  /** The engine was out of sight until now. */
  renew(now: number): void {
    this.#since = now;
    this.#storedFrom = undefined;
  }

  /** An answer arrived, which the engine gave at `answeredAt` by its clock. */
  observe(answeredAt: number, now: number): void {
    this.#storedFrom ??= answeredAt - (now - this.#since);
  }

  mayBeKnown({ attempt, storedAt }: Received): boolean {
    return attempt > 1 || this.#storedFrom === undefined || storedAt < Math.floor(this.#storedFrom);
  }
}
