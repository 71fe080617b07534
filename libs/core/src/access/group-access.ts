import { type Clock, type ConversationId, ImError, isCurrent, type UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { GroupStore } from '@chasqui/ports';
import { notAMember } from './conversation-access.ts';
import { type KnownMember, readKnownMembers } from './known-members.ts';
import { ReadThroughCache } from './read-through-cache.ts';

export interface GroupAccessOptions {
  groups: Pick<GroupStore, 'groups' | 'members'>;
  clock: Clock;
  logger: Logger;
}

/**
 * Users' standing in groups, for the early checks of sending; storing decides by what is so. A node that is told of a
 * change forgets what it knew; others find out within seconds.
 */
export class GroupAccess {
  readonly #known: ReadThroughCache<KnownMember | null>;

  constructor({ groups, clock, logger }: GroupAccessOptions) {
    this.#known = new ReadThroughCache<KnownMember | null>({
      clock,
      logger,
      unknown: null,
      what: 'groups',
      freshMs: 5_000,
      deadlineMs: 500,
      pauseMs: 1_000,
      maxEntries: 20_000,
      read: (keys) =>
        readKnownMembers(
          groups,
          keys.map((key) => {
            const [conversationId = '', userId = ''] = key.split(' ');
            return { conversationId, userId };
          }),
        ),
    });
  }

  /** As last known; null: it could never be read. Answers arrive in the order of the calls. Never rejects. */
  of(group: ConversationId, userId: UserId): KnownMember | null | Promise<KnownMember | null> {
    return this.#known.get(`${group} ${userId}`);
  }

  /** By a read that begins after this call; if it fails, as last known. Never rejects. */
  latest(group: ConversationId, userId: UserId): Promise<KnownMember | null> {
    return this.#known.latest(`${group} ${userId}`);
  }

  /** Errors: `not_a_member`, `store_unavailable` if that is not known. */
  async mustBelong(group: ConversationId, userId: UserId): Promise<void> {
    const standing = await this.of(group, userId);
    if (standing === null) throw new ImError('store_unavailable', 'it is not known for now whether you are a member');
    if (isCurrent(standing.member)) return;
    if (isCurrent((await this.latest(group, userId))?.member)) return;
    throw notAMember();
  }

  /** Call when the group or its members changed. */
  outdate(group: ConversationId): void {
    this.#known.outdate(group);
  }
}
