import type { Clock, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BlockStore } from '@chasqui/ports';
import { LastKnown } from './last-known.ts';

export interface BlockListOptions {
  blocks: Pick<BlockStore, 'blocked'>;
  clock: Clock;
  logger: Logger;
}

/**
 * Who blocks whom, as sending may ask it: a block holds within ten seconds. Sending does not depend on the store (C11):
 * while it is away the last answer stands, and whoever was never asked about is not blocked.
 */
export class BlockList {
  readonly #known: LastKnown<boolean>;

  constructor({ blocks, clock, logger }: BlockListOptions) {
    this.#known = new LastKnown({
      ...{ clock, logger, unknown: false, what: 'the block list' },
      ...{ freshMs: 10_000, deadlineMs: 150, pauseMs: 5_000, maxEntries: 100_000 },
      read: (keys) =>
        blocks.blocked(
          keys.map((key) => {
            const [userId = '', other = ''] = key.split(' ');
            return { userId, other };
          }),
        ),
    });
  }

  /** Whether `userId` blocks `other`, as far as it is known. Never rejects. */
  has(userId: UserId, other: UserId): boolean | Promise<boolean> {
    return this.#known.get(`${userId} ${other}`);
  }
}
