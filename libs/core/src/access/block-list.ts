import { type Clock, type ConversationId, participantsOf, type UserId } from '@chasqui/domain';
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

/** Of the two users of a direct conversation, in the order of its id, those who block the other, as bits. */
type Blockers = number;
const FIRST: Blockers = 1;
const SECOND: Blockers = 2;

/**
 * Blocks, for the checks of sending. A new block applies at once on a node that is notified of it, and within ten
 * seconds elsewhere. Sending does not depend on the store (C11): while it is unavailable the last known answer is used,
 * and an unknown pair counts as not blocked.
 */
export class BlockList {
  /** By the direct conversation of two users: one value, and one read, for both directions. */
  readonly #known: ReadThroughCache<Blockers>;

  constructor({ blocks, clock, logger }: BlockListOptions) {
    this.#known = new ReadThroughCache<Blockers>({
      clock,
      logger,
      unknown: 0,
      what: 'the block list',
      freshMs: 10_000,
      deadlineMs: 150,
      pauseMs: 5_000,
      maxEntries: 100_000,
      wordsOf: participantsOf,
      read: (conversations) => readBlockers(blocks, conversations),
    });
  }

  /** Call when the user's blocks changed: cached answers are read again before use. */
  outdate(userId: UserId): void {
    this.#known.outdate(userId);
  }

  /**
   * Which of the two users of a direct conversation blocks the other; if both do, `asker`. Answers arrive in the order
   * of the calls. Never rejects.
   */
  between(conversationId: ConversationId, asker: UserId): BlockedBy | Promise<BlockedBy> {
    const known = this.#known.get(conversationId);
    if (typeof known === 'number') return seenBy(asker, conversationId, known);
    return known.then((blockers) => seenBy(asker, conversationId, blockers));
  }
}

async function readBlockers(
  blocks: BlockListOptions['blocks'],
  conversations: readonly ConversationId[],
): Promise<Blockers[]> {
  const pairs = conversations.flatMap((id) => {
    const [first = '', second = ''] = participantsOf(id);
    return [
      { userId: first, other: second },
      { userId: second, other: first },
    ];
  });
  const blocked = await blocks.blocked(pairs);
  return conversations.map((_, index) => (blocked[2 * index] ? FIRST : 0) + (blocked[2 * index + 1] ? SECOND : 0));
}

function seenBy(asker: UserId, conversationId: ConversationId, blockers: Blockers): BlockedBy {
  if (blockers === 0) return 'nobody';
  const own = participantsOf(conversationId)[0] === asker ? FIRST : SECOND;
  return (blockers & own) === 0 ? 'other' : 'asker';
}
