import { ChurnMap, type Clock, type ConversationId, type MessageId, type UserId } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit';

interface Watched {
  userId: UserId;
  messageId: MessageId;
  conversationId: ConversationId;
  /** Monotonic ms. */
  pushedAt: number;
}

/** A message that no device of the user has acked. Without `pushedAt`, no socket took it. */
export interface Unacked extends Omit<Watched, 'pushedAt'>, Partial<Pick<Watched, 'pushedAt'>> {
  /** The `traceparent` of its sending, if it is traced and known. */
  trace?: string | undefined;
}

/** Bound of each map of messages that are no longer watched: the newest are kept, and at most as many older ones. */
const RECENT_ACKS = 25_000;

export interface PushWatchOptions {
  clock: Clock;
  ackTimeoutMs: number;
  /** Beyond this number, the oldest are given up at once. */
  maxUnacked: number;
  /** The same bound for the messages of one user. */
  maxUnackedPerUser: number;
}

/**
 * Remembers the messages that this node pushed, per user, until a device of that user acks (C9). `due` and `closed`
 * return each unacked message once. One user's ack says nothing about another user.
 */
export class PushWatch {
  readonly #options: PushWatchOptions;
  /** In the order of pushing, as all wait equally long. */
  readonly #watched = new ChurnMap<Watched, Watched>();
  readonly #byUser = new ChurnMap<UserId, Map<MessageId, Watched>>();
  /** Messages beyond their user's share, until `due` returns them. */
  #excess: Watched[] = [];
  // `keyOf` makes the keys of the following maps.
  /** Acked after this node pushed them. */
  readonly #recentAcks = new RecentMap<string, true>(RECENT_ACKS);
  /** Acked without being watched: the push may be noted later, or the message may not exist. */
  readonly #strangeAcks = new RecentMap<string, true>(RECENT_ACKS);
  /** Returned as unacked. */
  readonly #givenUp = new RecentMap<string, true>(RECENT_ACKS);
  /** The newest acked id. No ack of a newer message is remembered, so most pushes need no lookup. */
  #newestAcked: MessageId = '';

  constructor(options: PushWatchOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** Notes that a socket of the user took the message. No effect if it is watched already or was just acked. */
  push(userId: UserId, messageId: MessageId, conversationId: ConversationId): void {
    let own = this.#byUser.get(userId);
    if (own?.has(messageId) || this.#wasAcked(userId, messageId)) return;
    if (own === undefined) {
      own = new Map();
      this.#byUser.set(userId, own);
    }
    const watched = { userId, messageId, conversationId, pushedAt: this.#options.clock.monotonic() };
    this.#watched.set(watched, watched);
    own.set(messageId, watched);
    if (own.size > this.#options.maxUnackedPerUser) this.#giveUpOldest(own.values());
  }

  #giveUpOldest(all: MapIterator<Watched>): void {
    const oldest = all.next();
    if (oldest.done) return;
    this.#giveUp(oldest.value);
    this.#excess.push(oldest.value);
  }

  /** Returns when the message was pushed to the user, in monotonic ms; undefined if it is not watched. */
  acked(userId: UserId, messageId: MessageId): number | undefined {
    const watched = this.#byUser.get(userId)?.get(messageId);
    const key = keyOf(userId, messageId);
    if (watched === undefined && this.#isAcked(key)) return undefined;
    // Invented ids must not evict the acks of real messages.
    (watched === undefined ? this.#strangeAcks : this.#recentAcks).set(key, true);
    if (messageId > this.#newestAcked) this.#newestAcked = messageId;
    if (watched !== undefined) this.#forget(watched);
    return watched?.pushedAt;
  }

  /** Whether this node recently pushed the message to the user, acked or not. False proves nothing. */
  knows(userId: UserId, messageId: MessageId): boolean {
    if (this.#byUser.get(userId)?.has(messageId)) return true;
    const key = keyOf(userId, messageId);
    return this.#recentAcks.get(key) === true || this.#givenUp.get(key) === true;
  }

  /** An ack arrived but could not be passed on: a pushed message is watched again. */
  lost(userId: UserId, messageId: MessageId, conversationId: ConversationId): void {
    const key = keyOf(userId, messageId);
    this.#strangeAcks.delete(key);
    if (this.#recentAcks.get(key) === undefined) return;
    this.#recentAcks.delete(key);
    this.push(userId, messageId, conversationId);
  }

  /** Removes and returns the messages that waited too long and those beyond the bounds. */
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

  /** Removes and returns everything, as the node stops. */
  all(): Unacked[] {
    const taken = [...this.#excess, ...this.#watched.values()];
    this.#excess = [];
    this.#watched.clear();
    this.#byUser.clear();
    return taken;
  }

  /** Removes and returns all messages of a user whose last socket closed. */
  closed(userId: UserId): Unacked[] {
    const taken = [...(this.#byUser.get(userId)?.values() ?? [])];
    for (const watched of taken) this.#giveUp(watched);
    return taken;
  }

  /** Also records that a message that was acked before its push was noted has been pushed. */
  #wasAcked(userId: UserId, messageId: MessageId): boolean {
    if (messageId > this.#newestAcked) return false;
    const key = keyOf(userId, messageId);
    if (this.#recentAcks.get(key) === true) return true;
    if (this.#strangeAcks.get(key) !== true) return false;
    this.#strangeAcks.delete(key);
    this.#recentAcks.set(key, true);
    return true;
  }

  #isAcked(key: string): boolean {
    return this.#recentAcks.get(key) === true || this.#strangeAcks.get(key) === true;
  }

  #giveUp(watched: Watched): void {
    this.#forget(watched);
    this.#givenUp.set(keyOf(watched.userId, watched.messageId), true);
  }

  #forget(watched: Watched): void {
    const { userId, messageId } = watched;
    this.#watched.delete(watched);
    const own = this.#byUser.get(userId);
    own?.delete(messageId);
    if (own?.size === 0) this.#byUser.delete(userId);
  }
}

/** Neither id contains a space. */
function keyOf(userId: UserId, messageId: MessageId): string {
  return `${messageId} ${userId}`;
}
