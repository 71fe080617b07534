import type { Receipt, Received } from '../proxy/bus-proxy.ts';
import type { Held } from './lane.ts';

/**
 * Whether a message may have been handed out before. The engine counts deliveries, but not in a way to be believed:
 *
 * - It counts in memory. A broker that was killed has forgotten its last counts, and with them what was done in its last
 *   seconds: so what was stored before it started may be known.
 * - It counts what came in one answer together. When a member had several and failed, and the next takes fewer at a
 *   time, only the first ones count: so what follows a redelivered message in its queue, and was there by then, may be
 *   known.
 */
export class DeliveryTrust {
  /** Unix ms by the broker's clock. */
  #startedAt = Number.POSITIVE_INFINITY;
  /** By queue: what was stored before may be known. Unix ms by the engine's clock. */
  readonly #doubtedBefore = new Map<number, number>();

  brokerStartedAt(startedAt: number): void {
    this.#startedAt = startedAt;
  }

  judge({ messages, answeredAt }: Receipt): Held[] {
    for (const { attempt, queueId } of messages) if (attempt > 1) this.#doubtedBefore.set(queueId, answeredAt);
    return messages.map((received) => ({ received, redelivered: this.#mayBeKnown(received) }));
  }

  #mayBeKnown({ attempt, storedAt, queueId }: Received): boolean {
    return attempt > 1 || storedAt < this.#startedAt || storedAt < (this.#doubtedBefore.get(queueId) ?? 0);
  }
}
