import { readKnownMembers } from '@chasqui/core';
import {
  type ActionEvent,
  isCurrent,
  isGroupId,
  maySee,
  maySeeMessage,
  type Role,
  type StoredMessage,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';

/**
 * Reads what is needed to judge the events. The result gives the role of somebody who may act on a message: they see it,
 * and in a group they are a member now. Null: it is in a direct conversation. Undefined: they may not. Errors:
 * `store_unavailable`.
 */
export async function readRoles(
  groups: Pick<GroupStore, 'groups' | 'members'>,
  events: readonly ActionEvent[],
): Promise<(message: StoredMessage, by: UserId) => Role | null | undefined> {
  const keys = events
    .filter(({ conversationId }) => isGroupId(conversationId))
    .map(({ conversationId, by: userId }) => ({ conversationId, userId }));
  if (keys.length === 0) return inDirect;
  const known = await readKnownMembers(groups, keys);
  const places = new Map(
    keys.map(({ conversationId, userId }, index) => [`${conversationId} ${userId}`, known[index]]),
  );
  return (message, by) => {
    if (by === SYSTEM_USER) return null;
    const { conversationId, messageId } = message;
    if (!isGroupId(conversationId)) return inDirect(message, by);
    const { group, member } = places.get(`${conversationId} ${by}`) ?? {};
    if (group == null || group.dissolvedAt > 0 || !isCurrent(member)) return undefined;
    return maySeeMessage(group, member, messageId) ? member.role : undefined;
  };
}

function inDirect(message: StoredMessage, by: UserId): null | undefined {
  return by === SYSTEM_USER || maySee(message, by) ? null : undefined;
}
