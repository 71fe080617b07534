import type { ConversationId, MessageId, StoredMessage, UserId } from '@chasqui/domain';
import type { UnreadCounts, UnreadState } from './conversation-store.ts';

/**
 * Unread counts, for speed only: `ConversationStore.unread` is the truth. Errors: `presence_unavailable`; the caller then
 * reads the truth.
 */
export interface UnreadCache extends AsyncDisposable {
  /**
   * Sets absolute values. A conversation's count and the total keep a position each, as shards write side by side: one
   * whose position is not above the kept one's is ignored. A user that is not cached stays so, but a truth that is
   * older than what was set meanwhile is then no longer taken by `fill`.
   */
  set(states: readonly UnreadState[]): Promise<void>;
  /** Null: not cached; read the truth and `fill` it. */
  get(userId: UserId): Promise<UnreadCounts | null>;
  /**
   * Caches a user's truth, but for what is there and newer. It is forgotten a minute later, so that a `set` that never
   * arrived (the cache was away, and then its writer died) misleads nobody for longer.
   */
  fill(counts: UnreadCounts): Promise<void>;
  /** Forgets a user's counts (after a repair, for example). */
  drop(userId: UserId): Promise<void>;
}

/** Bodies of messages that wait for someone offline, for speed only. Bounded per user and in all; the oldest go first. */
export interface OfflineCache extends AsyncDisposable {
  add(userId: UserId, messages: readonly StoredMessage[]): Promise<void>;
  /** In the order of the ids; null for one that is not cached. */
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

/** First ids of recent messages. A hint: when it is lost, storing finds the duplicate out. Errors: `presence_unavailable`. */
export interface DedupHints extends AsyncDisposable {
  /**
   * For each claim, in order and atomically: keeps it if its key is free, and returns what is kept: the claim itself or
   * an earlier one.
   */
  claim(claims: readonly DedupClaim[], ttlMs: number): Promise<DedupClaim[]>;
}

/** Token buckets shared by all processes. Errors: `presence_unavailable` (the caller lets the request through). */
export interface RateLimits extends AsyncDisposable {
  /** Takes `cost` tokens from a bucket that refills at `perSecond` up to `burst`. 0: granted; else ms to wait. */
  take(key: string, cost: number, limit: { perSecond: number; burst: number }): Promise<number>;
}
