import type { GroupAccess } from '@chasqui/core';
import { type Clock, type ConversationId, isCurrent, type UserId } from '@chasqui/domain';
import type { Delivery, Stay } from '@chasqui/ports';
import type { Session } from '../sessions/session.ts';
import type { SessionRegistry } from '../sessions/session-registry.ts';
import type { GroupDeliveries } from './group-deliveries.ts';
import { GroupFrame } from './group-frame.ts';
import type { GroupSubscriptions } from './group-subscriptions.ts';
import { LocalGroup } from './local-group.ts';
import type { MembershipRead, MembershipReads } from './membership-reads.ts';

/** How long a group without sessions stays subscribed, ms: devices reconnect. */
const LINGER_MS = 5_000;

export interface GroupSessionsOptions {
  reads: MembershipReads;
  access: Pick<GroupAccess, 'outdate'>;
  subscriptions: GroupSubscriptions;
  deliveries: GroupDeliveries;
  sessions: Pick<SessionRegistry, 'of' | 'all'>;
  clock: Clock;
  /** Whether changes of members may have passed this node by, as it stood still. */
  isLate(): boolean;
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

  constructor(options: GroupSessionsOptions) {
    this.#options = options;
  }

  /** Whether the session gets what happens in the group: its user is a member, as far as this node knows. */
  has(session: Session, group: ConversationId): boolean {
    return this.#groups.get(group)?.sessions.has(session) ?? false;
  }

  /** About how many sends wait, of all groups. */
  get waiting(): number {
    return this.#options.deliveries.waiting;
  }

  backlog(group: ConversationId): number {
    return this.#groups.get(group)?.backlog ?? 0;
  }

  /**
   * Adds a session to the groups of its user; resolves once they are subscribed. Its presence must be registered, so that
   * the node is told of changes that are newer than what it reads (C20). Never rejects.
   */
  async enter(session: Session): Promise<void> {
    session.groups ??= new Set();
    await this.#enter(session);
  }

  /** Changes of members may have passed this node by: no session gets anything of a group until `enterAgain` (C20). */
  leaveAll(): void {
    for (const session of this.#options.sessions.all()) {
      for (const id of session.groups ?? []) this.#leave(session, id);
    }
  }

  /** Reads the groups of every session again, and tells it to sync what it missed meanwhile. */
  enterAgain(): void {
    for (const session of this.#options.sessions.all()) {
      if (session.groups === null) continue;
      void this.#enter(session).then((joined) => {
        if (joined.length > 0 && session.state === 'open') session.send({ type: 'sync_needed' });
      });
    }
  }

  /** Rises with each change of the user's membership that this node was told of. */
  lastChange(group: ConversationId, userId: UserId): number {
    return this.#options.reads.lastChange(group, userId);
  }

  /** The engine that keeps the subscriptions was emptied. */
  subscribeAgain(): Promise<void> {
    return this.#options.subscriptions.again();
  }

  /** The session ended. */
  leave(session: Session): void {
    const ids = session.groups ?? [];
    session.groups = null;
    for (const id of ids) this.#leave(session, id);
  }

  /** Takes a delivery for a group; returns how many sessions it is for. */
  deliver({ group: id = '', membersChanged, ...delivery }: Delivery): number {
    // An empty list may have been lost on its way.
    if (membersChanged !== undefined || delivery.frame === '') {
      this.#membersChanged(id, membersChanged ?? []);
      return 0;
    }
    const group = this.#options.isLate() ? undefined : this.#groups.get(id);
    return group === undefined ? 0 : this.#options.deliveries.send(group, new GroupFrame(delivery));
  }

  /** Tells the group's sessions that frames may have passed them by. */
  tellToSync(group: ConversationId): void {
    for (const session of this.#groups.get(group)?.sessions.keys() ?? []) {
      if (session.state === 'open') session.send({ type: 'sync_needed' });
    }
  }

  /** Unsubscribes from groups whose last session went some time ago. */
  sweep(): void {
    const { clock, subscriptions } = this.#options;
    const now = clock.monotonic();
    const gone: ConversationId[] = [];
    for (const group of this.#empty) {
      if (group.sessions.size > 0) this.#empty.delete(group);
      else if (now - group.emptySince >= LINGER_MS) {
        this.#empty.delete(group);
        this.#groups.delete(group.id);
        gone.push(group.id);
      }
    }
    void subscriptions.remove(gone);
    subscriptions.sweep();
  }

  /** The node stops, and its sessions are closed. */
  stop(): Promise<void> {
    return this.#options.subscriptions.removeAll();
  }

  /** Resolves to the groups that are new to the session, once they are subscribed. */
  async #enter(session: Session): Promise<ConversationId[]> {
    const { reads, subscriptions } = this.#options;
    const { userId } = session;
    const read = await reads.ofUser(session);
    if (read === null) return [];
    if (session.groups !== null && session.groups.size > 0) {
      const kept = new Set(read.found.map(({ conversationId }) => conversationId));
      for (const id of session.groups) {
        if (!kept.has(id) && !reads.isOutdated(read, id, userId)) this.#leave(session, id);
      }
    }
    const ids: ConversationId[] = [];
    for (const stay of read.found) if (this.#join(session, stay, read)) ids.push(stay.conversationId);
    await subscriptions.add(ids);
    return ids;
  }

  /**
   * Those concerned get nothing more at once, so that nothing reaches the removed once this has returned (C20). Who is a
   * member is then read, and they are added again.
   */
  #membersChanged(id: ConversationId, userIds: readonly UserId[]): void {
    const { access, sessions, reads } = this.#options;
    access.outdate(id);
    const concerned: Session[] = [];
    for (const userId of userIds) {
      for (const session of sessions.of(userId)) {
        if (session.groups === null) continue;
        reads.changed(id, userId);
        this.#leave(session, id);
        concerned.push(session);
      }
    }
    if (concerned.length > 0) void this.#readmit(id, concerned);
  }

  async #readmit(id: ConversationId, concerned: readonly Session[]): Promise<void> {
    const { reads, subscriptions, joined } = this.#options;
    const read = await reads.inGroup(id, concerned);
    if (read === null) return;
    const added = concerned.filter((session, index) => {
      const member = read.found[index];
      const interval = isCurrent(member) ? member.intervals.at(-1) : undefined;
      return interval !== undefined && this.#join(session, { conversationId: id, interval }, read);
    });
    if (added.length === 0) return;
    await subscriptions.add([id]);
    for (const session of added) if (this.has(session, id)) joined(session, id);
  }

  /** False: it was there, the session is over, or what was read is outdated. */
  #join(session: Session, { conversationId: id, interval }: Stay, read: MembershipRead<unknown>): boolean {
    if (session.isOver || session.groups === null) return false;
    if (this.#options.reads.isOutdated(read, id, session.userId)) return false;
    let group = this.#groups.get(id);
    if (group === undefined) {
      group = new LocalGroup(id);
      this.#groups.set(id, group);
    }
    const isNew = !group.sessions.has(session);
    group.sessions.set(session, interval);
    session.groups.add(id);
    return isNew;
  }

  #leave(session: Session, id: ConversationId): void {
    session.groups?.delete(id);
    const group = this.#groups.get(id);
    if (group === undefined || !group.sessions.delete(session) || group.sessions.size > 0) return;
    group.emptySince = this.#options.clock.monotonic();
    this.#empty.add(group);
  }
}
