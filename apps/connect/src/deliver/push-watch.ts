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
 * Remembers the messages that this node pushed, for each user whom it pushed them to, until a device of that user acks
 * (C9). `due` and `closed` hand back what was not acked, once. What one user acks says nothing about another.
 */
export class PushWatch {
  readonly #options: PushWatchOptions;
  /** In the order in which they were pushed, as all wait equally long. */
  readonly #watched = new ChurnMap<Watched, Watched>();
  readonly #byUser = new ChurnMap<UserId, Map<MessageId, Watched>>();
  /** What exceeds its user's share, until it is asked for. */
  #excess: Watched[] = [];
  // The keys of these are `keyOf`.
  /** Acked after this node pushed it. */
  readonly #recentAcks = new RecentMap<string, true>(RECENT_ACKS);
  /** Acked while nobody watched it: its push may be told later, or it may not exist. */
  readonly #strangeAcks = new RecentMap<string, true>(RECENT_ACKS);
  /** Handed back unacked. */
  readonly #givenUp = new RecentMap<string, true>(RECENT_ACKS);
  /** No ack of a message after it is remembered: most pushes are of newer ones, and need not look. */
  #newestAcked: MessageId = '';

  constructor(options: PushWatchOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#watched.size;
  }

  /** A message went to a socket of the user. One that is watched or was just acked changes nothing. */
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

  /** When it was pushed to the user, in monotonic ms; undefined: it is not watched. */
  acked(userId: UserId, messageId: MessageId): number | undefined {
    const watched = this.#byUser.get(userId)?.get(messageId);
    const key = keyOf(userId, messageId);
    if (watched === undefined && this.#isAcked(key)) return undefined;
    // Invented ids must not make the node forget the acks of real ones.
    (watched === undefined ? this.#strangeAcks : this.#recentAcks).set(key, true);
    if (messageId > this.#newestAcked) this.#newestAcked = messageId;
    if (watched !== undefined) this.#forget(watched);
    return watched?.pushedAt;
  }

  /** Whether this node pushed the message to the user a short while ago, acked or not. False says nothing. */
  knows(userId: UserId, messageId: MessageId): boolean {
    if (this.#byUser.get(userId)?.has(messageId)) return true;
    const key = keyOf(userId, messageId);
    return this.#recentAcks.get(key) === true || this.#givenUp.get(key) === true;
  }

  /** An ack came but could not be passed on: what was pushed is watched again. */
  lost(userId: UserId, messageId: MessageId, conversationId: ConversationId): void {
    const key = keyOf(userId, messageId);
    this.#strangeAcks.delete(key);
    if (this.#recentAcks.get(key) === undefined) return;
    this.#recentAcks.delete(key);
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
    const taken = [...(this.#byUser.get(userId)?.values() ?? [])];
    for (const watched of taken) this.#giveUp(watched);
    return taken;
  }

  /** Also notes of a message that was acked before its push was told that it was pushed. */
  #wasAcked(userId: UserId, messageId: MessageId): boolean {
    if (messageId > this.#newestAcked) return false;
    const key = keyOf(userId, messageId);
    if (this.#strangeAcks.get(key) === true) {
      this.#strangeAcks.delete(key);
      this.#recentAcks.set(key, true);
    }
    return this.#recentAcks.get(key) === true;
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
