import type { Clock, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BlockStore } from '@chasqui/ports';
import { ReadThroughCache } from './read-through-cache.ts';

export interface BlockListOptions {
  blocks: Pick<BlockStore, 'blocked'>;
  clock: Clock;
  logger: Logger;
}

/** Which of two users blocks the other, from the asker's view. */
export type BlockedBy = 'nobody' | 'asker' | 'other';

/**
 * Blocks, for the checks of sending. A new block applies at once on a node that is notified of it, and within ten
 * seconds elsewhere. Sending does not depend on the store (C11): while it is unavailable the last known answer is used,
 * and an unknown pair counts as not blocked.
 */
export class BlockList {
  readonly #known: ReadThroughCache<boolean>;

  constructor({ blocks, clock, logger }: BlockListOptions) {
    this.#known = new ReadThroughCache({
      clock,
      logger,
      unknown: false,
      what: 'the block list',
      freshMs: 10_000,
      deadlineMs: 150,
      pauseMs: 5_000,
      maxEntries: 100_000,
      read: (keys) =>
        blocks.blocked(
          keys.map((key) => {
            const [userId = '', other = ''] = key.split(' ');
            return { userId, other };
          }),
        ),
    });
  }

  /** Call when the user's blocks changed: cached answers are read again before use. */
  outdate(userId: UserId): void {
    this.#known.outdate(userId);
  }

  /**
   * Which of the two blocks the other; if both do, `asker`. Answers arrive in the order of the calls. Never rejects.
   */
  between(asker: UserId, other: UserId): BlockedBy | Promise<BlockedBy> {
    const [own, others] = [this.has(asker, other), this.has(other, asker)];
    if (typeof own === 'boolean' && typeof others === 'boolean') return blockedBy(own, others);
    return Promise.all([own, others]).then(([first, second]) => blockedBy(first, second));
  }

  /** Whether `userId` blocks `other`, as far as known. Never rejects. */
  has(userId: UserId, other: UserId): boolean | Promise<boolean> {
    return this.#known.get(`${userId} ${other}`);
  }
}

function blockedBy(own: boolean, others: boolean): BlockedBy {
  if (own) return 'asker';
  return others ? 'other' : 'nobody';
}
