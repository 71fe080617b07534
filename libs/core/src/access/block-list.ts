import type { Clock, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BlockStore } from '@chasqui/ports';
import { ReadThroughCache } from './read-through-cache.ts';

export interface BlockListOptions {
  blocks: Pick<BlockStore, 'blocked'>;
  clock: Clock;
  logger: Logger;
}

/** Seen from the one who asks. */
export type BlockedBy = 'nobody' | 'asker' | 'other';

/**
 * Who blocks whom, as sending may ask it: a block holds at once where the node is told of it, and within ten seconds. Sending does not depend on the store (C11):
 * while it is away the last answer stands, and whoever was never asked about is not blocked.
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

  /** The user's blocks changed. */
  outdate(userId: UserId): void {
    this.#known.outdate(userId);
  }

  /**
   * Who of the two takes nothing of the other: whoever asks, their own block first. The answers come in the order of the
   * questions. Never rejects.
   */
  between(asker: UserId, other: UserId): BlockedBy | Promise<BlockedBy> {
    const [own, others] = [this.has(asker, other), this.has(other, asker)];
    if (typeof own === 'boolean' && typeof others === 'boolean') return blockedBy(own, others);
    return Promise.all([own, others]).then(([first, second]) => blockedBy(first, second));
  }

  /** Whether `userId` blocks `other`, as far as it is known. Never rejects. */
  has(userId: UserId, other: UserId): boolean | Promise<boolean> {
    return this.#known.get(`${userId} ${other}`);
  }
}

function blockedBy(own: boolean, others: boolean): BlockedBy {
  if (own) return 'asker';
  return others ? 'other' : 'nobody';
}
