import { type Clock, initialProfile, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { BlockStore, ContactStore, ProfileStore } from '@chasqui/ports';
import { ReadThroughCache } from './read-through-cache.ts';

export interface PresenceVisibilityOptions {
  profiles: Pick<ProfileStore, 'get'>;
  contacts: Pick<ContactStore, 'states'>;
  blocks: Pick<BlockStore, 'blocked'>;
  clock: Clock;
  logger: Logger;
}

/** Maximum number of reads for one answer; a read is repeated if something changed meanwhile. */
const MAX_TRIES = 3;

/**
 * Who may see whether a user is online. A changed setting applies at once on a node that is notified of it, and within
 * half a minute for new requests elsewhere. If a setting cannot be read and is not cached, nobody may see: hidden
 * presence stays hidden.
 */
export class PresenceVisibility {
  readonly #options: PresenceVisibilityOptions;
  readonly #known: ReadThroughCache<boolean>;
  /** Counts the calls of `outdate`. */
  #changes = 0;

  constructor(options: PresenceVisibilityOptions) {
    const { clock, logger } = options;
    this.#options = options;
    this.#known = new ReadThroughCache({
      clock,
      logger,
      unknown: false,
      what: 'who may see whose presence',
      freshMs: 30_000,
      deadlineMs: 500,
      pauseMs: 5_000,
      maxEntries: 100_000,
      read: (keys) => this.#read(keys.map((key) => key.split(' ') as [UserId, UserId])),
    });
  }

  /** Call when the audience of the user's presence changed: cached answers are read again before use. */
  outdate(userId: UserId): void {
    this.#changes++;
    this.#known.outdate(userId);
  }

  /** The users of `userIds` whose presence `asker` may see, with all changes made before the answer. Never rejects. */
  async visibleTo(asker: UserId, userIds: readonly UserId[]): Promise<UserId[]> {
    let visible: boolean[] = [];
    for (let tries = 0, seen = -1; tries < MAX_TRIES && seen !== this.#changes; tries++) {
      seen = this.#changes;
      visible = await Promise.all(userIds.map((userId) => userId === asker || this.#known.get(`${userId} ${asker}`)));
    }
    return userIds.filter((_, index) => visible[index]);
  }

  async #read(pairs: readonly [userId: UserId, asker: UserId][]): Promise<boolean[]> {
    const { profiles, contacts, blocks } = this.#options;
    const [found, blocked] = await Promise.all([
      profiles.get(pairs.map(([userId]) => userId)),
      blocks.blocked(pairs.map(([userId, other]) => ({ userId, other }))),
    ]);
    return Promise.all(
      pairs.map(async ([userId, asker], index) => {
        const { presence } = (found[index] ?? initialProfile(userId)).privacy;
        if (blocked[index] || presence === 'nobody') return false;
        return presence === 'everyone' || (await contacts.states(userId, [asker]))[0] === 'contact';
      }),
    );
  }
}
