import type { Receipt, Received } from '../proxy/exchange.ts';
import type { Held } from './lane.ts';

/** Maximum difference between the clocks of a broker and a proxy, ms. */
const CLOCKS_APART_MS = 1_000;

/**
 * Whether a message may be redelivered. The engine's delivery counts are unreliable: they are kept in memory; a proxy
 * in one process with its broker reports the newest message's count for all of an answer; and deliveries to receivers
 * that were already gone count too. So a delivery is a first one only if both hold:
 *
 * - It was stored after the broker started. A broker that was killed has forgotten its last deliveries, and which of
 *   them were done.
 * - It is younger than the time for which a member holds messages. A member that died or stalled had older ones, and a
 *   member that returns messages its handler has had first lets them reach that age.
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
