import { BoundedMap, type Clock, type MessageId, type Timer, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { OfflineCache } from '@chasqui/ports';

const RETRY_MS = 1_000;
/** How many messages are remembered. Beyond it, the oldest stay in the cache until they expire there. */
const MAX_KEPT = 100_000;
/** How many messages are dropped in parallel. */
const CHUNK = 100;

interface Body {
  userId: UserId;
  messageId: MessageId;
}

/**
 * Removes recalled messages from the offline cache, as a device that syncs must not get a recalled body. Removals that
 * fail while the cache is away are remembered and retried. (The device also gets the recall, and empties the message
 * then.)
 */
export class RecalledBodies implements AsyncDisposable {
  readonly #cache: OfflineCache | undefined;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #left = new BoundedMap<MessageId, Body>(MAX_KEPT);
  #timer: Timer | null = null;

  constructor({ offlineCache, clock, logger }: { offlineCache?: OfflineCache; clock: Clock; logger: Logger }) {
    this.#cache = offlineCache;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Never rejects. */
  async drop(userId: UserId, messageId: MessageId): Promise<void> {
    try {
      await this.#cache?.drop(userId, [messageId]);
    } catch (error) {
      this.#logger.warn(
        { err: error },
        'the offline cache is unavailable: a recalled message will be removed from it later',
      );
      this.#left.set(messageId, { userId, messageId });
      this.#timer ??= this.#clock.after(RETRY_MS, () => void this.#retry());
    }
  }

  /** Makes a last attempt. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await this.#dropAll();
  }

  async #retry(): Promise<void> {
    await this.#dropAll();
    this.#timer = this.#left.size === 0 ? null : this.#clock.after(RETRY_MS, () => void this.#retry());
  }

  async #dropAll(): Promise<void> {
    while (this.#left.size > 0) {
      const bodies = this.#left.values().take(CHUNK).toArray();
      for (const { messageId } of bodies) this.#left.delete(messageId);
      try {
        await Promise.all(bodies.map(({ userId, messageId }) => this.#cache?.drop(userId, [messageId])));
      } catch {
        for (const body of bodies) this.#left.set(body.messageId, body);
        return;
      }
    }
  }
}
