import type { Clock, Timer, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { UnreadCache, UnreadState } from '@chasqui/ports';

const RETRY_MS = 1_000;
/** Users dropped in one go. */
const CHUNK = 100;
/** Users remembered; beyond it the longest known are left to the cache, which forgets what is old by itself. */
const MAX_STALE = 100_000;

/**
 * Repeats in the cache what transactions computed (C8). A set that the cache did not take may leave an old count in it:
 * its user is dropped from the cache as soon as that answers again, and counts are then read from the sessions.
 */
export class UnreadSetter implements AsyncDisposable {
  readonly #cache: UnreadCache;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stale = new Set<UserId>();
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
      this.#logger.warn({ err: error }, 'the unread cache is away: users are dropped from it when it is back');
      for (const { userId } of states) this.#stale.add(userId);
      for (const oldest of this.#stale) if (this.#stale.size > MAX_STALE) this.#stale.delete(oldest);
      this.#timer ??= this.#clock.after(RETRY_MS, () => void this.#retry());
    }
  }

  /** A last attempt. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#timer?.cancel();
    await this.#drop();
  }

  async #retry(): Promise<void> {
    await this.#drop();
    this.#timer = this.#stale.size === 0 ? null : this.#clock.after(RETRY_MS, () => void this.#retry());
  }

  async #drop(): Promise<void> {
    while (this.#stale.size > 0) {
      const users = [...this.#stale].slice(0, CHUNK);
      for (const userId of users) this.#stale.delete(userId);
      try {
        await Promise.all(users.map((userId) => this.#cache.drop(userId)));
      } catch {
        for (const userId of users) this.#stale.add(userId);
        return;
      }
    }
  }
}
