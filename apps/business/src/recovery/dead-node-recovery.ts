import { type EventPublisher, readState, type WantedEvents } from '@chasqui/core';
import {
  type Clock,
  CONVERSATION_TOPIC,
  inboxOf,
  type Limits,
  type OfflineEvent,
  storedStatus,
  type Timer,
  type UserId,
} from '@chasqui/domain';
import { inParallel, type Logger } from '@chasqui/kit';
import type { ConversationStore, MessageKey, MessageStore, NodeRegistry, Presence, UpdateLog } from '@chasqui/ports';
import { GoneUsers } from './gone-users.ts';
import type { Reached, ReachedUsers } from './reached-users.ts';
import { StartRecovery } from './start-recovery.ts';
import type { UnreportedMessages } from './unreported-receivers.ts';

/** How often dead nodes are looked for, and how long one recovery may take before another process takes over. */
const ROUND_MS = 1_000;
const CLAIM_MS = 30_000;
const PAGE = 500;
/** How many users are recovered in parallel. */
const AT_ONCE = 16;

export interface DeadNodeRecoveryOptions {
  nodeId: string;
  clock: Clock;
  limits: Limits;
  registry: NodeRegistry;
  presence: Presence;
  logs: UpdateLog;
  conversations: Pick<ConversationStore, 'entries'>;
  messages: MessageStore;
  publisher: EventPublisher;
  reached: ReachedUsers;
  wanted: WantedEvents;
  /** See `StartRecoveryOptions.waitMs`. */
  waitMs: number;
  logger: Logger;
}

/**
 * When a Connect node's lease ends, one Business process handles as offline the messages that the node's users had not
 * received, as the node can no longer report them (C9). The users' inboxes are authoritative.
 */
export class DeadNodeRecovery implements AsyncDisposable {
  readonly #options: DeadNodeRecoveryOptions;
  #timer: Timer | null = null;
  #round: Promise<unknown> = Promise.resolve();
  #stopped = false;
  readonly #atStart: StartRecovery;
  readonly #gone: GoneUsers;

