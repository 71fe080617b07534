import type { ConversationId, MessageId, StoredMessage, UserId } from '@chasqui/domain';
import type { UnreadCounts, UnreadState } from './conversation-store.ts';

/**
 * A cache of unread counts; `ConversationStore.unread` is authoritative. Errors: `presence_unavailable`; the caller
 * then reads the store.
 */
export interface UnreadCache extends AsyncDisposable {
  /**
   * Sets absolute values. Shards write in parallel, so each conversation's count and the total have a position of their
   * own; a value whose position is not above the cached one is ignored. For a user that is not cached nothing is
   * cached, but the positions are remembered, so that `fill` ignores older counts read from the store.
   */
  set(states: readonly UnreadState[]): Promise<void>;
  /** Null: not cached; read the store and `fill`. */
  get(userId: UserId): Promise<UnreadCounts | null>;
  /**
   * Caches a user's counts as read from the store, except where newer ones are cached. They expire after a minute: if a
   * `set` never arrived (the cache was unavailable, and then its writer died), counts are wrong for no longer than
   * that.
   */
  fill(counts: UnreadCounts): Promise<void>;
  /** Forgets a user's counts (after a repair, for example). */
  drop(userId: UserId): Promise<void>;
}

/** A cache of messages that wait for offline users. Bounded per user and in total; the oldest are evicted first. */
export interface OfflineCache extends AsyncDisposable {
  add(userId: UserId, messages: readonly StoredMessage[]): Promise<void>;
  /** In the order of the ids; null: not cached. */
  get(userId: UserId, messageIds: readonly MessageId[]): Promise<(StoredMessage | null)[]>;
  drop(userId: UserId, messageIds: readonly MessageId[]): Promise<void>;
}

export interface DedupClaim {
  from: UserId;
  clientMessageId: string;
  conversationId: ConversationId;
  messageId: MessageId;
  /** A digest of recipient, kind and content. */
  digest: string;
}

/**
 * The first ids of recent messages. Only a hint: if it is lost, storing detects the duplicate. Errors:
 * `presence_unavailable`.
 */
export interface DedupHints extends AsyncDisposable {
  /**
   * For each claim, in order and atomically: stores it if its key is free, and returns the stored claim: this one or an
   * earlier one.
   */
  claim(claims: readonly DedupClaim[], ttlMs: number): Promise<DedupClaim[]>;
  /** What is stored under the keys of these, in order; null: nothing. Stores nothing. */
  find(claims: readonly DedupClaim[]): Promise<(DedupClaim | null)[]>;
}

/** Token buckets shared by all processes. Errors: `presence_unavailable` (the caller lets the request through). */
export interface RateLimits extends AsyncDisposable {
  /** Takes `cost` tokens from a bucket that refills at `perSecond` up to `burst`. 0: granted; else ms to wait. */
  take(key: string, cost: number, limit: { perSecond: number; burst: number }): Promise<number>;
}
