import type { Receipt, Received } from '../proxy/exchange.ts';
import type { Held } from './lane.ts';

/** How far the clocks of a broker and a proxy may be apart, ms. */
const CLOCKS_APART_MS = 1_000;

/**
 * Whether a message may have been handed out before. The engine counts deliveries, but not to be relied on: it counts in
 * memory; a proxy that is in one process with its broker tells the count of the newest message for all of an answer; and
 * it counts what nobody got, because they were gone by then. So a first delivery is one that cannot be anything else:
 *
 * - It was stored after the broker started. One that was killed has forgotten what it handed out last, and what of it was
 *   done.
 * - It is younger than the time for which a member holds what it has. A member that died, or stood still, had older ones;
 *   and one that gives back what it has handed to its handler lets it come of that age first.
 */
export class DeliveryTrust {
  readonly #holdMs: number;
  /** Unix ms by the broker's clock. */
  #startedAt = Number.POSITIVE_INFINITY;

  constructor(holdMs: number) {
    this.#holdMs = holdMs;
  }

  brokerStartedAt(startedAt: number): void {
    this.#startedAt = startedAt;
  }

  judge({ messages, answeredAt }: Receipt): Held[] {
    return messages.map((received) => {
      const ageMs = answeredAt - received.storedAt;
      return { received, ageMs, redelivered: this.#mayBeKnown(received, ageMs) };
    });
  }

  #mayBeKnown({ storedAt }: Received, ageMs: number): boolean {
    return storedAt < this.#startedAt || ageMs >= this.#holdMs - CLOCKS_APART_MS;
  }
}
