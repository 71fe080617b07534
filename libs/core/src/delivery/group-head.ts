import { defined, isCurrent } from '@chasqui/domain';
import type { GroupHead } from '@chasqui/ports';
import type { ServerFrameOf } from '@chasqui/protocol';

/** A group in a list. */
export type GroupHeadFrame = ServerFrameOf<'groups'>['groups'][number];

/** A group as its member sees it in a list. Those who have left have no role and no counts. */
export function groupHead(entry: GroupHead): GroupHeadFrame {
  const { group, member, head, epoch, read } = entry;
  const { conversationId, name, picture, version, memberCount, lastMessageId, lastFrom, preview, updatedAt } = group;
  const isMember = isCurrent(member);
  const { role } = member;
  const standing = { mutedUntil: member.mutedUntil || undefined, dissolvedAt: group.dissolvedAt || undefined };
  return {
    ...{ conversationId, name, picture, version, memberCount, head, epoch, preview, updatedAt },
    ...(isMember ? { role, ...defined(standing) } : {}),
    ...defined({
      lastMessageId: lastMessageId || undefined,
      lastFrom: lastFrom || undefined,
      readUpTo: read.upTo || undefined,
    }),
    unread: isMember ? entry.unread : 0,
    mentions: isMember ? entry.mentions : 0,
  };
}
