import { type ConversationId, DEFAULT_LIMITS, isCurrent, type UserId } from '@chasqui/domain';
import type { ConversationStore, GroupStore, UnreadCache, UnreadCounts } from '@chasqui/ports';

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

export interface GroupUnread {
  total: number;
  /** Groups without unread messages are left out. */
  byConversation: { [conversationId: ConversationId]: number };
  /** Of these, the messages that mention the user. */
  mentions: { [conversationId: ConversationId]: number };
}

const HEADS = 200;
/** Pages that are read: enough for every group that a user may be in, and as many that they have left. */
const MAX_PAGES = (2 * DEFAULT_LIMITS.maxGroupsPerUser) / HEADS;

/** A user's exact unread counts in groups (C21). */
export async function readGroupUnread(groups: Pick<GroupStore, 'heads'>, userId: UserId): Promise<GroupUnread> {
  const counts: GroupUnread = { total: 0, byConversation: {}, mentions: {} };
  let before: { updatedAt: number; conversationId: ConversationId } | undefined;
  for (let page = 0; page < MAX_PAGES; page++) {
    const heads = await groups.heads(userId, { ...(before && { before }), limit: HEADS });
    for (const { group, member, unread, mentions } of heads) {
      if (!isCurrent(member) || unread === 0) continue;
      counts.total += unread;
      counts.byConversation[group.conversationId] = unread;
      if (mentions > 0) counts.mentions[group.conversationId] = mentions;
    }
    const last = heads.at(-1)?.group;
    if (heads.length < HEADS || last === undefined) break;
    before = { updatedAt: last.updatedAt, conversationId: last.conversationId };
  }
  return counts;
}
