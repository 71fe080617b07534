import type { GroupAccess } from '@chasqui/core';
import {
  type Clock,
  type ConversationId,
  ImError,
  isCurrent,
  type Limits,
  type Member,
  type Random,
  type UserId,
} from '@chasqui/domain';
import { Batcher, backoffMs, type Logger, RecentMap, sleep } from '@chasqui/kit';
import type { Delivery, GroupStore } from '@chasqui/ports';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';
import type { GroupDeliveries } from './group-deliveries.ts';
import { GroupFrame } from './group-frame.ts';
import type { GroupSubscriptions } from './group-subscriptions.ts';
import { LocalGroup } from './local-group.ts';

/** How long a group without sessions stays subscribed, ms: devices reconnect. */
const LINGER_MS = 5_000;
/** Changes of members that are remembered, to tell that a read is older (C16). */
const MAX_CHANGES = 100_000;
/** Users whose memberships are read side by side. */
const READS_AT_ONCE = 50;
/** Between attempts to read memberships while the store is away. */
export const STORE_BACKOFF = { initialMs: 200, maxMs: 5_000 };

export interface GroupSessionsOptions {
  groups: Pick<GroupStore, 'memberships' | 'members'>;
  access: Pick<GroupAccess, 'outdate'>;
  subscriptions: GroupSubscriptions;
  deliveries: GroupDeliveries;
  sessions: Pick<SessionRegistry, 'of' | 'all'>;
  clock: Clock;
  random: Random;
  limits: Pick<Limits, 'maxGroupsPerUser' | 'maxConnectionsPerNode'>;
  logger: Logger;
  /** The session is in the group from now on, though it had logged in before. */
  joined(session: Session, group: ConversationId): void;
}

/**
 * Which sessions of this node get what happens in which group: those of members that logged in with `groupsSince`. Bound:
 * `maxGroupsPerUser` for each session.
 */
export class GroupSessions {
  readonly #options: GroupSessionsOptions;
  readonly #groups = new Map<ConversationId, LocalGroup>();
  /** Those without sessions. */
  readonly #empty = new Set<LocalGroup>();
  /** By group and user: the number of the last change that named the user. A read that began before it is outdated. */
  readonly #changes = new RecentMap<string, number>(MAX_CHANGES);
  #changeCount = 0;
  readonly #memberships: Batcher<UserId, Member[]>;

