import { BoundedMap, type Clock, type ConversationId, type Position, type UserId } from '@chasqui/domain';
import type { UnreadCache, UnreadCounts, UnreadState } from '@chasqui/ports';

export interface UnreadCacheOptions {
  /**
   * Maximum users and conversations, each counted as one; the least recently used users are evicted first. Default 1
   * 000 000.
   */
  maxEntries?: number;
  /** The clock for `maxAgeMs`. Default: counts do not expire. */
  clock?: Clock;
  /** Life of filled counts: bounds the effect of a lost update. Default 60 s. */
  maxAgeMs?: number;
}

interface Count {
  value: number;
  position: Position;
}

/** One user. Without `counts`, only a fence: counts read from the store before `position` come too late. */
interface Kept {
  position: Position;
  counts?: {
    /** Conversations without a count had nothing unread at this position. */
    filledAt: Position;
    /** On the monotonic clock. */
    endsAt: number;
    total: Count;
    byConversation: Map<ConversationId, Count>;
  };
}

function apply(kept: Kept, { conversationId, count, total, position }: UnreadState): void {
  kept.position = Math.max(kept.position, position);
  if (kept.counts === undefined) return;
  const { byConversation, filledAt } = kept.counts;
  if (position > (byConversation.get(conversationId)?.position ?? filledAt)) {
    byConversation.set(conversationId, { value: count, position });
  }
  if (position > kept.counts.total.position) kept.counts.total = { value: total, position };
}

function fill(kept: Kept, { total, byConversation, position }: UnreadCounts, endsAt: number): void {
  const { counts } = kept;
  if (position < (counts?.filledAt ?? kept.position)) return;
  const merged = new Map<ConversationId, Count>();
  for (const [conversationId, value] of Object.entries(byConversation)) merged.set(conversationId, { value, position });
  for (const [conversationId, count] of counts?.byConversation ?? []) {
    if (count.position > position) merged.set(conversationId, count);
  }
  const newerTotal = counts !== undefined && counts.total.position > position ? counts.total : undefined;
  kept.position = Math.max(kept.position, position);
  kept.counts = { filledAt: position, endsAt, total: newerTotal ?? { value: total, position }, byConversation: merged };
}

/** Unread counts in memory. */
export function createMemoryUnreadCache({
  maxEntries = 1_000_000,
  clock,
  maxAgeMs = 60_000,
}: UnreadCacheOptions = {}): UnreadCache {
  const now = () => clock?.monotonic() ?? 0;
  const users = new BoundedMap<UserId, Kept>(maxEntries, {
    weigh: ({ counts }) => 1 + (counts?.byConversation.size ?? 0),
  });
  // An entry is removed from the map while its weight changes.
  const take = (userId: UserId): Kept => {
    const kept = users.get(userId) ?? { position: 0 };
    users.delete(userId);
    return kept;
  };
  return {
    async set(states) {
      for (const state of states) {
        const kept = take(state.userId);
        apply(kept, state);
        users.set(state.userId, kept);
      }
    },
    async get(userId) {
      const counts = users.use(userId)?.counts;
      if (counts === undefined || counts.endsAt <= now()) return null;
      const byConversation: UnreadCounts['byConversation'] = {};
      for (const [conversationId, { value }] of counts.byConversation) {
        if (value > 0) byConversation[conversationId] = value;
      }
      return { userId, total: counts.total.value, byConversation, position: counts.total.position };
    },
    async fill(counts) {
      const kept = take(counts.userId);
      fill(kept, counts, now() + maxAgeMs);
      users.set(counts.userId, kept);
    },
    async drop(userId) {
      const kept = users.get(userId);
      if (kept !== undefined) users.set(userId, { position: kept.position });
    },
    async [Symbol.asyncDispose]() {},
  };
}
