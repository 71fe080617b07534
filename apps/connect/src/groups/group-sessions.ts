import {
  type Clock,
  type ConversationId,
  type Interval,
  isCurrent,
  type Limits,
  type Member,
  type Random,
  type UserId,
} from '@chasqui/domain';
import { backoffMs, type Logger, RecentMap, sleep } from '@chasqui/kit';
import type { Delivery, GroupStore } from '@chasqui/ports';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';
import type { GroupAccess } from './group-access.ts';
import type { GroupFanOut } from './group-fan-out.ts';
import { GroupFrame } from './group-frame.ts';
import type { GroupSubscriptions } from './group-subscriptions.ts';
import { LocalGroup } from './local-group.ts';

/** How long a group without sessions stays subscribed, ms: devices reconnect. */
const LINGER_MS = 5_000;
/** Changes of members that are remembered, to tell that a read is older (C16). */
const MAX_CHANGES = 100_000;
/** Between attempts to read memberships while the store is away. */
const BACKOFF = { initialMs: 200, maxMs: 5_000 };

export interface GroupSessionsOptions {
  groups: Pick<GroupStore, 'memberships' | 'members'>;
  access: Pick<GroupAccess, 'outdate'>;
  subscriptions: GroupSubscriptions;
  fanOut: GroupFanOut;
  sessions: Pick<SessionRegistry, 'of' | 'all'>;
  clock: Clock;
  random: Random;
  limits: Pick<Limits, 'maxGroupsPerUser'>;
  logger: Logger;
  /** The session is in these groups from now on, though it had logged in before. */
  joined(session: Session, groups: readonly ConversationId[]): void;
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

  constructor(options: GroupSessionsOptions) {
    this.#options = options;
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
    const { groups, limits, subscriptions } = this.#options;
    const read = await this.#untilRead(session, () => groups.memberships(session.userId, 2 * limits.maxGroupsPerUser));
    if (read === null) return;
    const kept = new Set<ConversationId>();
    for (const member of read.value) {
      if (!isCurrent(member)) continue;
      kept.add(member.conversationId);
      this.#join(session, member, read.began);
    }
    for (const group of session.groups) {
      if (!kept.has(group.id) && this.#isUnchanged(group.id, session.userId, read.began)) this.#leave(session, group);
    }
    await subscriptions.add([...session.groups].map(({ id }) => id));
  }

  /** Everything may have changed unheard: reads the groups of every session again. */
  async enterAgain(): Promise<void> {
    await this.#options.subscriptions.again();
    for (const session of this.#options.sessions.all()) if (session.groups !== null) void this.enter(session);
  }

  /** The session ended. */
  leave(session: Session): void {
    for (const group of session.groups ?? []) this.#leave(session, group);
    session.groups = null;
  }

  /** Takes a delivery for a group; returns how many sessions it is for. */
  deliver({ group: id = '', membersChanged, ...delivery }: Delivery): number {
    if (membersChanged !== undefined) {
      this.#membersChanged(id, membersChanged);
      return 0;
    }
    const group = this.#groups.get(id);
    return group === undefined ? 0 : this.#options.fanOut.send(group, new GroupFrame(delivery));
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

  /**
   * Those concerned get nothing more at once, so that nothing reaches the removed once this has returned (C20). Who is a
   * member is then read, and they are added again.
   */
  #membersChanged(id: ConversationId, userIds: readonly UserId[]): void {
    const { access, sessions } = this.#options;
    access.outdate(id);
    const group = this.#groups.get(id);
    const concerned: Session[] = [];
    for (const userId of userIds) {
      for (const session of sessions.of(userId)) {
        if (session.groups === null) continue;
        this.#changes.set(`${id} ${userId}`, ++this.#changeCount);
        if (group !== undefined) this.#leave(session, group);
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
    for (const session of added) if (this.has(session, conversationId)) joined(session, [conversationId]);
  }

  /** False: the session is over, or the user's membership has changed since the read began. */
  #join(session: Session, { conversationId: id, userId, intervals }: Member, began: number): boolean {
    const stay = intervals.at(-1);
    if (session.isOver || session.groups === null || stay === undefined) return false;
    if (!this.#isUnchanged(id, userId, began)) return false;
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = new LocalGroup(id);
      this.#groups.set(id, group);
    }
    group.sessions.set(session, stay);
    session.groups.add(group);
    return true;
  }

  #isUnchanged(group: ConversationId, userId: UserId, began: number): boolean {
    return (this.#changes.get(`${group} ${userId}`) ?? 0) <= began;
  }

  #leave(session: Session, group: LocalGroup): void {
    session.groups?.delete(group);
    if (!group.sessions.delete(session) || group.sessions.size > 0) return;
    group.emptySince = this.#options.clock.monotonic();
    this.#empty.add(group);
  }

  /** What is read, and the number of the last change before; null: all sessions are over. Never rejects. */
  async #untilRead<T>(
    sessions: Session | readonly Session[],
    read: () => Promise<T>,
  ): Promise<{ value: T; began: number } | null> {
    const { clock, random, logger } = this.#options;
    const all = [sessions].flat();
    for (let attempt = 0; all.some((session) => !session.isOver); attempt++) {
      const began = this.#changeCount;
      try {
        return { value: await read(), began };
      } catch (error) {
        if (attempt === 0) logger.warn({ err: error }, 'groups of sessions cannot be read: trying again');
        await sleep(clock, backoffMs(attempt, BACKOFF, random));
      }
    }
    return null;
  }
}