  constructor(options: DeadNodeRecoveryOptions) {
    this.#options = options;
    this.#gone = new GoneUsers(options);
    this.#atStart = new StartRecovery({
      ...options,
      recover: (messages) => this.#recoverUnreported(messages),
    });
  }

  /** See `StartRecovery.begun`. */
  begun(): Promise<void> {
    return this.#atStart.begun();
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.after(ROUND_MS, () => {
      this.#round = Promise.all([this.#recoverAll(), this.#atStart.round(), this.#recoverReached()]).finally(() =>
        this.start(),
      );
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #recoverAll(): Promise<void> {
    const { registry, logger } = this.#options;
    try {
      for (const { nodeId } of await registry.claimDead(CLAIM_MS)) {
        logger.info({ dead: nodeId }, "a node's lease expired: handling its unacked pushes as offline");
        // An unfinished node stays claimed until the claim expires; then another process recovers it.
        if (await this.#recoverNode(nodeId)) await registry.settle(nodeId);
      }
    } catch (error) {
      // The claim expires, and this or another process recovers the node.
      logger.warn({ err: error }, 'a dead node could not be recovered yet');
    }
  }

  /**
   * A node may die together with its presence entries, and its user may have a device on another node that never got
   * the message. So users whom this process reached are checked again after the longest time that a node needs to
   * report them.
   */
  async #recoverReached(): Promise<void> {
    const { reached, logger } = this.#options;
    const due = reached.due();
    try {
      for (let start = 0; start < due.length; start += PAGE) await this.#recoverLost(due.slice(start, start + PAGE));
    } catch (error) {
      for (const one of due) reached.add(one);
      logger.warn({ err: error }, 'the users of a dead node could not be found: retrying later');
    }
  }

  async #recoverLost(due: readonly Reached[]): Promise<void> {
    const { presence, registry } = this.#options;
    const users = due.map(({ userId }) => userId);
    const [live, nodes] = await Promise.all([presence.lookup(users), registry.live()]);
    await this.#recoverGone(users, live);
    const standing = new Set(nodes.map(({ nodeId }) => nodeId));
    for (const [index, { userId, upTo, nodeIds }] of due.entries()) {
      const isElsewhere = (live[index]?.length ?? 0) > 0;
      // A message after `upTo` adds the user again, with its own delay.
      if (isElsewhere && !nodeIds.every((nodeId) => standing.has(nodeId))) await this.#recoverUser(userId, upTo);
    }
  }

  /**
   * A live node has reported in the meantime what it pushed. It knows nothing of what was pushed to a dead node before
   * the user moved to it, so for users with a live device the unreported messages themselves are handled.
   */
  async #recoverUnreported(unreported: UnreportedMessages): Promise<boolean> {
    const users = [...unreported.keys()];
    for (let start = 0; start < users.length; start += PAGE) {
      const some = users.slice(start, start + PAGE);
      const live = await this.#options.presence.lookup(some);
      if (!(await this.#recoverGone(some, live))) return false;
      const here = some.filter((_, index) => (live[index]?.length ?? 0) > 0);
      await inParallel(here, AT_ONCE, async (userId) => {
        const keys = unreported.get(userId) ?? [];
        for (let from = 0; from < keys.length && !this.#stopped; from += PAGE) {
          await this.#report(userId, keys.slice(from, from + PAGE));
        }
      });
      if (this.#stopped) return false;
    }
    return true;
  }

  /** Recovers those of the users who have no live device. Returns false if this process stops before the last one. */
  async #recoverGone(users: readonly UserId[], live: readonly (readonly unknown[])[]): Promise<boolean> {
    const gone = users.filter((_, index) => (live[index]?.length ?? 0) === 0);
    for (let start = 0; start < gone.length; start += AT_ONCE) {
      if (this.#stopped) return false;
      await Promise.all(gone.slice(start, start + AT_ONCE).map((userId) => this.#recoverUser(userId)));
    }
    return true;
  }

  /** Returns false if this process stops before the node's last user. */
  async #recoverNode(nodeId: string): Promise<boolean> {
    const { presence } = this.#options;
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<Presence['onNode']>> = await presence.onNode(nodeId, cursor, PAGE);
      const users = [...new Set(page.entries.map((entry) => entry.userId))];
      if (!(await this.#recoverGone(users, await presence.lookup(users)))) return false;
      await this.#gone.tell(page.entries);
      cursor = page.cursor;
    } while (cursor !== null);
    return true;
  }

  /**
   * Recovers everything up to a position that no device of the user has confirmed, page by page, but at most the newest
   * `maxRecoveredEntries`: some clients never confirm, and older messages were handled long ago.
   */
  async #recoverUser(userId: UserId, upTo = Number.POSITIVE_INFINITY): Promise<void> {
    const { logs, limits } = this.#options;
    const log = inboxOf(userId);
    const devices = await logs.devices(userId);
    const confirmed = Math.max(0, ...devices.map((device) => device.position));
    if (confirmed >= upTo) return;
    let page = await logs.page(log, confirmed, PAGE);
    const end = Math.min(page.head, upTo);
    let after = Math.max(confirmed, page.floor, end - limits.maxRecoveredEntries);
    if (after > confirmed) page = await logs.page(log, after, PAGE);
    while (after < end) {
      const entries = page.entries.filter(({ position }) => position <= end);
      const incoming = entries.filter((entry) => entry.type === 'message').filter(({ from }) => from !== userId);
      await this.#report(userId, incoming);
      // An empty page: its entries were trimmed in the meantime.
      after = entries.at(-1)?.position ?? Math.max(after + 1, page.floor);
      if (after < end) page = await logs.page(log, after, PAGE);
    }
  }

  /** Publishes an offline event for those of the user's messages that nobody has acked, read or reported. */
  async #report(userId: UserId, incoming: readonly MessageKey[]): Promise<void> {
    const { messages, publisher, nodeId, clock } = this.#options;
    const stored = await messages.get(incoming);
    const found = await readState(
      this.#options,
      stored.filter((message) => message !== null),
    );
    await Promise.all(
      found.map((message) => {
        if (storedStatus(message, userId) !== 'stored') return undefined;
        const { conversationId, messageId } = message;
        const event: OfflineEvent = {
          type: 'offline',
          conversationId,
          messageIds: [messageId],
          to: userId,
          nodeId,
          at: clock.now(),
        };
        return publisher.publish(CONVERSATION_TOPIC, conversationId, event);
      }),
    );
  }
}