  constructor(options: GroupSessionsOptions) {
    this.#options = options;
    const { groups, limits } = options;
    this.#memberships = new Batcher({
      maxItems: READS_AT_ONCE,
      maxWaiting: limits.maxConnectionsPerNode,
      full: () => new ImError('overloaded', 'too many sessions wait for their groups'),
      run: (users) => Promise.all(users.map((userId) => groups.memberships(userId, 2 * limits.maxGroupsPerUser))),
    });
  }

  get size(): number {
    return this.#groups.size;
  }

  /** Whether the session gets what happens in the group: its user is a member, as far as this node knows. */
  has(session: Session, group: ConversationId): boolean {
    return this.#groups.get(group)?.sessions.has(session) ?? false;
  }

  backlog(group: ConversationId): number {
    return this.#groups.get(group)?.backlog ?? 0;
  }

  /**
   * Adds a session, whose presence is registered, to the groups of its user; resolves once they are subscribed. While the
   * store is away it is asked again (C11). Never rejects.
   */
  async enter(session: Session): Promise<void> {
    session.groups ??= new Set();
    await this.#enter(session);
  }

  subscribeAgain(): Promise<void> {
    return this.#options.subscriptions.again();
  }

  /** Changes may have passed this node by: reads the groups of every session again. */
  enterAgain(): void {
    for (const session of this.#options.sessions.all()) {
      if (session.groups === null) continue;
      void this.#enter(session).then((joined) => {
        for (const group of joined) this.#options.joined(session, group);
      });
    }
  }

  /** Tells the group's sessions that frames may have passed them by. */
  tellToSync(group: ConversationId): void {
    for (const session of this.#groups.get(group)?.sessions.keys() ?? []) {
      if (session.state === 'open') session.send({ type: 'sync_needed' });
    }
  }

  /** The session ended. */
  leave(session: Session): void {
    for (const id of session.groups ?? []) this.#leave(session, id);
    session.groups = null;
  }

  /** Takes a delivery for a group; returns how many sessions it is for. */
  deliver({ group: id = '', membersChanged, ...delivery }: Delivery): number {
    // An empty list may have been lost on its way.
    if (membersChanged !== undefined || delivery.frame === '') {
      this.#membersChanged(id, membersChanged ?? []);
      return 0;
    }
    const group = this.#groups.get(id);
    return group === undefined ? 0 : this.#options.deliveries.send(group, new GroupFrame(delivery));
  }

  /** Unsubscribes from groups whose last session went some time ago. */
  sweep(): void {
    const { clock, subscriptions } = this.#options;
    const now = clock.monotonic();
    for (const group of this.#empty) {
      if (group.sessions.size > 0) this.#empty.delete(group);
      else if (now - group.emptySince >= LINGER_MS) {
        this.#empty.delete(group);
        this.#groups.delete(group.id);
        subscriptions.remove(group.id);
      }
    }
    subscriptions.sweep();
  }

  /** Resolves to the groups that are new to the session, once they are subscribed. */
  async #enter(session: Session): Promise<ConversationId[]> {
    const { userId } = session;
    const read = await this.#untilRead([session], () => this.#memberships.add(userId));
    if (read === null) return [];
    const current = read.value.filter(isCurrent);
    const kept = new Set(current.map(({ conversationId }) => conversationId));
    for (const id of session.groups ?? []) {
      if (!kept.has(id) && this.#isUnchanged(id, userId, read.began)) this.#leave(session, id);
    }
    const joined = current.filter((member) => this.#join(session, member, read.began));
    const ids = joined.map(({ conversationId }) => conversationId);
    await this.#options.subscriptions.add(ids);
    return ids;
  }

  /**
   * Those concerned get nothing more at once, so that nothing reaches the removed once this has returned (C20). Who is a
   * member is then read, and they are added again.
   */
  #membersChanged(id: ConversationId, userIds: readonly UserId[]): void {
    const { access, sessions } = this.#options;
    access.outdate(id);
    const concerned: Session[] = [];
    for (const userId of userIds) {
      for (const session of sessions.of(userId)) {
        if (session.groups === null) continue;
        this.#changes.set(`${id} ${userId}`, ++this.#changeCount);
        this.#leave(session, id);
        concerned.push(session);
      }
    }
    if (concerned.length > 0) void this.#readmit(id, concerned);
  }

  async #readmit(conversationId: ConversationId, concerned: readonly Session[]): Promise<void> {
    const { groups, subscriptions, joined } = this.#options;
    const keys = concerned.map(({ userId }) => ({ conversationId, userId }));
    const read = await this.#untilRead(concerned, () => groups.members(keys));
    if (read === null) return;
    const added = concerned.filter((session, index) => {
      const member = read.value[index];
      return isCurrent(member) && this.#join(session, member, read.began);
    });
    if (added.length === 0) return;
    await subscriptions.add([conversationId]);
    for (const session of added) if (this.has(session, conversationId)) joined(session, conversationId);
  }

  /** False: it was there, the session is over, or the user's membership has changed since the read began. */
  #join(session: Session, { conversationId: id, userId, intervals }: Member, began: number): boolean {
    const stay = intervals.at(-1);
    if (session.isOver || session.groups === null || stay === undefined) return false;
    if (!this.#isUnchanged(id, userId, began)) return false;
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = new LocalGroup(id);
      this.#groups.set(id, group);
    }
    const isNew = !group.sessions.has(session);
    group.sessions.set(session, stay);
    session.groups.add(id);
    return isNew;
  }

  #isUnchanged(group: ConversationId, userId: UserId, began: number): boolean {
    return (this.#changes.get(`${group} ${userId}`) ?? 0) <= began;
  }

  #leave(session: Session, id: ConversationId): void {
    session.groups?.delete(id);
    const group = this.#groups.get(id);
    if (group === undefined || !group.sessions.delete(session) || group.sessions.size > 0) return;
    group.emptySince = this.#options.clock.monotonic();
    this.#empty.add(group);
  }

  /** What is read, and the number of the last change before; null: all sessions are over. Never rejects. */
  async #untilRead<T>(
    sessions: readonly Session[],
    read: () => Promise<T>,
  ): Promise<{ value: T; began: number } | null> {
    const { clock, random, logger } = this.#options;
    for (let attempt = 0; sessions.some((session) => !session.isOver); attempt++) {
      const began = this.#changeCount;
      try {
        return { value: await read(), began };
      } catch (error) {
        if (attempt === 0) logger.warn({ err: error }, 'groups of sessions cannot be read: trying again');
        await sleep(clock, backoffMs(attempt, STORE_BACKOFF, random));
      }
    }
    return null;
  }
}
