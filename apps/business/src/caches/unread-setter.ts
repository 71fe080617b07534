import { BoundedMap, type Clock, type Timer, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { UnreadCache, UnreadState } from '@chasqui/ports';

const RETRY_MS = 1_000;
/** Users dropped in one go. */
const CHUNK = 100;
/** Users remembered; beyond it the longest known are left to the cache, which forgets what is old by itself. */
const MAX_STALE = 100_000;

/**
 * Repeats in the cache what transactions computed (C8). A set that the cache did not take may leave an old count in it, or
 * let one in that was read before: as soon as the cache answers again it is told the user's newest value, which shuts out
 * what is older, and then to forget the user. Counts are read from the sessions meanwhile.
 */
export class UnreadSetter implements AsyncDisposable {
  readonly #cache: UnreadCache;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** With the newest value that the cache missed. */
  readonly #stale = new BoundedMap<UserId, UnreadState>(MAX_STALE);
  #timer: Timer | null = null;

  constructor({ unreadCache, clock, logger }: { unreadCache: UnreadCache; clock: Clock; logger: Logger }) {
    this.#cache = unreadCache;
    this.#clock = clock;
    this.#logger = logger;
  }

  /** Never rejects. */
  async set(states: readonly UnreadState[]): Promise<void> {
    try {
      await this.#cache.set(states);
    } catch (error) {
      this.#logger.warn({ err: error }, 'the unread cache is unavailable: users will be removed from it later');
      for (const state of states) this.#missed(state);
      this.#timer ??= this.#clock.after(RETRY_MS, () => void this.#retry());
    }
  }

  /** A last attempt. */
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
