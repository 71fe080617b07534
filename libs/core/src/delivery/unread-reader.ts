import type { UserId } from '@chasqui/domain';
import type { ConversationStore, UnreadCache, UnreadCounts } from '@chasqui/ports';

/**
 * A user's exact unread counts: from the cache, or from the conversation store if the cache lacks them or is
 * unavailable (C8).
 */
export async function readUnread(
  { conversations, cache }: { conversations: Pick<ConversationStore, 'unread'>; cache: UnreadCache },
  userId: UserId,
): Promise<UnreadCounts> {
  const cached = await cache.get(userId).catch(() => null);
  if (cached !== null) return cached;
  const counts = await conversations.unread(userId);
  await cache.fill(counts).catch(() => {});
  return counts;
}
