import { BoundedMap, type Clock, type Timer, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { UnreadCache, UnreadState } from '@chasqui/ports';

const RETRY_MS = 1_000;
/** How many users are dropped in parallel. */
const CHUNK = 100;
/** How many users are remembered. Beyond it, the oldest are left to the cache, whose entries expire. */
const MAX_STALE = 100_000;

/**
 * Writes the counts that transactions computed to the cache (C8). After a failed write, the cache may keep an old
 * count, or accept one that was read earlier. So as soon as the cache answers again, it gets the user's newest value,
 * which excludes older ones, and is then told to drop the user. Until then counts are read from the conversation
 * entries.
 */
export class UnreadSetter implements AsyncDisposable {
  readonly #cache: UnreadCache;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** By user: the newest value that the cache missed. */
  readonly #stale = new BoundedMap<UserId, UnreadState>(MAX_STALE);
  #timer: Timer | null = null;

  constructor({ unreadCache, clock, logger }: { unreadCache: UnreadCache; clock: Clock; logger: Logger }) {
    this.#cache = unreadCache;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Never rejects. */
  async set(states: readonly UnreadState[]): Promise<void> {
    if (states.length === 0) return;
    try {
      await this.#cache.set(states);
    } catch (error) {
      this.#logger.warn({ err: error }, 'the unread cache is unavailable: users will be removed from it later');
      for (const state of states) this.#missed(state);
      this.#timer ??= this.#clock.after(RETRY_MS, () => void this.#retry());
    }
  }

  /** Makes a last attempt. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await this.#drop();
  }

  #missed(state: UnreadState): void {
    const { userId, position } = state;
    if (position > (this.#stale.get(userId)?.position ?? -1)) this.#stale.set(userId, state);
  }

  async #retry(): Promise<void> {
    await this.#drop();
    this.#timer = this.#stale.size === 0 ? null : this.#clock.after(RETRY_MS, () => void this.#retry());
  }

  async #drop(): Promise<void> {
    while (this.#stale.size > 0) {
      const states = this.#stale.values().take(CHUNK).toArray();
      for (const { userId } of states) this.#stale.delete(userId);
      try {
        await this.#cache.set(states);
        await Promise.all(states.map(({ userId }) => this.#cache.drop(userId)));
      } catch {
        for (const state of states) this.#missed(state);
        return;
      }
    }
  }
}
