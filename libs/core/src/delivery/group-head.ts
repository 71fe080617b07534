import { defined, isCurrent, maySeeMessage } from '@chasqui/domain';
import type { GroupHead } from '@chasqui/ports';
import type { ServerFrameOf } from '@chasqui/protocol';

export type GroupHeadBody = ServerFrameOf<'groups'>['groups'][number];

/**
 * A group as its member sees it in a list. Those who have left do not see what was sent after their time (C20): neither
 * the last message nor counts.
 */
export function groupHead({ group, member, head, epoch, read, unread, mentions }: GroupHead): GroupHeadBody {
  const { conversationId, name, picture, version, memberCount, lastMessageId, lastFrom, preview, updatedAt } = group;
  const { role, mutedUntil } = member;
  const isMember = isCurrent(member);
  const seesLast = lastMessageId !== '' && maySeeMessage(group, member, lastMessageId);
  return {
    ...{ conversationId, name, picture, version, memberCount, head, epoch },
    ...(isMember ? { role, ...(mutedUntil > 0 ? { mutedUntil } : {}) } : {}),
    ...(seesLast ? { lastMessageId, ...(lastFrom === '' ? {} : { lastFrom }) } : {}),
    preview: seesLast ? preview : '',
    ...defined({ readUpTo: read.upTo || undefined }),
    unread: isMember ? unread : 0,
    mentions: isMember ? mentions : 0,
    updatedAt,
  };
}
