import { type KnownMember, readKnownMembers } from '@chasqui/core';
import {
  type ActionEvent,
  isCurrent,
  isGroupId,
  maySee,
  maySeeMessage,
  type StoredMessage,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import type { GroupStore } from '@chasqui/ports';

/** See `readStandings`. */
export type ReadStanding = (message: StoredMessage, by: UserId) => KnownMember | undefined;

/**
 * Reads what is needed to judge the events. The result gives the membership of somebody who acts on a message; nulls: the
 * message is in a direct conversation, or they are the system. Undefined: they may not act on it. Errors: `store_unavailable`.
 */
export async function readStandings(
  groups: Pick<GroupStore, 'groups' | 'members'>,
  events: readonly Pick<ActionEvent, 'conversationId' | 'by'>[],
): Promise<ReadStanding> {
  const keys = events
    .filter(({ conversationId }) => isGroupId(conversationId))
    .map(({ conversationId, by: userId }) => ({ conversationId, userId }));
  if (keys.length === 0) return inDirect;
  const known = await readKnownMembers(groups, keys);
  const places = new Map(
    keys.map(({ conversationId, userId }, index) => [`${conversationId} ${userId}`, known[index]]),
  );
  return (message, by) => {
    if (by === SYSTEM_USER) return OUTSIDE_GROUPS;
    const { conversationId, messageId } = message;
    if (!isGroupId(conversationId)) return inDirect(message, by);
    const { group, member } = places.get(`${conversationId} ${by}`) ?? {};
    if (group == null || group.dissolvedAt > 0 || !isCurrent(member)) return undefined;
    return maySeeMessage(group, member, messageId) ? { group, member } : undefined;
  };
}

const OUTSIDE_GROUPS: KnownMember = { group: null, member: null };

function inDirect(message: StoredMessage, by: UserId): KnownMember | undefined {
  return by === SYSTEM_USER || maySee(message, by) ? OUTSIDE_GROUPS : undefined;
}
