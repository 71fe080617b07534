import type { UserId } from '@chasqui/domain';
import type { SessionStore, UnreadCache, UnreadCounts } from '@chasqui/ports';

/** A user's exact unread counts: from the cache, or from the sessions where the cache lacks them or is away (C8). */
export async function readUnread(
  { sessions, cache }: { sessions: SessionStore; cache: UnreadCache },
  userId: UserId,
): Promise<UnreadCounts> {
  const cached = await cache.get(userId).catch(() => null);
  if (cached !== null) return cached;
  const counts = await sessions.unread(userId);
  await cache.fill(counts).catch(() => {});
  return counts;
}
