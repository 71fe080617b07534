import {
  type Clock,
  type ConversationId,
  ImError,
  type Limits,
  type Member,
  type Random,
  type UserId,
} from '@chasqui/domain';
import { Batcher, backoffMs, type Logger, RecentMap, sleep } from '@chasqui/kit';
import type { GroupStore, Stay } from '@chasqui/ports';
import type { Session } from '../sessions/session.ts';

/** Changes of members that are remembered, to tell that a read is older (C16). */
const MAX_CHANGES = 100_000;
/** Users whose memberships are read side by side. */
const READS_AT_ONCE = 50;
/** Between attempts to read what sessions wait for, while the store is away. */
export const STORE_BACKOFF = { initialMs: 200, maxMs: 5_000 };

/** What the store had at some moment after `began`, the number of the last change that was told before. */
export interface MembershipRead<Found> {
  found: readonly Found[];
  began: number;
}

export interface MembershipReadsOptions {
  groups: Pick<GroupStore, 'stays' | 'members'>;
  clock: Clock;
  random: Random;
  limits: Pick<Limits, 'maxGroupsPerUser' | 'maxConnectionsPerNode'>;
  logger: Logger;
}

/**
 * Reads for whom sessions wait, and tells whether a change was told meanwhile. While the store is away it is asked again,
 * until all those sessions are over (C11): the result is then null.
 */
export class MembershipReads {
  readonly #options: MembershipReadsOptions;
  readonly #ofUsers: Batcher<UserId, Stay[]>;
  /** By group and user: the number of the last change that named the user. */
  readonly #changes = new RecentMap<string, number>(MAX_CHANGES);
  #changeCount = 0;

  constructor(options: MembershipReadsOptions) {
    this.#options = options;
    const { groups, limits } = options;
    this.#ofUsers = new Batcher({
      maxItems: READS_AT_ONCE,
      maxWaiting: limits.maxConnectionsPerNode,
      full: () => new ImError('overloaded', 'too many sessions wait for their groups'),
      run: (users) => Promise.all(users.map((userId) => groups.stays(userId, 2 * limits.maxGroupsPerUser))),
    });
  }

  /** The groups of the session's user. */
  ofUser(session: Session): Promise<MembershipRead<Stay> | null> {
    return this.#untilRead([session], () => this.#ofUsers.add(session.userId));
  }

  /** Of the sessions' users in one group, in order. */
  inGroup(conversationId: ConversationId, sessions: readonly Session[]): Promise<MembershipRead<Member | null> | null> {
    const keys = sessions.map(({ userId }) => ({ conversationId, userId }));
    return this.#untilRead(sessions, () => this.#options.groups.members(keys));
  }

  /** A change of the user's membership was told: reads that began before are outdated. */
  changed(group: ConversationId, userId: UserId): void {
    this.#changes.set(`${group} ${userId}`, ++this.#changeCount);
  }

  isOutdated({ began }: MembershipRead<unknown>, group: ConversationId, userId: UserId): boolean {
    // Nearly always; a user may be in a thousand groups.
    if (began === this.#changeCount) return false;
    return this.lastChange(group, userId) > began;
  }

  /** The number of the last change that named the user; 0: none is known. */
  lastChange(group: ConversationId, userId: UserId): number {
    return this.#changes.get(`${group} ${userId}`) ?? 0;
  }

  async #untilRead<Found>(
    sessions: readonly Session[],
    read: () => Promise<readonly Found[]>,
  ): Promise<MembershipRead<Found> | null> {
    const { clock, random, logger } = this.#options;
    for (let attempt = 0; sessions.some((session) => !session.isOver); attempt++) {
      const began = this.#changeCount;
      try {
        return { found: await read(), began };
      } catch (error) {
        if (attempt === 0) logger.warn({ err: error }, 'the groups of sessions cannot be read: trying again');
        await sleep(clock, backoffMs(attempt, STORE_BACKOFF, random));
      }
    }
    return null;
  }
}
