import { ChurnMap, type Clock, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';

interface Watched {
  userId: UserId;
  messageId: MessageId;
  conversationId: ConversationId;
  /** Monotonic ms. */
  pushedAt: number;
}

/** What was pushed to a user and acked by no device; without `pushedAt`, no socket took it. */
export interface Unacked extends Omit<Watched, 'pushedAt'>, Partial<Pick<Watched, 'pushedAt'>> {
  /** The `traceparent` of its sending, where it is traced and known. */
  trace?: string | undefined;
}

/** Of each kind of message that is not watched any more: the newest, and at most as many older ones. */
const RECENT_ACKS = 25_000;

export interface PushWatchOptions {
  clock: Clock;
  ackTimeoutMs: number;
  /** Beyond it the oldest are given up at once. */
  maxUnacked: number;
  /** The same for what went to one user. */
  maxUnackedPerUser: number;
}

/**
 * Remembers the messages that this node pushed until a device acks them (C9). `due` and `closed` hand back what nobody
 * acked, once.
 */
export class PushWatch {
  readonly #options: PushWatchOptions;
  /** In the order in which they were pushed, as all wait equally long. */
  readonly #watched = new ChurnMap<MessageId, Watched>();
  readonly #byUser = new ChurnMap<UserId, Set<MessageId>>();
  /** What exceeds its user's share, until it is asked for. */
  #excess: Watched[] = [];
  /** Acked by their receiver while they were watched. */
  readonly #recentAcks = new RecentMap<MessageId, UserId>(RECENT_ACKS);
  /** Acked while nobody watched them: their push may be told later, or they may not exist. */
  readonly #strangeAcks = new RecentMap<MessageId, UserId>(RECENT_ACKS);
  /** Handed back unacked. */
  readonly #givenUp = new RecentMap<MessageId, UserId>(RECENT_ACKS);
  /** No ack of a message after it is remembered: most pushes are of newer ones, and need not look. */
  #newestAcked: MessageId = '';

  constructor(options: PushWatchOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** A message went to a socket of the user, its one receiver. One that is watched or was just acked changes nothing. */
  push(userId: UserId, messageId: MessageId, conversationId: ConversationId): void {
    if (this.#watched.has(messageId) || this.#wasAcked(userId, messageId)) return;
    this.#watched.set(messageId, { userId, messageId, conversationId, pushedAt: this.#options.clock.monotonic() });
    const ids = this.#byUser.get(userId);
    if (ids === undefined) this.#byUser.set(userId, new Set([messageId]));
    else if (ids.add(messageId).size > this.#options.maxUnackedPerUser) this.#giveUpOldest(ids);
  }

  #giveUpOldest([oldest]: ReadonlySet<MessageId>): void {
    const watched = this.#watched.get(oldest ?? '');
    if (watched === undefined) return;
    this.#giveUp(watched);
    this.#excess.push(watched);
  }

  /**
   * When it was pushed, in monotonic ms; undefined: it is not watched. An ack of anybody but the receiver (another device of
   * the sender, a stranger) says nothing about the message.
   */
  acked(userId: UserId, messageId: MessageId): number | undefined {
    const receiver = this.#watched.get(messageId)?.userId;
    // Where nobody watches, the first one is believed.
    if (receiver === undefined ? this.#ackedBy(messageId) !== undefined : receiver !== userId) return undefined;
    const pushedAt = this.#forget(messageId);
    // Invented ids must not make the node forget the acks of real ones.
    (receiver === undefined ? this.#strangeAcks : this.#recentAcks).set(messageId, userId);
    if (messageId > this.#newestAcked) this.#newestAcked = messageId;
    return pushedAt;
  }

  /** Whether this node pushed the message to the user a short while ago, acked or not. False says nothing. */
  knows(userId: UserId, messageId: MessageId): boolean {
    const watched = this.#watched.get(messageId);
    if (watched !== undefined) return watched.userId === userId;
    return this.#recentAcks.get(messageId) === userId || this.#givenUp.get(messageId) === userId;
  }

  /** An ack came but could not be passed on: the message is watched again. */
  lost(userId: UserId, messageId: MessageId, conversationId: ConversationId): void {
    if (this.#ackedBy(messageId) !== userId) return;
    this.#recentAcks.delete(messageId);
    this.#strangeAcks.delete(messageId);
    this.push(userId, messageId, conversationId);
  }

  /** Takes out what has waited too long, and what exceeds the bound. */
  due(): Unacked[] {
    const before = this.#options.clock.monotonic() - this.#options.ackTimeoutMs;
    const taken = this.#excess;
    this.#excess = [];
    for (const watched of this.#watched.values()) {
      if (watched.pushedAt > before && this.#watched.size <= this.#options.maxUnacked) break;
      this.#giveUp(watched);
      taken.push(watched);
    }
    return taken;
  }

  /** Takes out everything: the node stops. */
  all(): Unacked[] {
    const taken = [...this.#excess, ...this.#watched.values()];
    this.#excess = [];
    this.#watched.clear();
    this.#byUser.clear();
    return taken;
  }

  /** Takes out everything of a user whose last socket closed. */
  closed(userId: UserId): Unacked[] {
    const taken: Watched[] = [];
    for (const messageId of this.#byUser.get(userId) ?? []) {
      const watched = this.#watched.get(messageId);
      if (watched !== undefined) taken.push(watched);
    }
    for (const watched of taken) this.#giveUp(watched);
    return taken;
  }

  #wasAcked(userId: UserId, messageId: MessageId): boolean {
    return messageId <= this.#newestAcked && this.#ackedBy(messageId) === userId;
  }

  #ackedBy(messageId: MessageId): UserId | undefined {
    return this.#recentAcks.get(messageId) ?? this.#strangeAcks.get(messageId);
  }

  #giveUp({ userId, messageId }: Watched): void {
    this.#forget(messageId);
    this.#givenUp.set(messageId, userId);
  }

  #forget(messageId: MessageId): number | undefined {
    const watched = this.#watched.get(messageId);
    if (watched === undefined) return undefined;
    this.#watched.delete(messageId);
    const ids = this.#byUser.get(watched.userId);
    ids?.delete(messageId);
    if (ids?.size === 0) this.#byUser.delete(watched.userId);
    return watched.pushedAt;
  }
}
